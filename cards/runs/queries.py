"""Looking at runs. Never writes."""

from dataclasses import dataclass

from django.db.models import Count

from cards import clock
from cards.runs import budget
from cards.runs.kinds import kind_of
from cards.runs.models import Run, RunState
from cards.runs.report import Tally


@dataclass(frozen=True)
class Progress:
    """How far a run is. `seconds_left` is None while nothing can be said about it."""

    done: int
    total: int
    seconds_left: float | None
    calls_left_this_minute: int | None


def run_ahead_of(run: Run) -> Run | None:
    """The run that a waiting run waits for."""
    if run.state != RunState.WAITING:
        return None
    return Run.objects.filter(subject=run.subject, state=RunState.RUNNING).first()


def progress(run: Run) -> Progress:
    """How far `run` is, and how long it will take at the pace it has had since its start."""
    seconds_left = None
    if run.state == RunState.RUNNING and run.started_at and run.done:
        pace = (clock.now() - run.started_at).total_seconds() / run.done
        seconds_left = pace * max(0, run.total - run.done)
    calls_to = kind_of(run).calls_to
    called = calls_to(run) if calls_to else None
    return Progress(
        done=run.done,
        total=run.total,
        seconds_left=seconds_left,
        calls_left_this_minute=budget.calls_left(called[0], limit=called[1]) if called else None,
    )


def tallies(run: Run) -> list[Tally]:
    """How many lines of the run there are of each action, state and reason."""
    rows = run.lines.order_by().values_list("action", "state", "reason").annotate(count=Count("pk"))
    return [Tally(*row) for row in rows]
