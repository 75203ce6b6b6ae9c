"""Looking up trainings, to whom they are given, and how far attempts have come. Never writes."""

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cards.people.models import Group, Membership, User
from cards.spaces.models import Space
from cards.trainings.models import Answer, Attempt, Chapter, Choice, Picture, Question, Status, Training


def trainings_of(space: Space) -> QuerySet[Training]:
    """The trainings of `space` in their order, drafts too."""
    return Training.objects.filter(space=space)


def given_to(user: User) -> QuerySet[Training]:
    """What `user` may learn: published, and given to everyone or to a group of theirs."""
    of_a_group = Exists(Membership.objects.filter(user=user, group__trainings=OuterRef("pk")))
    return Training.objects.filter(Q(is_for_everyone=True) | Q(of_a_group), space=user.space, status=Status.PUBLISHED)


def audience_of(training: Training) -> QuerySet[User]:
    """The active users whom `training` is given to, published or not."""
    users = User.objects.filter(space=training.space_id, is_active=True)
    if training.is_for_everyone:
        return users
    return users.filter(Exists(Membership.objects.filter(user=OuterRef("pk"), group__trainings=training)))


def audience_sizes(space: Space, group: Group | None = None) -> dict[int, int]:
    """Training id → how many active users it is given to, of the whole space or of `group`; four queries."""
    users = User.objects.filter(space=space, is_active=True)
    if group is not None:
        users = users.filter(memberships__group=group)
    everyone = users.count()
    sizes = dict.fromkeys(trainings_of(space).filter(is_for_everyone=True).values_list("pk", flat=True), everyone)
    groups: dict[int, set[int]] = {}
    given = Training.groups.through.objects.filter(training__space=space, training__is_for_everyone=False)
    for training, given_group in given.values_list("training_id", "group_id"):
        groups.setdefault(training, set()).add(given_group)
    # Somebody in several groups counts once. Done here: a database sorts every pair of training and user for it.
    members: dict[int, set[int]] = {}
    rows = Membership.objects.filter(group__in=set().union(*groups.values()), user__is_active=True)
    if group is not None:
        rows = rows.filter(user__memberships__group=group)
    for its_group, user in rows.order_by().values_list("group_id", "user_id"):
        members.setdefault(its_group, set()).add(user)
    empty: set[int] = set()
    return sizes | {
        training: len(empty.union(*(members.get(each, empty) for each in its_groups)))
        for training, its_groups in groups.items()
    }


def may_see_picture(user: User, picture: Picture, *, is_editor: bool) -> bool:
    """Whether some training that `user` may open shows `picture`."""
    trainings = Training.objects.filter(space=user.space) if is_editor else given_to(user)
    return trainings.filter(Q(picture=picture) | Q(chapters__picture=picture)).exists()


def chapters_with_quizzes(training: Training) -> list[Chapter]:
    """The chapters in their order, each with its questions and their choices; three queries."""
    questions = Question.objects.prefetch_related(Prefetch("choices", queryset=Choice.objects.order_by("position")))
    return list(
        training.chapters.order_by("position", "pk").prefetch_related(Prefetch("questions", queryset=questions))
    )


def open_attempt(user: User, training: Training) -> Attempt | None:
    """The attempt that `user` can go on with."""
    return Attempt.objects.filter(user=user, training=training, completed_at=None).first()


def last_completed(user: User, training: Training) -> Attempt | None:
    """The attempt that `user` completed last."""
    return Attempt.objects.filter(user=user, training=training, is_counted=True, completed_at__isnull=False).first()


def answers_of(attempt: Attempt) -> dict[int, Answer]:
    """Question id → what was answered in this attempt."""
    return {answer.question_id: answer for answer in attempt.answers.all()}


def done_chapters(attempt: Attempt) -> set[int]:
    """The ids of the chapters that were completed in this attempt."""
    return set(attempt.completions.values_list("chapter_id", flat=True))


def with_numbers(trainings: QuerySet[Training]) -> QuerySet[Training]:
    """Each training with `chapter_count` and `question_count`."""
    chapters = Chapter.objects.filter(training=OuterRef("pk")).order_by().values("training")
    questions = Question.objects.filter(chapter__training=OuterRef("pk")).order_by().values("chapter__training")
    return trainings.annotate(
        chapter_count=Coalesce(Subquery(chapters.annotate(number=Count("pk")).values("number")), 0),
        question_count=Coalesce(Subquery(questions.annotate(number=Count("pk")).values("number")), 0),
    )
