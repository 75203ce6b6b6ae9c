"""What the pages of a learner show, for an attempt or for an editor's preview without one. Never writes."""

from dataclasses import dataclass
from typing import Any

from cards.trainings import queries
from cards.trainings.markdown import as_html
from cards.trainings.models import Answer, Attempt, Chapter, Question, Training
from cards.trainings.videos import video_at


@dataclass(frozen=True)
class Step:
    """A chapter in the list of a training's chapters."""

    chapter: Chapter
    is_done: bool
    is_current: bool
    has_quiz: bool


def training_page(training: Training, attempt: Attempt | None, completed: Attempt | None) -> dict[str, Any]:
    """A training with how far `attempt` (open) has come and what `completed` came to."""
    chapters = queries.chapters_with_quizzes(training)
    shown = attempt or completed
    done = queries.done_chapters(shown) if shown else set()
    return {
        "training": training,
        "attempt": attempt,
        "completed": completed,
        "next_number": (completed.number + 1) if completed else 1,
        "steps": _steps(chapters, done),
        "may_open": shown is not None,
        "following": next((chapter for chapter in chapters if chapter.pk not in done), None),
        "question_count": sum(len(chapter.questions.all()) for chapter in chapters),
    }


def chapter_page(
    training: Training, chapter: Chapter, attempt: Attempt | None, tried: dict[int, Answer] | None = None
) -> dict[str, Any]:
    """A chapter with its quiz as `attempt` answered it; a preview has no attempt, only what was `tried` just now."""
    chapters = queries.chapters_with_quizzes(training)
    done = queries.done_chapters(attempt) if attempt else set()
    answers = queries.answers_of(attempt) if attempt else tried or {}
    place = next(number for number, each in enumerate(chapters) if each.pk == chapter.pk)
    shown = chapters[place]
    questions = [_question(question, answers.get(question.pk)) for question in shown.questions.all()]
    return {
        "training": training,
        "chapter": shown,
        "attempt": attempt,
        "is_preview": attempt is None,
        "is_open": attempt is None or attempt.completed_at is None,
        "html": as_html(shown.text),
        "video": video_at(shown.video),
        "questions": questions,
        "is_answered": all(item["answer"] for item in questions),
        "is_done": shown.pk in done,
        "steps": _steps(chapters, done, shown),
        "place": place + 1,
        "number_done": len(done & {each.pk for each in chapters}),
        "number_of_chapters": len(chapters),
        "previous": chapters[place - 1] if place else None,
        "following": chapters[place + 1] if place + 1 < len(chapters) else None,
        "is_last_missing": not [each for each in chapters if each.pk not in done | {shown.pk}],
    }


def _steps(chapters: list[Chapter], done: set[int], current: Chapter | None = None) -> list[Step]:
    return [Step(each, each.pk in done, each == current, bool(each.questions.all())) for each in chapters]


def _question(question: Question, answer: Answer | None) -> dict[str, Any]:
    chosen = set(answer.chosen) if answer else set()
    choices = [
        {"choice": choice, "is_ticked": choice.pk in chosen, "is_right": choice.is_right}
        for choice in question.choices.all()
    ]
    return {"question": question, "answer": answer, "choices": choices, "refusal": ""}
