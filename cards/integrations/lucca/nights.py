"""Each night Lucca is read and statistics are sent by itself; they are also sent at a person's word, to one person, and
all of it is taken back.

Nothing here decides what stands in Lucca (`field_plan`) or writes it (`push`).
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import CharField, Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from cards import clock
from cards.audit.actions import record
from cards.integrations.lucca import field_check
from cards.integrations.lucca.field_plan import PushAction, PushReason
from cards.integrations.lucca.models import LuccaAccount, Night, Receipt, StatisticsSettings
from cards.integrations.lucca.pace import A_MOMENT, may_write
from cards.integrations.lucca.plan_push import plan_push, plan_removal
from cards.integrations.lucca.push import InVain, calling, push_lines
from cards.integrations.lucca.schedule import closes_at, due_at, night_at, opens_at, paris_day
from cards.integrations.lucca.slices import with_account
from cards.integrations.lucca.statistics import settings_of
from cards.integrations.lucca.sync import REFRESH, UNDER_WAY, StopReason, account_of, refresh
from cards.people import outbox
from cards.people.models import MailKind, Role, User
from cards.runs import actions as runs
from cards.runs.engine import Again, Done, Prepared, Stopped, Verdict, Work
from cards.runs.models import ACTIVE, LineState, Run, RunLine, RunState

if TYPE_CHECKING:
    from django.db.models import QuerySet

PUSH, PUSH_NOW, PUSH_ONE, REMOVE = "push", "push_now", "push_one", "push_remove"
PUSHES = (PUSH, PUSH_NOW, PUSH_ONE)
# A night that is over says whom it did not reach, to the next one; nobody looks further back.
NIGHTS_KEPT = timedelta(days=31)
# So many nights in a row refused by Lucca end the nights until somebody saves the configuration.
REFUSED_NIGHTS = 3
STOP_OF = {
    PushReason.NO_RIGHT: StopReason.NO_RIGHT,
    PushReason.REJECTED: StopReason.FIELDS,
    PushReason.MISSING: StopReason.NOT_KEPT,
}


# --- slices: what the worker does -------------------------------------------------------------------


def work_push(work: Work) -> Verdict:
    """One slice of a push: at first the plan, then the people."""
    night = date.fromisoformat(work.run.options["night"]) if "night" in work.run.options else None
    until = closes_at(night) if night else None
    return with_account(work, lambda account: _push(work, account, night), until=until)


def _push(work: Work, account: LuccaAccount, night: date | None) -> Verdict:
    settings, memory = settings_of(account), work.run.memory
    if not settings.is_on:
        return Stopped(StopReason.SWITCHED_OFF)
    if settings.faults and "checked" not in memory:
        # They may have been mended since.
        with calling(work, account) as (client, calls):
            field_check.look(client, settings)
        with work.batch():
            memory["checked"] = True
            work.run.lucca_calls += calls.taken()
    if settings.faults:
        return Stopped(StopReason.FIELDS)
    if not plan_push(work, account, settings, night):
        return Again()
    return _carry_out(work, account, settings, night)


def _carry_out(work: Work, account: LuccaAccount, settings: StatisticsSettings, night: date | None) -> Verdict:
    if not may_write(work, account):
        return Again(clock.now() + A_MOMENT)
    try:
        is_done = push_lines(work, account, settings, closes_at=closes_at(night) if night else None)
    except InVain as vain:
        if vain.reason is PushReason.REJECTED:
            field_check.check(account, settings)
        return Stopped(STOP_OF[vain.reason])
    if not is_done:
        return Again()
    return Stopped(StopReason.NIGHT_OVER) if work.run.memory.get("left_over") else Done()


def work_removal(work: Work) -> Verdict:
    """One slice of taking back what Cards wrote: the plan waits for a person's word, unless one gave it for one file;
    then its lines are carried out, and those of files that were written since."""

    def advance(account: LuccaAccount) -> Verdict:
        if work.run.state == RunState.PREPARING:
            plan_removal(work, account)
            return Prepared()
        if "is_whole" not in work.run.memory:
            # No other run of the account is at work from here on.
            work.run.memory["is_whole"] = True
            plan_removal(work, account)
        return _carry_out(work, account, settings_of(account), None)

    return with_account(work, advance)


# --- the nights -------------------------------------------------------------------------------------


def begin_nights() -> None:
    """Begin the reading and the push of each account whose night has come. Safe to do twice, by several at once (R77).

    The push waits for its turn until the reading has ended, whatever came of it.
    """
    now = clock.shared()
    night = night_at(now)
    if night is None:
        return
    for account in _not_read(night):
        if due_at(account.pk, night) <= now:
            refresh(account, by=None)
    due = (
        StatisticsSettings.objects.filter(is_on=True, stopped_at=None)
        .filter(account__space__activations__integration="lucca")
        .exclude(account__nights__on=night)
        .select_related("account__space")
    )
    for settings in due:
        if due_at(settings.account_id, night) <= now:
            begin_night(settings.account, night)


def _not_read(night: date) -> "QuerySet[LuccaAccount]":
    """The accounts that nobody has begun to read since that night began; one under way counts, none set aside."""
    subject = Concat(Value("lucca:"), Cast(OuterRef("pk"), CharField()))
    readings = Run.objects.filter(
        Q(created_at__range=(opens_at(night), closes_at(night))) | Q(state__in=UNDER_WAY),
        kind=REFRESH,
        subject=subject,
    )
    return LuccaAccount.objects.filter(~Exists(readings), space__activations__integration="lucca")


def begin_night(account: LuccaAccount, night: date) -> Run | None:
    """The nightly push of that day, or None when somebody has begun it already: the database holds it to one."""
    try:
        with transaction.atomic():
            begun = Night.objects.create(account=account, on=night)
            begun.run = _begin(account, PUSH, by=None, night=night.isoformat())
            begun.save(update_fields=["run"])
    except IntegrityError:  # one_push_a_night
        return None
    return begun.run


def prune_nights() -> None:
    """Forget that the nights of former months were begun. Their runs are kept as long as other runs."""
    Night.objects.filter(on__lt=paris_day(clock.now()) - NIGHTS_KEPT).delete()


def end_night(run: Run) -> None:
    """When a nightly push has ended: three nights in a row that Lucca refused stop the nights and tell the owners."""
    account = account_of(run)
    settings = StatisticsSettings.objects.select_for_update().filter(account=account).first()
    if account is None or settings is None:
        return
    was_refused = _was_refused(run)
    if was_refused is False:
        settings.refused_nights = 0
    elif was_refused:
        settings.refused_nights += 1
        if settings.refused_nights >= REFUSED_NIGHTS and settings.stopped_at is None:
            settings.stopped_at = clock.now()
            owners = User.objects.filter(space=account.space, role=Role.OWNER, is_active=True)
            outbox.tell(users=owners, kind=MailKind.NIGHTS_STOPPED)
            record("lucca.nights_stopped", space=account.space, by=None, target=account.host)
    settings.save(update_fields=["refused_nights", "stopped_at"])


def _was_refused(run: Run) -> bool | None:
    """Whether Lucca refused the key (401), or let it write nobody (403). None when that cannot be told: it was not
    asked or did not answer, or it has let it write others, and those alone were to be written whom it refused the
    night before too."""
    if run.reason in (StopReason.REFUSED, StopReason.NO_RIGHT):
        return True
    lines = run.lines.filter(action=PushAction.SEND)
    refused = lines.filter(reason=PushReason.NO_RIGHT)
    if lines.filter(state=LineState.DONE).exists():
        return False
    if not refused.exists():
        return False if run.state == RunState.FINISHED and run.lucca_calls else None
    has_let_others = Receipt.objects.filter(space=run.space_id, is_proven=True).exists()
    return refused.exclude(facts__has_key="failed_before").exists() or not has_let_others or None


# --- beginnings: what a person asks for -------------------------------------------------------------


def current_push(account: LuccaAccount) -> Run | None:
    """The push under way, whoever began it."""
    return Run.objects.filter(subject=account.subject, kind__in=PUSHES, state__in=ACTIVE).order_by("pk").first()


def current_removal(account: LuccaAccount) -> Run | None:
    """The removal that was started and has not ended."""
    started = (RunState.WAITING, RunState.RUNNING, RunState.PAUSED)
    return Run.objects.filter(subject=account.subject, kind=REMOVE, state__in=started).order_by("pk").first()


class Files(NamedTuple):
    """On how many files in Lucca a push or removal has done its work, and at how many it failed."""

    done: int
    failed: int


def files_of(started: Sequence[Run]) -> dict[int, Files]:
    """The files of each of these pushes and removals, by run (two queries).

    A file from which rows under two codes were removed counts once.
    """
    lines = RunLine.objects.order_by()
    not_done = lines.filter(run__in=started, state__in=[LineState.FAILED, LineState.STALE]).values_list("run", "state")
    counted = {tuple(of): number for *of, number in not_done.annotate(number=Count("lucca_id", distinct=True))}
    removals = lines.filter(run__in=[run for run in started if run.kind == REMOVE], state=LineState.DONE)
    removed = dict(removals.values_list("run").annotate(number=Count("lucca_id", distinct=True)))
    files = {}
    for run in started:
        failed, stale = (counted.get((run.pk, state), 0) for state in (LineState.FAILED, LineState.STALE))
        done = removed.get(run.pk, 0) if run.kind == REMOVE else run.done - failed - stale
        files[run.pk] = Files(done, failed)
    return files


def not_sent(latest: Sequence[Run], lucca_ids: Collection[str]) -> dict[str, RunLine]:
    """The lines that say why nothing was sent for these collaborators, by Lucca id.

    Of the last push to everybody among the `latest` runs, and of those to one person since.
    """
    pushes = [run for run in latest if run.kind in PUSHES]
    of_one = list(takewhile(lambda run: run.kind == PUSH_ONE, pushes))
    lines = RunLine.objects.filter(run__in=pushes[: len(of_one) + 1], lucca_id__in=lucca_ids)
    told = lines.filter(Q(state__in=[LineState.FAILED, LineState.SKIPPED]) | Q(run__in=of_one)).order_by("run_id")
    last = {line.lucca_id: line for line in told}
    return {lucca_id: line for lucca_id, line in last.items() if line.reason}


def send_now(account: LuccaAccount, *, by: User | None) -> Run:
    """Send to everybody whose results changed, or go along with the push under way."""
    with transaction.atomic():
        LuccaAccount.objects.select_for_update().get(pk=account.pk)
        under_way = current_push(account)
        if under_way is not None and under_way.kind != PUSH_ONE:
            return under_way
        run = _begin(account, PUSH_NOW, by=by)
        record("lucca.push_started", space=account.space, by=by, target=f"run {run.pk}")
    return run


def send_one(account: LuccaAccount, lucca_id: str, *, by: User | None) -> Run:
    """Send to one collaborator, whether or not something changed: the file is read, and what is missing is written."""
    run = _begin(account, PUSH_ONE, by=by, only=lucca_id)
    record("lucca.push_started", space=account.space, by=by, target=f"run {run.pk}", only=lucca_id)
    return run


def plan_removing(account: LuccaAccount, *, by: User) -> Run:
    """Begin the draft of taking back everything that Cards wrote; its plan is shown, and nothing is done yet."""
    return runs.create_run(space=account.space, by=by, kind=REMOVE, subject=account.subject, options={})


def start_removing(*, run: Run, by: User) -> None:
    """A person's word: the planned rows are removed, and so that they stay away, the synchronization is off."""
    with transaction.atomic():
        runs.start(run=run)
        StatisticsSettings.objects.filter(account=account_of(run)).update(is_on=False)
        record("lucca.removal_started", space=run.space, by=by, target=f"run {run.pk}")


def remove_from_one(account: LuccaAccount, lucca_id: str, *, by: User) -> Run:
    """Take from one file the rows of others than its linked user, as a mended link left them. Nothing else changes."""
    run = _begin(account, REMOVE, by=by, only=lucca_id)
    record("lucca.rows_removed_from_one", space=account.space, by=by, target=f"employee {lucca_id}", run=run.pk)
    return run


def _begin(account: LuccaAccount, kind: str, *, by: User | None, **options: str) -> Run:
    return runs.create_run(
        space=account.space, by=by, kind=kind, subject=account.subject, options=options, state=RunState.WAITING
    )
