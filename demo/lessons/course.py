"""How a training of the demo is written down."""

from dataclasses import dataclass

from cards.trainings.models import QuestionKind
from cards.trainings.writing import ChapterText, QuestionText


@dataclass(frozen=True)
class Lesson:
    """A chapter with the questions of its quiz."""

    text: ChapterText
    questions: tuple[QuestionText, ...] = ()


@dataclass(frozen=True)
class Course:
    """A training as it is written."""

    title: str
    description: str
    lessons: tuple[Lesson, ...]


def one(words: str, right: str, *wrong: str, why: str, points: int = 1) -> QuestionText:
    """A question with one right answer; the choices stand in the order of the alphabet."""
    choices = sorted([(right, True), *((each, False) for each in wrong)])
    return QuestionText(words, choices, QuestionKind.SINGLE, points, why)


def several(words: str, right: tuple[str, ...], *wrong: str, why: str, points: int = 2) -> QuestionText:
    """A question with several right answers."""
    choices = sorted([*((each, True) for each in right), *((each, False) for each in wrong)])
    return QuestionText(words, choices, QuestionKind.MULTIPLE, points, why)
