"""What must happen as time goes by, without cron: every worker does it every few seconds, and twice does no harm.

Apps add their own chores; one that fails hinders no other.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from cards import clock, traces
from cards.runs import lease, turns
from cards.runs.budget import LONGEST_WAIT
from cards.runs.doorbell import is_heard, ring
from cards.runs.models import Run, RunState

log = structlog.get_logger()

# A task that nobody works on this long after its time is taken to be lost, unless it still waits in the queue.
GRACE = timedelta(seconds=10)

# How long expired drafts and the queue's finished tasks are kept.
KEPT = timedelta(days=1)

Chore = Callable[[], None]
_chores: dict[str, tuple[Chore, float]] = {}
_done_at: dict[str, float] = {}


def register_chore(name: str, chore: Chore, *, every: timedelta = timedelta(0)) -> None:
    """Have `chore` done at each tick, or once in `every` by each process; called from an app's `ready`.

    A chore reads the time from `cards.clock`, takes at most a few seconds, and may be done by several at once.
    """
    _chores[name] = (chore, every.total_seconds())


def tick(*, all_chores: bool = False) -> None:
    """Do what is due: drafts that expire, runs that nobody works on though somebody should, turns, and the chores.

    Raises OperationalError where the database is away, instead of failing at each of them.
    """
    with connection.cursor():
        pass
    _attempt("drafts", expire_drafts)
    _attempt("overdue", ring_overdue)
    _attempt("turns", give_turns)
    for name, (chore, every) in list(_chores.items()):
        last = _done_at.get(name)
        if all_chores or last is None or time.monotonic() - last >= every:
            _done_at[name] = time.monotonic()
            _attempt(name, chore)


def _attempt(name: str, chore: Chore) -> None:
    try:
        chore()
    except Exception as error:  # noqa: BLE001 - the other chores are due all the same
        # Never the message: it may hold personal data.
        log.error("chore_failed", chore=name, error=type(error).__name__, code=traces.code_of(error))  # noqa: TRY400


def expire_drafts() -> None:
    """End the drafts that nobody started in time."""
    drafts = Run.objects.filter(state=RunState.DRAFT, next_at__lte=clock.shared())
    for pk in drafts.values_list("pk", flat=True):
        with transaction.atomic():
            draft = drafts.select_for_update(skip_locked=True).filter(pk=pk).first()
            if draft is not None:
                turns.end(draft, RunState.EXPIRED, now=clock.shared())


def ring_overdue() -> None:
    """Ring again for runs whose worker died, and for those whose task was lost before a worker took the lease."""
    now = clock.shared()
    runs = Run.objects.filter(state__in=lease.WORKED_ON).filter(
        Q(lease_until__lte=now)
        | Q(lease_until__gt=now + 2 * lease.duration())
        | Q(lease_until__isnull=True, next_at__lte=now - GRACE)
        | Q(lease_until__isnull=True, next_at__gt=now + LONGEST_WAIT)
    )
    for pk in runs.values_list("pk", flat=True):
        with transaction.atomic():
            run = Run.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
            now = clock.shared()
            if run is not None and is_overdue(run, now=now):
                log.warning("rung_again", run=run.pk, kind=run.kind, died=run.lease_until is not None)
                # The token rises, so that whoever held the lease can write no more.
                run.lease_token += 1
                run.lease_holder, run.lease_until = "", None
                run.save(update_fields=["lease_holder", "lease_until", "lease_token"])
                ring(run.pk, at=now)


def is_overdue(run: Run, *, now: datetime) -> bool:
    """Whether somebody should be working on the run and nobody will, or only once the clock, which stepped back, is
    where it was."""
    if run.state not in lease.WORKED_ON or lease.is_held(run, now=now):
        return False
    if run.lease_until is not None:
        return True
    if run.next_at is None:
        return False
    return run.next_at > now + LONGEST_WAIT or (run.next_at <= now - GRACE and not is_heard(run))


def prune() -> None:
    """Delete what is of no more use: expired drafts, which name people, and the queue's tasks of former days."""
    before = clock.now() - KEPT
    Run.objects.filter(state=RunState.EXPIRED, ended_at__lt=before).delete()
    # A task whose worker died stays RUNNING for ever; what waits stays.
    DBTaskResult.objects.exclude(status=TaskResultStatus.READY).filter(enqueued_at__lt=before).delete()


def give_turns() -> None:
    """Start waiting runs whose turn came while nobody looked."""
    running = Run.objects.filter(subject=OuterRef("subject"), state=RunState.RUNNING)
    waiting = Run.objects.filter(~Exists(running), state=RunState.WAITING)
    for subject in waiting.order_by().values_list("subject", flat=True).distinct():
        with transaction.atomic():
            turns.let_next(subject, now=clock.shared())
