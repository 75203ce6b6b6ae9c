"""Working on a run, one slice at a time: claim it, let its kind do what fits, and settle what comes next.

A slice holds a worker for a few seconds. A run that must wait is put back and rung again.
"""

import copy
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction

from cards import clock, traces
from cards.runs import lease, turns
from cards.runs.doorbell import ring
from cards.runs.kinds import kind_of
from cards.runs.lease import LeaseLost
from cards.runs.models import Asked, Run, RunState

log = structlog.get_logger()

# The one reason that is no kind's own.
UNEXPECTED = "unexpected"
DRAFT_LASTS = timedelta(hours=1)
DATABASE_RESTS = timedelta(seconds=5)
PROGRESS = ("total", "done", "unchanged", "lucca_calls", "memory")

# Set when this process was told to stop: slices end at their next batch.
stopping = threading.Event()


@dataclass(frozen=True)
class Done:
    """The run's work is complete."""


@dataclass(frozen=True)
class Prepared:
    """The plan of a preparing run is made: it becomes a draft and waits for a person's word."""


@dataclass(frozen=True)
class Again:
    """There is more to do, at `at` or as soon as a worker is free."""

    at: datetime | None = None


@dataclass(frozen=True)
class Stopped:
    """Something that concerns the whole run makes it end."""

    reason: str


Verdict = Done | Prepared | Again | Stopped


class Work:
    """What one slice of a run gets: the run, its transactions, and when to stop."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._began = time.monotonic()
        self._wrote_at = float("-inf")

    @property
    def seconds(self) -> float:
        """How long this slice has lasted."""
        return time.monotonic() - self._began

    @contextmanager
    def batch(self) -> Iterator[None]:
        """One transaction, fenced by the lease, that also saves the run's progress as set within it.

        Raises LeaseLost. If the block raises, nothing of it remains, neither in the database nor on `run`.
        """
        self._breathe()
        before = {name: copy.deepcopy(getattr(self.run, name)) for name in PROGRESS}
        try:
            with transaction.atomic():
                lease.renew(self.run)
                yield
                self.run.save(update_fields=PROGRESS)
        except BaseException:
            for name, value in before.items():
                setattr(self.run, name, value)
            raise
        self._wrote_at = time.monotonic()

    def _breathe(self) -> None:
        """Leave others their turn to write, as far as what was done since the last batch has not left it already.

        SQLite has one writer at a time, and no queue.
        """
        rest = self._wrote_at + settings.CARDS_BREATH_SECONDS - time.monotonic()
        if connection.vendor == "sqlite" and rest > 0:
            time.sleep(rest)

    def check(self) -> None:
        """Right before each call to Lucca: the run is ours, for longer than the call can last. Raises LeaseLost."""
        lease.renew(self.run)

    def is_wanted(self) -> bool:
        """False when this process is told to stop or a person asked to pause or cancel: finish the batch, go Again."""
        return (
            not stopping.is_set()
            and Run.objects.filter(pk=self.run.pk, lease_token=self.run.lease_token, asked="").exists()
        )

    def may_go_on(self) -> bool:
        """False when the slice's time is used up or the run is not wanted: finish the batch, go Again."""
        return self.seconds < settings.CARDS_SLICE_SECONDS and self.is_wanted()


def work_on(run_id: int, task_id: str) -> None:
    """Work on a run for one slice, if `task_id` is the task that may."""
    run = lease.claim(run_id, task_id)
    if run is None:
        return
    work = Work(run)
    try:
        # What a person asked of a worker that died is done before anything else; who is told to stop begins nothing.
        verdict = Again() if run.asked or stopping.is_set() else kind_of(run).work(work)
        _settle(work, verdict)
    except LeaseLost:
        log.warning("lease_lost", run=run.pk, kind=run.kind)
    except Exception as error:  # noqa: BLE001 - whatever it was, the run must go on or end and say so
        _settle(work, _verdict_on(error, run))


def _verdict_on(error: Exception, run: Run) -> Verdict:
    """What becomes of a run whose slice broke off."""
    about = {"run": run.pk, "kind": run.kind, "error": type(error).__name__, "code": traces.code_of(error)}
    if traces.is_away(error):
        # The database is busy or gone. If it stays so, settling raises too, the lease runs out, and the tick rings.
        log.warning("database_rests", **about)
        connection.close_if_unusable_or_obsolete()
        return Again(clock.now() + DATABASE_RESTS)
    log.error("run_failed", **about, frames=traces.frames(error))
    return Stopped(UNEXPECTED)


def _settle(work: Work, verdict: Verdict) -> None:
    """Give the lease back and do what the verdict says, in one transaction; nothing if the lease was lost."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=work.run.pk)
        if run.lease_token != work.run.lease_token or run.lease_until is None:
            log.warning("lease_lost", run=run.pk, kind=run.kind)
            return
        now = clock.shared()
        run.lease_holder, run.lease_until = "", None
        run.worked_seconds += work.seconds
        run.save(update_fields=["lease_holder", "lease_until", "worked_seconds"])
        if isinstance(verdict, Done):
            turns.end(run, RunState.FINISHED, now=now)
        elif isinstance(verdict, Stopped):
            turns.end(run, RunState.STOPPED, now=now, reason=verdict.reason)
        elif run.asked == Asked.CANCEL:
            turns.end(run, RunState.CANCELLED, now=now)
        elif isinstance(verdict, Prepared):
            turns.wait_for_word(run, until=now + DRAFT_LASTS)
        elif run.asked == Asked.PAUSE:
            turns.pause(run, now=now)
        else:
            ring(run.pk, at=verdict.at or now)
