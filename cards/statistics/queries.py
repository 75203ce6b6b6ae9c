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
    rows = Attempt.objects.filter(training__space=space, user__space=space, user__in=user_ids).order_by()
    for user_id, training_id, number, done, chapters, points, maximum, completed_at in rows.values_list(
        "user_id", "training_id", "number", "chapters_done", "chapters", "points", "maximum_points", "completed_at"
    ):
        figures = AttemptFigures(number, done, chapters, points, maximum, completed_at)
        attempts[user_id, training_id].append(figures)
    found: dict[int, dict[int, TrainingStatistic]] = {}
    for (user_id, training_id), made in attempts.items():
        if standing := statistic(made):
            found.setdefault(user_id, {})[training_id] = standing
    return found
