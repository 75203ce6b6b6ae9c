"""What the worker does of readings and imports in one slice, and what it makes of whatever Lucca does meanwhile."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from cards import clock
from cards.integrations.catalogue.queries import is_active
from cards.integrations.lucca.apply import apply_lines
from cards.integrations.lucca.connect import note_state, respect
from cards.integrations.lucca.counters import IMPORTS_OF_EVERYBODY
from cards.integrations.lucca.models import AccountState, LuccaAccount, RefreshPage
from cards.integrations.lucca.plan import ImportOptions
from cards.integrations.lucca.prepare import forget_plan, plan_departments, plan_users
from cards.integrations.lucca.read import OtherLuccaError, read_pages, take_over
from cards.integrations.lucca.sync import (
    IMPORT_DEPARTMENTS,
    OLD_FOR_AN_IMPORT,
    REFRESH,
    StopReason,
    account_of,
    is_older,
    silent_until,
)
from cards.integrations.lucca.ticks import leave_out_as_in
from cards.integrations.lucca.undo import note_counts
from cards.people import outbox
from cards.people.models import ConnectionMode
from cards.runs.engine import Again, Done, Prepared, Stopped, Verdict, Work
from cards.runs.models import Run, RunState
from cards.runs.tick import GRACE
from cards.seal import SealBrokenError
from lucca import LuccaError, Refused, Throttled, Unavailable, Unintelligible

# How often an import looks whether the reading that it waits for has ended.
A_MOMENT = timedelta(seconds=2)
# How long to wait before asking a silent Lucca again; after the last, the run stops, or keeps to it through its night.
PATIENCE = [timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900)]


def work_refresh(work: Work) -> Verdict:
    """One slice of a reading: Lucca → directory."""
    return with_account(work, lambda account: Done() if _refresh(work, account) else Again())


def work_import(work: Work) -> Verdict:
    """One slice of an import: at first the reading and the plan; once started, the lines."""

    def advance(account: LuccaAccount) -> Verdict:
        if work.run.state == RunState.PREPARING:
            if reading := _reading_before(work.run, account):
                with work.batch():
                    work.run.done, work.run.total = reading.done, reading.total
                return Again(clock.now() + A_MOMENT)
            return Prepared() if _prepare(work, account) else Again()
        options = ImportOptions(**work.run.options)
        if options.connection_mode == ConnectionMode.SSO and not account.space.sso_is_active:
            return Stopped(StopReason.NO_SSO)
        done = apply_lines(work, account, options)
        return Done() if done else Again()

    return with_account(work, advance)


def with_account(work: Work, advance: Callable[[LuccaAccount], Verdict], *, until: datetime | None = None) -> Verdict:
    """Let `advance` do its slice, and turn whatever Lucca does meanwhile into a verdict. A silent one is asked again
    for a while, or `until` then if that is later; one that gives what cannot be read, `until` then alone."""
    account = account_of(work.run)
    if account is None:
        return Stopped(StopReason.NOT_CONNECTED)
    if hindrance := _hindrance(work.run, account):
        return Stopped(hindrance)
    calls_before = work.run.lucca_calls
    try:
        verdict = advance(account)
    except SealBrokenError:
        return Stopped(StopReason.KEY_UNREADABLE)
    except OtherLuccaError:
        return Stopped(StopReason.OTHER_LUCCA)
    except LuccaError as error:
        verdict = _verdict_after(error, work, account, until)
        if not isinstance(error, Throttled):
            return verdict
    if account.state == AccountState.UNREACHABLE and work.run.lucca_calls > calls_before:
        note_state(account, AccountState.CONNECTED)
    return verdict


def _hindrance(run: Run, account: LuccaAccount) -> StopReason | None:
    if not is_active(account.space, "lucca"):
        return StopReason.DEACTIVATED
    # Ids of one company mean other people in another.
    is_other = run.memory.setdefault("host", account.host) != account.host
    return StopReason.OTHER_LUCCA if is_other else None


def _verdict_after(error: LuccaError, work: Work, account: LuccaAccount, until: datetime | None) -> Verdict:
    match error:
        case Throttled():
            respect(account.host, error)
            return Again(at=error.until)
        case Unavailable():
            return _wait_for_lucca(work, account, until, otherwise=StopReason.UNAVAILABLE)
        case Unintelligible() if until is not None:
            # Lucca, or what stands before it, shows a page of its own: by the end of the night it may be over.
            return _wait_for_lucca(work, account, until, otherwise=StopReason.UNINTELLIGIBLE)
        case Refused():
            if not LuccaAccount.objects.filter(pk=account.pk, encrypted_key=account.encrypted_key).exists():
                # Another key was saved while Lucca was asked with the former one.
                return Again()
            note_state(account, AccountState.REFUSED)
            return Stopped(StopReason.REFUSED)
        case _:
            return Stopped(StopReason.UNINTELLIGIBLE)


def _wait_for_lucca(work: Work, account: LuccaAccount, until: datetime | None, *, otherwise: StopReason) -> Verdict:
    silences = work.run.memory.get("silences", 0)
    note_state(account, AccountState.UNREACHABLE)
    again = clock.now() + PATIENCE[min(silences, len(PATIENCE) - 1)]
    if silences >= len(PATIENCE) and (until is None or again >= until):
        return Stopped(otherwise)
    with work.batch():
        work.run.memory["silences"] = silences + 1
    return Again(at=again)


def _refresh(work: Work, account: LuccaAccount) -> bool:
    memory = work.run.memory
    # A worker may have died right after it took over what was read.
    if "reading" not in memory:
        if not memory.get("read") and not read_pages(work, account):
            return False
        with work.batch():
            reading = take_over(work.run, account)
            memory["reading"] = asdict(reading) if reading else None
    note_state(account, AccountState.CONNECTED)
    return True


def _reading_before(run: Run, account: LuccaAccount) -> Run | None:
    """The run that was begun before this import and reads Lucca now: the import waits for what it finds.

    None once the directory is new enough, or the import reads by itself. A reading that no worker comes to, or that
    Lucca does not answer, is not waited for.
    """
    if run.lucca_calls or not _reads(run, account):
        return None
    now = clock.shared()
    reads = Q(kind=REFRESH, state=RunState.RUNNING) | Q(kind__in=IMPORTS_OF_EVERYBODY, state=RunState.PREPARING)
    is_worked_on = Q(lease_until__gt=now) | Q(next_at__gt=now - GRACE)
    before = Run.objects.filter(reads, is_worked_on, subject=account.subject, pk__lt=run.pk)
    reading = before.order_by("pk").first()
    return None if silent_until(reading) else reading


def _reads(run: Run, account: LuccaAccount) -> bool:
    """Whether the import reads Lucca before its plan: what is known is old, or a person wants it read anew."""
    return "reading" not in run.memory and ("instead_of" in run.memory or is_older(account, OLD_FOR_AN_IMPORT))


def _prepare(work: Work, account: LuccaAccount) -> bool:
    """Read Lucca if what is known is old or doubted, then write the plan."""
    memory = work.run.memory
    if _reads(work.run, account):
        if not _refresh(work, account):
            return False
        account.refresh_from_db()
    memory.setdefault("as_of", account.refreshed_at.isoformat() if account.refreshed_at else None)
    number = memory.setdefault("of_reading", account.refresh_number)
    is_whole = (plan_departments if work.run.kind == IMPORT_DEPARTMENTS else plan_users)(work, account)
    if not LuccaAccount.objects.filter(pk=account.pk, refresh_number=number).exists():
        # Another reading was taken over meanwhile: half of the plan goes by what was known before.
        forget_plan(work)
        return False
    if not is_whole:
        return False
    if "instead_of" in memory:
        with work.batch():
            leave_out_as_in(work.run, memory["instead_of"])
    return True


def end_reading(run: Run) -> None:
    """When a reading has ended, be it before its end: nothing of what it kept on the way stays."""
    RefreshPage.objects.filter(run=run).delete()


def end_import(run: Run) -> None:
    """When an import has ended, its reading has too; its mails may leave, after their hold. Those of a run that did
    not finish wait for a person's word, which nobody can say once Lucca is disconnected. What became of its lines is
    counted once, for the history."""
    end_reading(run)
    note_counts(run)
    if account_of(run) is None:
        outbox.withdraw_run(run.pk)
    elif run.state == RunState.FINISHED:
        outbox.release_run(run.pk, hold_seconds=settings.CARDS_MAIL_HOLD_SECONDS)
