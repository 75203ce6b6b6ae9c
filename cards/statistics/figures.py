"""What many people's attempts add up to, by set-based SQL over the attempts that count. Never writes.

An attempt holds its own numbers, so nothing here adds up chapters or answers. Scores are worked out from the columns
of one index: SQLite does not read generated columns out of an index.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from cards.people.models import Group, Membership, User
from cards.statistics.compute import floored_mean
from cards.trainings.models import SCORE, Attempt, Training
from cards.trainings.queries import audience_of


@dataclass
class Figures:
    """How many people have started, how many of them completed, and the scores of those who did."""

    started: int = 0
    completed: int = 0
    scored: int = 0
    score_total: int = 0
    # Day → completions, and day → (scores, their total), for the charts.
    completed_on: dict[date, int] = field(default_factory=dict)
    scores_on: dict[date, tuple[int, int]] = field(default_factory=dict)

    @property
    def in_progress(self) -> int:
        return self.started - self.completed

    @property
    def average_score(self) -> int | None:
        return floored_mean(self.score_total, self.scored)

    def add(self, day: date | None, number: int, scored: int, score_total: int) -> None:
        """Count `number` attempts that were completed on `day` (None: in progress)."""
        self.started += number
        if day is None:
            return
        self.completed += number
        self.scored += scored
        self.score_total += score_total
        self.completed_on[day] = self.completed_on.get(day, 0) + number
        before = self.scores_on.get(day, (0, 0))
        self.scores_on[day] = (before[0] + scored, before[1] + score_total)


def figures_by_training(trainings: Collection[int], group: Group | None = None) -> dict[int, Figures]:
    """Training id → figures, of everybody or of the members of `group`; one query."""
    rows = (
        _counted(group)
        .filter(training__in=trainings)
        .order_by()
        .values_list("training_id", "completed_on")
        .annotate(number=Count("pk"), scored=Count(SCORE), score_total=Sum(SCORE))
    )
    found = {training: Figures() for training in trainings}
    for training, day, number, scored, score_total in rows:
        found[training].add(day, number, scored, score_total or 0)
    return found


def figures_by_group(groups: Collection[int]) -> dict[int, Figures]:
    """Group id → figures of its members over all trainings, without days; one query."""
    is_complete = Q(completed_on__isnull=False)
    rows = (
        Attempt.objects.filter(is_counted=True, user__memberships__group__in=groups)
        .order_by()
        .values_list("user__memberships__group")
        .annotate(
            started=Count("pk"),
            completed=Count("completed_on"),
            scored=Count(SCORE, filter=is_complete),
            score_total=Sum(SCORE, filter=is_complete),
        )
    )
    found = {group: Figures() for group in groups}
    for group, started, completed, scored, score_total in rows:
        found[group] = Figures(started, completed, scored, score_total or 0)
    return found


def figures_by_user(users: Collection[int]) -> dict[int, Figures]:
    """User id → figures over all trainings; one query."""
    found = {user: Figures() for user in users}
    attempts = Attempt.objects.filter(is_counted=True, user__in=users).order_by()
    for user, day, score in attempts.values_list("user_id", "completed_on", "score"):
        found[user].add(day, 1, score is not None, score or 0)
    return found


def scores(training: Training, group: Group | None = None) -> dict[int, int]:
    """Score → how many completed attempts came to it; one query."""
    completed = _counted(group).filter(training=training, completed_on__isnull=False, maximum_points__gt=0)
    return dict(completed.order_by().values_list(SCORE).annotate(number=Count("pk")))


def not_started(training: Training, group: Group | None = None) -> QuerySet[User]:
    """The active users whom the training is given to and who have not started it."""
    audience = audience_of(training).filter(~_has_attempt(training))
    return audience if group is None else audience.filter(_is_member(group))


def concerned(training: Training, group: Group | None = None) -> QuerySet[User]:
    """Everybody whom the training is given to or who has started it."""
    users = User.objects.filter(space=training.space_id)
    if training.is_for_everyone:
        concerned = users.filter(Q(is_active=True) | _has_attempt(training))
    else:
        is_given = Exists(
            Membership.objects.filter(user=OuterRef("pk"), user__is_active=True, group__trainings=training)
        )
        concerned = users.filter(is_given | _has_attempt(training))
    return concerned if group is None else concerned.filter(_is_member(group))


def with_standing(users: QuerySet[User], training: Training, standing: str) -> QuerySet[User]:
    """Of `users`, those who have completed the training, are in the middle of it, or have not started it."""
    if standing == "completed":
        return users.filter(_has_attempt(training, completed_on__isnull=False))
    if standing == "in_progress":
        return users.filter(_has_attempt(training, completed_on=None))
    if standing == "not_started":
        return users.filter(~_has_attempt(training))
    return users


def _counted(group: Group | None) -> QuerySet[Attempt]:
    # `in` makes it a comparison that an index can look up, which a bare column is not to SQLite.
    attempts = Attempt.objects.filter(is_counted__in=[True])
    return attempts if group is None else attempts.filter(user__memberships__group=group)


def _has_attempt(training: Training, **conditions: object) -> Exists:
    return Exists(Attempt.objects.filter(user=OuterRef("pk"), training=training, is_counted=True, **conditions))


def _is_member(group: Group) -> Exists:
    return Exists(Membership.objects.filter(user=OuterRef("pk"), group=group))
