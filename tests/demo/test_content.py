"""The demo's trainings: whole in both languages, and with a history that no shortcut made."""

import pytest

from cards.people.models import Group, User
from cards.spaces.models import Space
from cards.trainings.models import Answer, Attempt, Question, QuestionKind
from demo.content import fill
from demo.lessons import COURSES
from tests.conftest import a_user


def test_both_languages_say_the_same_number_of_things() -> None:
    shape = {
        language: [[len(lesson.questions) for lesson in course.lessons] for course in courses]
        for language, courses in COURSES.items()
    }
    assert shape["en"] == shape["fr"]
    assert len(shape["en"]) == 3


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_question_can_be_answered_right(language: str, acme: Space, eli: User) -> None:
    acme.language = language
    fill(acme, eli, learners=0)
    for question in Question.objects.all():
        right = question.choices.filter(is_right=True).count()
        assert right == 1 if question.kind == QuestionKind.SINGLE else right > 1
        assert question.explanation


def test_people_have_a_history_of_their_own_making(acme: Space, eli: User, lou: User) -> None:
    group = Group.objects.create(space=acme, name="Sales")
    for number in range(12):
        a_user(acme, f"Person{number}")
    trainings = fill(acme, eli)
    assert [training.is_for_everyone for training in trainings] == [True, True, False]
    assert list(trainings[-1].groups.all()) == [group]
    attempts = Attempt.objects.all()
    assert {attempt.completed_at is None for attempt in attempts} == {True, False}
    assert all(attempt.completions.count() == attempt.chapters_done for attempt in attempts)
    assert all(answer.answered_at > answer.attempt.started_at for answer in Answer.objects.all())
    assert not attempts.filter(user=eli).exists()
