"""From what somebody did to what is said of it: the formulas of docs/statistics.md. Pure: no database, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class AttemptFigures:
    """One attempt: how much of the training was done, and the points of the questions that were answered.

    Attempts are numbered in the order of their starts; only the last can be open, with an empty `completed_at`. The
    figures of a completed attempt are those of its finish.
    """

    number: int
    chapters_done: int
    chapters: int
    points: int
    maximum_points: int
    completed_at: datetime | None


@dataclass(frozen=True)
class TrainingStatistic:
    """The standing of a user in a training: whole per cent, 100 meaning complete; no score where nothing was marked."""

    progress: int
    score: int | None
    last_completed_at: datetime | None


def progress(chapters_done: int, chapters: int) -> int:
    """Completed chapters ÷ chapters in whole per cent, floored: 100 is never reached by rounding."""
    return 100 * chapters_done // chapters if chapters else 0


def score(points: int, maximum_points: int) -> int | None:
    """Points ÷ maximum points in whole per cent, floored; None when nothing was answered."""
    return 100 * points // maximum_points if maximum_points else None


def statistic(attempts: Iterable[AttemptFigures]) -> TrainingStatistic | None:
    """Where somebody stands in one training; None when they never started it.

    The attempt that was completed last is what counts; as long as there is none, the open one.
    """
    counted = max(attempts, key=lambda attempt: (attempt.completed_at is not None, attempt.number), default=None)
    if counted is None:
        return None
    return TrainingStatistic(
        progress(counted.chapters_done, counted.chapters),
        score(counted.points, counted.maximum_points),
        counted.completed_at,
    )


def floored_mean(total: int, number: int) -> int | None:
    """The mean of whole percentages, floored like them; None of nothing."""
    return total // number if number else None
