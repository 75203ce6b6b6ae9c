"""Whatever learners and editors do, in whatever order: what is kept equals what the formulas make of the activity."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.people.errors import Refused
from cards.people.models import User
from cards.spaces.models import Space
from cards.statistics.compute import AttemptFigures, TrainingStatistic, statistic
from cards.statistics.queries import statistics_of
from cards.trainings import learning
from cards.trainings.models import Attempt, Chapter, Question, Training
from tests.cards.trainings.conftest import a_question, a_training, choice_of

few = settings(max_examples=25)


class Act(NamedTuple):
    verb: str
    place: int
    right: bool = True


VERBS = ("start", "answer", "answer", "complete", "complete", "complete", "add", "remove", "ask", "repoint")
LEARNER_ACTS = st.builds(Act, st.sampled_from(VERBS[:6]), st.integers(0, 4), st.booleans())
ACTS = st.builds(Act, st.sampled_from(VERBS), st.integers(0, 4), st.booleans())


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back, so that the next example starts anew."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def do(act: Act, training: Training, user: User) -> None:
    """Do the act where it is possible; a refusal is as good as not having tried."""
    chapters = list(training.chapters.all())
    questions = list(Question.objects.filter(chapter__training=training).order_by("pk"))
    chapter = chapters[act.place % len(chapters)]
    question = questions[act.place % len(questions)] if questions else None
    if act.verb == "start":
        number = Attempt.objects.filter(user=user, training=training).count() + 1
        learning.start(training=training, by=user, number=number)
        return
    attempt = Attempt.objects.filter(user=user, training=training).last()
    if attempt and act.verb in ("answer", "complete"):
        try:
            if act.verb == "complete":
                learning.complete_chapter(attempt=attempt, chapter=chapter)
            elif question:
                learning.answer(attempt=attempt, question=question, chosen=choice_of(question, right=act.right))
        except Refused:
            return
    edit(act, training, chapter, question, may_remove=len(chapters) > 1)


def edit(act: Act, training: Training, chapter: Chapter, question: Question | None, *, may_remove: bool) -> None:
    if act.verb == "add":
        Chapter.objects.create(training=training, title="New", position=9)
    elif act.verb == "remove" and may_remove:
        chapter.delete()
    elif act.verb == "ask":
        a_question(chapter, act.place + 1)
    elif act.verb == "repoint" and question:
        Question.objects.filter(pk=question.pk).update(points=act.place + 1)
    else:
        return
    learning.training_changed(training)


def from_activity(user: User, training: Training) -> TrainingStatistic | None:
    """The statistic made anew from chapters and answers; of completed attempts, from what their finish froze."""
    made = []
    for attempt in Attempt.objects.filter(user=user, training=training):
        figures = AttemptFigures(
            attempt.number,
            attempt.completions.count(),
            training.chapters.count(),
            sum(answer.question.points for answer in attempt.answers.all() if answer.is_right),
            sum(answer.question.points for answer in attempt.answers.all()),
            None,
        )
        if attempt.completed_at:
            figures = AttemptFigures(
                attempt.number,
                attempt.chapters,
                attempt.chapters,
                attempt.points,
                attempt.maximum_points,
                attempt.completed_at,
            )
        made.append(figures)
    return statistic(made)


def kept(user: User, training: Training) -> TrainingStatistic | None:
    """The same as the database's own columns say it: what the pages count by."""
    row = Attempt.objects.filter(user=user, training=training, is_counted=True).first()
    return TrainingStatistic(row.progress, row.score, row.completed_at) if row else None


@few
@given(acts=st.lists(ACTS, max_size=25))
def test_pages_push_and_activity_agree(acme: Space, lou: User, acts: list[Act]) -> None:
    with undone():
        training = a_training(acme, quizzes=((), (3, 1), (2,)))
        for act in acts:
            do(act, training, lou)
        found = statistics_of(acme, [lou.pk]).get(lou.pk, {}).get(training.pk)
        assert found == from_activity(lou, training) == kept(lou, training)


@few
@given(acts=st.lists(ACTS, max_size=25))
def test_counting_again_changes_nothing(acme: Space, lou: User, acts: list[Act]) -> None:
    with undone():
        training = a_training(acme, quizzes=((), (3, 1), (2,)))
        for act in acts:
            do(act, training, lou)
        before = list(Attempt.objects.values())
        learning.training_changed(training)
        assert list(Attempt.objects.values()) == before


@few
@given(acts=st.lists(LEARNER_ACTS, max_size=25))
def test_within_an_attempt_progress_never_falls(acme: Space, lou: User, acts: list[Act]) -> None:
    with undone():
        training = a_training(acme, quizzes=((), (3, 1), (2,)))
        reached: dict[int, int] = {}
        for act in acts:
            do(act, training, lou)
            for attempt in Attempt.objects.all():
                assert reached.get(attempt.pk, 0) <= attempt.progress <= 100
                reached[attempt.pk] = attempt.progress


@few
@given(data=st.data())
def test_the_order_of_independent_acts_changes_nothing(acme: Space, lou: User, data: st.DataObject) -> None:
    with undone():
        outcomes = []
        rights = data.draw(st.lists(st.booleans(), min_size=3, max_size=3))
        for _ in range(2):
            training = a_training(acme, quizzes=((), (3, 1), (2,)))
            attempt = learning.start(training=training, by=lou, number=1)
            questions = list(Question.objects.filter(chapter__training=training).order_by("pk"))
            for place in data.draw(st.permutations(range(3))):
                chosen = choice_of(questions[place], right=rights[place])
                learning.answer(attempt=attempt, question=questions[place], chosen=chosen)
            for chapter in data.draw(st.permutations(list(training.chapters.all()))):
                learning.complete_chapter(attempt=attempt, chapter=chapter)
            attempt.refresh_from_db()
            outcomes.append((attempt.progress, attempt.score, attempt.points, attempt.is_counted))
        assert outcomes[0] == outcomes[1]


def test_one_question_to_the_database_answers_for_everybody(
    acme: Space, lou: User, eli: User, zoe: User, django_assert_num_queries: object
) -> None:
    trainings = [a_training(acme), a_training(acme, "Welcome")]
    for user in (lou, eli):
        for training in trainings:
            learning.start(training=training, by=user, number=1)
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = statistics_of(acme, [lou.pk, eli.pk, zoe.pk])
    assert {user: set(of) for user, of in found.items()} == {
        user.pk: {training.pk for training in trainings} for user in (lou, eli)
    }
    assert set(statistics_of(acme, [lou.pk])) == {lou.pk}


def test_a_space_is_told_nothing_of_another(acme: Space, birch: Space, lou: User, zoe: User) -> None:
    learning.start(training=a_training(acme), by=lou, number=1)
    assert statistics_of(birch, [lou.pk, zoe.pk]) == {}
