"""Trainings for the demo, and what people have done in them: all through the product's own actions, in past days."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from cards import clock
from cards.people.models import Group, User
from cards.spaces.models import Space
from cards.trainings import actions, learning, writing
from cards.trainings.models import Question, Training
from cards.trainings.queries import audience_of
from demo.lessons import COURSES
from demo.lessons.course import Course

WRITTEN_DAYS_AGO = 170


def fill(space: Space, editor: User, *, learners: int = 40) -> list[Training]:
    """Write the three trainings in the language of `space`, give them, and let up to `learners` people take them.

    The last one is given to the first groups of the space where it has any, else to everyone. Whoever joins later
    finds them not started. The same space always gets the same history.
    """
    now = clock.now()
    with clock.told(now - timedelta(days=WRITTEN_DAYS_AGO)):
        trainings = [write(space, editor, course) for course in COURSES[space.language]]
        groups = list(Group.objects.filter(space=space).order_by("name_key")[:3])
        for training in trainings:
            is_for_everyone = training is not trainings[-1] or not groups
            if is_for_everyone:
                actions.give_to_everyone(training=training, by=editor, everyone=True)
            for group in [] if is_for_everyone else groups:
                actions.give_to_group(training=training, by=editor, group=group)
            actions.publish(training=training, by=editor)
    for training in trainings:
        training.refresh_from_db()
        live_through(training, audience_of(training).exclude(pk=editor.pk).order_by("pk")[:learners], now)
    return trainings


def write(space: Space, editor: User, course: Course) -> Training:
    """One training with its chapters and quizzes, still a draft."""
    training = actions.create_training(space=space, by=editor, title=course.title, description=course.description)
    for lesson in course.lessons:
        chapter = writing.create_chapter(training=training, by=editor, text=lesson.text)
        for question in lesson.questions:
            writing.create_question(chapter=chapter, by=editor, text=question)
    return training


def live_through(training: Training, users: Iterable[User], now: datetime) -> None:
    """Four in five people start, most of them finish, and some who did badly do it again."""
    for user in users:
        chance = random.Random(f"{user.pk} {training.position}")  # noqa: S311 - a story, not a secret
        if chance.random() < 0.2:
            continue
        skill = chance.uniform(0.55, 1.0)
        moment = at_work(now - timedelta(days=chance.triangular(3, WRITTEN_DAYS_AGO - 5, 40)), chance)
        is_finished = chance.random() < 0.8
        score = take(training, user, moment, chance, skill=skill, share=1.0 if is_finished else 0.6)
        if is_finished and score is not None and score < 60 and chance.random() < 0.7:
            take(training, user, moment + timedelta(days=2), chance, skill=1.0, share=1.0)


def at_work(moment: datetime, chance: random.Random) -> datetime:
    """A minute of that day's working hours; of Friday's when it is a week-end."""
    day = moment - timedelta(days=max(0, moment.weekday() - 4))
    return day.replace(hour=chance.randrange(7, 15), minute=chance.randrange(60))


def take(
    training: Training, user: User, moment: datetime, chance: random.Random, *, skill: float, share: float
) -> int | None:
    """One attempt as somebody makes it: minute by minute, the first `share` of the chapters. Its score."""
    chapters = list(training.chapters.prefetch_related("questions__choices"))
    with clock.told(moment):
        number = user.attempts.filter(training=training).count() + 1
        attempt = learning.start(training=training, by=user, number=number)
    for chapter in chapters[: max(1, int(len(chapters) * share))]:
        moment += timedelta(minutes=chance.randint(2, 6))
        with clock.told(moment):
            for question in chapter.questions.all():
                learning.answer(attempt=attempt, question=question, chosen=chosen(question, chance, skill))
            learning.complete_chapter(attempt=attempt, chapter=chapter)
    attempt.refresh_from_db()
    score: int | None = attempt.score
    return score


def chosen(question: Question, chance: random.Random, skill: float) -> list[int]:
    """The right choices as often as `skill` says, else a wrong one."""
    right = [choice.pk for choice in question.choices.all() if choice.is_right]
    wrong = [choice.pk for choice in question.choices.all() if not choice.is_right]
    return right if chance.random() < skill else [chance.choice(wrong)]
