"""Seeing a run through in a command's own process: its slices are done here unless a worker takes them first."""

import time

from cards import clock
from cards.runs import lease
from cards.runs.engine import work_on
from cards.runs.models import Run, RunState
from cards.runs.queries import run_ahead_of
from cards.runs.tick import ring_overdue

POLL = 0.2


def see_through(run: Run) -> None:
    """Return when the run has ended or waits for a person; `run` then shows how it is."""
    run.refresh_from_db()
    while run.state in (*lease.WORKED_ON, RunState.WAITING):
        # A run that waits for its turn is helped on by working on the one before it.
        due = run_ahead_of(run) or run
        if due.lease_until is None and due.next_at is not None and due.next_at <= clock.shared():
            work_on(due.pk, due.task_id)
        else:
            ring_overdue()
            time.sleep(POLL)
        run.refresh_from_db()
