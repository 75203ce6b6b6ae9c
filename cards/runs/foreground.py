"""Seeing a run through in a command's own process: workers go first, and if none comes the command does the work."""

import time
from datetime import timedelta

from cards import clock
from cards.runs import lease
from cards.runs.engine import work_on
from cards.runs.models import Run, RunState
from cards.runs.queries import run_ahead_of
from cards.runs.tick import ring_overdue

# How long a worker has to answer before the command does the work itself.
PATIENCE = timedelta(seconds=1)
POLL = 0.1


def see_through(run: Run, *, patience: timedelta = PATIENCE) -> None:
    """Return when the run has ended or waits for a person; `run` then shows how it is."""
    while run.state in (*lease.WORKED_ON, RunState.WAITING):
        # A run that waits for its turn is helped on by working on the one before it.
        worked_on = run_ahead_of(run) or run
        if not lease.is_held(worked_on, now=clock.shared()):
            if worked_on.lease_until is not None:
                ring_overdue()
            elif worked_on.next_at is not None and worked_on.next_at + patience <= clock.shared():
                work_on(worked_on.pk, worked_on.task_id)
                run.refresh_from_db()
                continue
        time.sleep(POLL)
        run.refresh_from_db()
