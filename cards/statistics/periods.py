"""Days put together into weeks or months for the charts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cards.statistics.compute import floored_mean


class Period(StrEnum):
    """How far back a chart looks, and in which steps."""

    WEEKS = "weeks"  # the last twelve
    MONTHS = "months"  # the last twelve


@dataclass(frozen=True)
class Step:
    """What happened from `first` until the next step begins."""

    first: date
    completed: int
    average_score: int | None


def steps(
    period: Period, today: date, completed_on: Mapping[date, int], scores_on: Mapping[date, tuple[int, int]]
) -> list[Step]:
    """The twelve weeks (from Monday) or months up to `today`, oldest first.

    `scores_on` holds, for a day, how many of its completions have a score, and the total of these.
    """
    firsts = _firsts(period, today)
    completed = dict.fromkeys(firsts, 0)
    scores = dict.fromkeys(firsts, (0, 0))
    for day, number in completed_on.items():
        if (first := _first_of(period, day)) in completed:
            completed[first] += number
            scored, total = scores_on.get(day, (0, 0))
            scores[first] = (scores[first][0] + scored, scores[first][1] + total)
    return [Step(first, completed[first], floored_mean(scores[first][1], scores[first][0])) for first in firsts]


def _first_of(period: Period, day: date) -> date:
    return day.replace(day=1) if period is Period.MONTHS else day - timedelta(days=day.weekday())


def _firsts(period: Period, today: date) -> list[date]:
    firsts = [_first_of(period, today)]
    while len(firsts) < 12:
        firsts.append(_first_of(period, firsts[-1] - timedelta(days=1)))
    return firsts[::-1]


BANDS = 10


def bands(scores: Mapping[int, int]) -> list[int]:
    """How many scores fall into 0–9, 10–19, …, 90–100 per cent."""
    found = [0] * BANDS
    for score, number in scores.items():
        found[min(score // 10, BANDS - 1)] += number
    return found
