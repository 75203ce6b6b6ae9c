"""Where people stand in their trainings, for whoever passes it on. Never writes."""

from collections import defaultdict
from collections.abc import Collection

from cards.spaces.models import Space
from cards.statistics.compute import AttemptFigures, TrainingStatistic, statistic
from cards.trainings.models import Attempt


def statistics_of(space: Space, user_ids: Collection[int]) -> dict[int, dict[int, TrainingStatistic]]:
    """User id → training id → standing, for the trainings of `space` that each of these users has started.

    One query. Users of another space and users who started nothing are not in the answer.
    """
    attempts: defaultdict[tuple[int, int], list[AttemptFigures]] = defaultdict(list)
    for attempt in Attempt.objects.filter(training__space=space, user__space=space, user__in=user_ids).order_by():
        attempts[attempt.user_id, attempt.training_id].append(figures_of(attempt))
    found: dict[int, dict[int, TrainingStatistic]] = {}
    for (user_id, training_id), made in attempts.items():
        if standing := statistic(made):
            found.setdefault(user_id, {})[training_id] = standing
    return found


def figures_of(attempt: Attempt) -> AttemptFigures:
    """What the formulas need of an attempt."""
    return AttemptFigures(
        attempt.number,
        attempt.chapters_done,
        attempt.chapters,
        attempt.points,
        attempt.maximum_points,
        attempt.completed_at,
    )
