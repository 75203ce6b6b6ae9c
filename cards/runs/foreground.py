"""Seeing a run through in a command's own process: its slices are done here unless a worker takes them first."""

import time
from collections.abc import Callable
from datetime import timedelta

from cards import clock
from cards.runs import lease
from cards.runs.engine import work_on
from cards.runs.models import Run, RunState
from cards.runs.queries import run_ahead_of
from cards.runs.tick import ring_overdue

POLL = 0.2
# A wait that is longer than this is said.
PATIENCE = timedelta(seconds=5)


def see_through(run: Run, *, say: Callable[[str], object] | None = None) -> None:
    """Return when the run has ended or waits for a person; `run` then shows how it is. Long waits are said once."""
    run.refresh_from_db()
    said = None
    while run.state in (*lease.WORKED_ON, RunState.WAITING):
        # A run that waits for its turn is helped on by working on the one before it.
        due = run_ahead_of(run) or run
        if due.lease_until is None and due.next_at is not None and due.next_at <= clock.shared():
            work_on(due.pk, due.task_id)
        else:
            ring_overdue()
            if say and due.next_at not in (None, said) and due.next_at > clock.shared() + PATIENCE:
                said = due.next_at
                why = f" ({due.reason})" if due.reason else ""
                say(f"Run {due.pk} goes on at {due.next_at:%H:%M:%S} UTC{why}.")
            time.sleep(POLL)
        run.refresh_from_db()
