"""A training at Acme with two chapters, the second with a quiz, given to everyone."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from cards.people.models import User
from cards.spaces.models import Space
from cards.trainings.models import Attempt, Chapter, Choice, Question, QuestionKind, Status, Training

MORNING = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def a_training(
    space: Space, title: str = "Fire safety", *, quizzes: Sequence[Sequence[int]] = ((), (3, 1))
) -> Training:
    """A published training for everyone: one chapter for each of `quizzes`, with a question for each of its points.

    Every question offers a right choice, then a wrong one.
    """
    position = Training.objects.filter(space=space).count()
    training = Training.objects.create(
        space=space,
        title=title,
        position=position,
        status=Status.PUBLISHED,
        is_for_everyone=True,
        created_at=MORNING,
    )
    for number, points in enumerate(quizzes):
        chapter = Chapter.objects.create(training=training, title=f"Chapter {number + 1}", position=number)
        for worth in points:
            a_question(chapter, worth)
    return training


def a_question(chapter: Chapter, points: int = 1) -> Question:
    question = Question.objects.create(
        chapter=chapter,
        words="What first?",
        points=points,
        kind=QuestionKind.SINGLE,
        position=chapter.questions.count(),
    )
    Choice.objects.create(question=question, position=0, words="Raise the alarm", is_right=True)
    Choice.objects.create(question=question, position=1, words="Finish the e-mail")
    return question


def choice_of(question: Question, *, right: bool) -> list[int]:
    return list(question.choices.filter(is_right=right).values_list("pk", flat=True))


@pytest.fixture
def training(acme: Space) -> Training:
    return a_training(acme)


@pytest.fixture
def attempt(training: Training, lou: User) -> Attempt:
    from cards.trainings import learning

    return learning.start(training=training, by=lou, number=1)
