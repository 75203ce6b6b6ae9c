"""Attempts: what starting, answering, completing and editing make of them."""

from datetime import UTC, datetime

import pytest

from cards import clock
from cards.people.errors import Refused
from cards.people.models import User
from cards.trainings import learning
from cards.trainings.models import Answer, Attempt, Chapter, Question, QuestionKind, Training
from tests.cards.trainings.conftest import a_question, a_training, choice_of

LATE = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


def state(attempt: Attempt) -> tuple[int, int | None, bool, bool]:
    """Progress, score, completed, counted."""
    attempt.refresh_from_db()
    return attempt.progress, attempt.score, attempt.completed_at is not None, attempt.is_counted


def answer_all(attempt: Attempt, *, right: bool) -> None:
    for question in Question.objects.filter(chapter__training=attempt.training):
        learning.answer(attempt=attempt, question=question, chosen=choice_of(question, right=right))


def complete_all(attempt: Attempt) -> Attempt:
    for chapter in attempt.training.chapters.all():
        learning.complete_chapter(attempt=attempt, chapter=chapter)
    return attempt


def test_starting_twice_is_starting_once(training: Training, lou: User) -> None:
    attempts = [learning.start(training=training, by=lou, number=number) for number in (1, 1, 2, 7)]
    assert len(set(attempts)) == Attempt.objects.count() == 1
    assert state(attempts[0]) == (0, None, False, True)


def test_each_training_has_attempts_and_chapters_of_its_own(attempt: Attempt, lou: User) -> None:
    other = learning.start(training=a_training(lou.space, "GDPR", quizzes=((),)), by=lou, number=1)
    assert (other.number, other.is_counted, other.chapters) == (1, True, 1)
    assert learning.start(training=attempt.training, by=lou, number=1) == attempt
    complete_all(other)
    assert state(other) == (100, None, True, True)
    learning.complete_chapter(attempt=attempt, chapter=attempt.training.chapters.all()[0])
    assert state(attempt) == (50, None, False, True)


def test_chapters_and_answers_make_progress_and_score(attempt: Attempt) -> None:
    first, second = attempt.training.chapters.all()
    learning.complete_chapter(attempt=attempt, chapter=first)
    assert state(attempt) == (50, None, False, True)
    three, one = second.questions.all()
    learning.answer(attempt=attempt, question=three, chosen=choice_of(three, right=True))
    assert state(attempt) == (50, 100, False, True)
    learning.answer(attempt=attempt, question=one, chosen=choice_of(one, right=False))
    assert state(attempt) == (50, 75, False, True)
    learning.complete_chapter(attempt=attempt, chapter=second)
    assert state(attempt) == (100, 75, True, True)


def test_the_first_answer_stands(attempt: Attempt) -> None:
    question = Question.objects.filter(points=3).get()
    learning.answer(attempt=attempt, question=question, chosen=choice_of(question, right=False))
    again = learning.answer(attempt=attempt, question=question, chosen=choice_of(question, right=True))
    assert not again.is_right
    assert Answer.objects.count() == 1


def test_completing_a_chapter_twice_counts_it_once(attempt: Attempt) -> None:
    first = attempt.training.chapters.all()[0]
    for _ in range(2):
        learning.complete_chapter(attempt=attempt, chapter=first)
    assert state(attempt)[0] == 50


def test_a_chapter_with_an_unanswered_question_is_not_completed(attempt: Attempt) -> None:
    second = attempt.training.chapters.all()[1]
    with pytest.raises(Refused, match="Answer every question"):
        learning.complete_chapter(attempt=attempt, chapter=second)


@pytest.mark.parametrize(("chosen", "is_right"), [("ab", True), ("a", False), ("abc", False), ("c", False)])
def test_an_answer_is_right_when_exactly_the_right_choices_are_ticked(
    chosen: str, is_right: bool, attempt: Attempt
) -> None:
    question = a_question(attempt.training.chapters.all()[0])
    question.kind = QuestionKind.MULTIPLE
    question.save()
    b = question.choices.create(position=2, words="Leave the building", is_right=True)
    a, c = question.choices.exclude(pk=b.pk)
    ids = {"a": a.pk, "b": b.pk, "c": c.pk}
    given = learning.answer(attempt=attempt, question=question, chosen=[ids[letter] for letter in chosen])
    assert given.is_right is is_right


@pytest.mark.parametrize("chosen", ["none", "foreign", "both"])
def test_what_is_no_answer_is_refused(chosen: str, attempt: Attempt) -> None:
    three, one = Question.objects.order_by("-points")
    ids = {"none": [], "foreign": choice_of(one, right=True), "both": [choice.pk for choice in three.choices.all()]}
    with pytest.raises(Refused):
        learning.answer(attempt=attempt, question=three, chosen=ids[chosen])
    assert not Answer.objects.exists()


def test_a_completed_attempt_counts_until_the_next_is_complete(attempt: Attempt, lou: User) -> None:
    answer_all(attempt, right=True)
    complete_all(attempt)
    again = learning.start(training=attempt.training, by=lou, number=2)
    answer_all(again, right=False)
    assert state(attempt) == (100, 100, True, True)
    assert state(again) == (0, 0, False, False)
    complete_all(again)
    assert state(attempt) == (100, 100, True, False)
    assert state(again) == (100, 0, True, True)


def test_a_completed_attempt_takes_no_more_answers(attempt: Attempt) -> None:
    answer_all(attempt, right=True)
    complete_all(attempt)
    later = a_question(attempt.training.chapters.all()[0])
    with pytest.raises(Refused, match="finished"):
        learning.answer(attempt=attempt, question=later, chosen=choice_of(later, right=True))


def test_the_day_of_a_completion_is_that_of_the_space(attempt: Attempt) -> None:
    answer_all(attempt, right=True)
    with clock.told(LATE):
        complete_all(attempt)
    attempt.refresh_from_db()
    assert (attempt.completed_at, str(attempt.completed_on)) == (LATE, "2026-11-21")


# --- what editing makes of attempts -----------------------------------------------------------------


def test_a_chapter_added_is_still_to_do_in_open_attempts_alone(attempt: Attempt, eli: User, training: Training) -> None:
    answer_all(attempt, right=True)
    complete_all(attempt)
    other = learning.start(training=training, by=eli, number=1)
    learning.complete_chapter(attempt=other, chapter=training.chapters.all()[0])
    Chapter.objects.create(training=training, title="New", position=2)
    learning.training_changed(training)
    assert state(attempt) == (100, 100, True, True)
    assert state(other)[0] == 33


def test_removing_the_only_chapter_left_to_do_completes_open_attempts(attempt: Attempt, training: Training) -> None:
    first, second = training.chapters.all()
    learning.complete_chapter(attempt=attempt, chapter=first)
    second.delete()
    learning.training_changed(training)
    assert state(attempt) == (100, None, True, True)


def test_removing_a_chapter_takes_its_answers_out_of_open_attempts_alone(
    attempt: Attempt, eli: User, training: Training
) -> None:
    other = learning.start(training=training, by=eli, number=1)
    answer_all(other, right=False)
    answer_all(attempt, right=True)
    complete_all(attempt)
    training.chapters.all()[1].delete()
    learning.training_changed(training)
    assert state(other) == (0, None, False, True)
    assert state(attempt) == (100, 100, True, True)


def test_other_points_change_the_score_of_open_attempts_alone(attempt: Attempt, eli: User, training: Training) -> None:
    other = learning.start(training=training, by=eli, number=1)
    three, one = Question.objects.order_by("-points")
    for each in (attempt, other):
        learning.answer(attempt=each, question=three, chosen=choice_of(three, right=True))
        learning.answer(attempt=each, question=one, chosen=choice_of(one, right=False))
    complete_all(attempt)
    Question.objects.filter(pk=one.pk).update(points=9)
    learning.training_changed(training)
    assert (state(attempt)[1], state(other)[1]) == (75, 25)
