"""The sync, arranged: the kinds of run, why they stop, and how those of an account are begun."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

from cards import clock
from cards.audit.actions import record
from cards.integrations.lucca.counters import IMPORTS_OF_EVERYBODY
from cards.integrations.lucca.models import LuccaAccount
from cards.integrations.lucca.plan import ImportOptions
from cards.integrations.lucca.prepare import plan_department, plan_some
from cards.integrations.lucca.sides import departments_seen, importable
from cards.people import outbox
from cards.people.models import User
from cards.runs import actions as runs
from cards.runs import turns
from cards.runs.doorbell import ring
from cards.runs.models import ACTIVE, Run, RunState

REFRESH, IMPORT_USERS, IMPORT_USER = "refresh", "import_users", "import_user"
IMPORT_DEPARTMENTS, IMPORT_DEPARTMENT = "import_departments", "import_department"
OF_DEPARTMENTS = (IMPORT_DEPARTMENTS, IMPORT_DEPARTMENT)
IMPORTS = (IMPORT_USERS, IMPORT_USER, *OF_DEPARTMENTS)
UNDO = "undo"
# A reading that somebody set aside holds up no other: the next one takes its place.
UNDER_WAY = (RunState.WAITING, RunState.RUNNING)
# Opening a tab reads Lucca again when the directory is older than this; an import, than that.
OLD_FOR_A_TAB = timedelta(hours=1)
OLD_FOR_AN_IMPORT = timedelta(minutes=1)


class StopReason(StrEnum):
    """Why a run stopped before its end."""

    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    UNINTELLIGIBLE = "unintelligible"
    NOT_CONNECTED = "not_connected"
    OTHER_LUCCA = "other_lucca"
    DEACTIVATED = "deactivated"
    NO_SSO = "no_sso"
    KEY_UNREADABLE = "key_unreadable"
    # Of pushes alone.
    SWITCHED_OFF = "switched_off"
    FIELDS = "fields"
    NO_RIGHT = "no_right"
    NOT_KEPT = "not_kept"
    NIGHT_OVER = "night_over"


def account_of(run: Run) -> LuccaAccount | None:
    accounts = LuccaAccount.objects.select_related("space").filter(space=run.space_id)
    return accounts.filter(pk=run.subject.removeprefix("lucca:")).first()


def is_older(account: LuccaAccount, age: timedelta) -> bool:
    """Whether Lucca was read longer ago than `age`, or at an hour to come: before the clock stepped back."""
    return account.refreshed_at is None or abs(clock.now() - account.refreshed_at) > age


def current_refresh(account: LuccaAccount) -> Run | None:
    """The reading under way, if there is one."""
    return Run.objects.filter(subject=account.subject, kind=REFRESH, state__in=UNDER_WAY).first()


def silent_until(run: Run | None) -> datetime | None:
    """When Lucca, which does not answer this run, is asked again; None unless it is silent."""
    return run.next_at if run is not None and not run.has_ended and run.memory.get("silences") else None


def last_refresh(account: LuccaAccount) -> Run | None:
    """The latest reading, whatever came of it."""
    return Run.objects.filter(subject=account.subject, kind=REFRESH).order_by("-pk").first()


def reading_for_a_tab(account: LuccaAccount) -> Run | None:
    """The reading under way; begun now when the directory is old, unless the last one stopped or was not believed."""
    under_way = current_refresh(account)
    if under_way is not None or not is_older(account, OLD_FOR_A_TAB) or account.doubt:
        return under_way
    last = last_refresh(account)
    has_failed = last is not None and last.state == RunState.STOPPED and last.reason != StopReason.OTHER_LUCCA
    return None if has_failed else refresh(account, by=None)


def current_import(account: LuccaAccount, kind: str = IMPORT_USERS) -> Run | None:
    """The import of everybody, or of all departments, that is being worked on, waits or is paused."""
    started = (RunState.WAITING, RunState.RUNNING, RunState.PAUSED)
    return Run.objects.filter(subject=account.subject, kind=kind, state__in=started).order_by("pk").first()


def refresh(account: LuccaAccount, *, by: User | None, believe: bool = False) -> Run:
    """Begin to read Lucca, or go along with the reading under way, which then asks a silent Lucca at once.

    `believe` is a person's word that what Lucca shows is right, however much less it is than before.
    """
    with transaction.atomic():
        # First the reading, then the account: as its worker holds them.
        readings = Run.objects.select_for_update().filter(subject=account.subject, kind=REFRESH, state__in=ACTIVE)
        set_aside = [each for each in readings if each.state == RunState.PAUSED]
        account = LuccaAccount.objects.select_for_update().get(pk=account.pk)
        for each in set_aside:
            turns.end(each, RunState.CANCELLED, now=clock.shared())
        run = current_refresh(account)
        if run is not None and run.memory.get("host", account.host) != account.host:
            # It waits for the Lucca of before.
            turns.end(run, RunState.STOPPED, now=clock.shared(), reason=StopReason.OTHER_LUCCA)
            run = None
        if run is None:
            return runs.create_run(
                space=account.space,
                by=by,
                kind=REFRESH,
                subject=account.subject,
                options={"believe": believe},
                state=RunState.WAITING,
            )
        if believe:
            Run.objects.filter(pk=run.pk).update(options={"believe": True})
        if silent_until(run):
            ring(run.pk, at=clock.shared())
    return run


def plan_import(
    account: LuccaAccount,
    *,
    by: User | None,
    options: ImportOptions,
    only: str | None = None,
    kind: str = IMPORT_USERS,
    instead_of: int | None = None,
) -> Run:
    """Begin the draft of importing everybody or all departments, or `only` one by Lucca id (R18, R31).

    Its plan is shown once it is there. `instead_of` is a plan that it replaces: Lucca is read however lately that
    was done, and whom that plan left out by hand this one leaves out too.
    """
    with transaction.atomic():
        run = runs.create_run(space=account.space, by=by, kind=kind, subject=account.subject, options=asdict(options))
        wishes = {"only": only, "instead_of": instead_of}
        run.memory = {name: wish for name, wish in wishes.items() if wish is not None}
        run.save(update_fields=["memory"])
    return run


def import_one(account: LuccaAccount, lucca_id: str, *, by: User, options: ImportOptions) -> Run | None:
    """Import one collaborator: the same, with a plan of one line and no page before it (R19).

    None when the directory does not show such a person. The run starts at once; a person who cannot be imported
    gives a run whose only line says why.
    """
    employees = importable(account).filter(lucca_id=lucca_id)
    if not employees.exists():
        return None
    with _planned_at_once(account, IMPORT_USER, by=by, options=options) as run:
        plan_some(run, account, employees=employees)
    return run


def import_department(account: LuccaAccount, lucca_id: str, *, by: User, options: ImportOptions) -> Run | None:
    """Import one department: its group and its people, at once (R32). None when the directory does not show it."""
    department = departments_seen(account).filter(lucca_id=lucca_id).first()
    if department is None:
        return None
    with _planned_at_once(account, IMPORT_DEPARTMENT, by=by, options=options) as run:
        plan_department(run, account, department=department)
    return run


def plan_again(account: LuccaAccount, run: Run, *, by: User) -> Run:
    """Begin a draft in place of the plan `run`, by the same choices: Lucca is read anew before.

    Asked for twice, it is one. NotPossible for what is not the plan of an import, or was started.
    """
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run.pk)
        if run.kind not in IMPORTS_OF_EVERYBODY or run.state not in (RunState.DRAFT, RunState.EXPIRED):
            raise runs.NotPossible(runs.Hindrance.ENDED if run.has_ended else runs.Hindrance.STARTED)
        same = Run.objects.filter(subject=run.subject, kind=run.kind, created_by=by, state=RunState.PREPARING)
        return same.filter(memory__instead_of=run.pk).first() or plan_import(
            account,
            by=by,
            options=ImportOptions(**run.options),
            only=run.memory.get("only"),
            kind=run.kind,
            instead_of=run.pk,
        )


@contextmanager
def _planned_at_once(account: LuccaAccount, kind: str, *, by: User, options: ImportOptions) -> Iterator[Run]:
    """A run whose plan is written within the block, and which is started at its end."""
    with transaction.atomic():
        run = runs.create_run(
            space=account.space,
            by=by,
            kind=kind,
            subject=account.subject,
            options=asdict(options),
            state=RunState.DRAFT,
        )
        run.memory["host"] = account.host
        yield run
        run.save()
        start_import(run=run, by=by)


class UnderWay(Exception):
    """The same import of everybody is at work or waits already: `run`."""

    def __init__(self, run: Run) -> None:
        super().__init__(f"run {run.pk}")
        self.run = run


def start_import(*, run: Run, by: User | None) -> None:
    """A person's word: exactly the planned lines are carried out (R18 to R24). Of two at once one is: UnderWay."""
    with transaction.atomic():
        accounts = LuccaAccount.objects.select_for_update().filter(space=run.space_id)
        account = accounts.filter(pk=run.subject.removeprefix("lucca:")).first()
        other = current_import(account, run.kind) if account and run.kind in IMPORTS_OF_EVERYBODY else None
        if other and other.pk != run.pk and other.state != RunState.PAUSED:
            raise UnderWay(other)
        runs.start(run=run)
    action = "lucca.undo_started" if run.kind == UNDO else "lucca.import_started"
    record(action, space=run.space, by=by, target=f"run {run.pk}", **run.options)


def plan_undo_of(run: Run, *, by: User) -> Run:
    """Begin the draft of undoing an import that has ended. NotPossible for anything else."""
    if run.kind not in IMPORTS or not run.has_ended:
        raise runs.NotPossible(runs.Hindrance.NOT_READY)
    with transaction.atomic():
        undo = runs.create_run(space=run.space, by=by, kind=UNDO, subject=run.subject, options={})
        undo.memory = {"of": run.pk, "host": run.memory.get("host")}
        undo.save(update_fields=["memory"])
    return undo


def send_mails(*, run: Run, by: User) -> None:
    """A person's word: the run's invitations leave now."""
    outbox.send_now(run.pk)
    record("lucca.invitations_released", space=run.space, by=by, target=f"run {run.pk}")


def withhold_mails(*, run: Run, by: User) -> None:
    """A person's word: what has not left of the run's invitations does not leave."""
    number = outbox.withdraw_run(run.pk)
    record("lucca.invitations_withdrawn", space=run.space, by=by, target=f"run {run.pk}", number=number)
