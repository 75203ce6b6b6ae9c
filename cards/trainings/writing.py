"""Writing what is inside a training: chapters and the questions of their quizzes. Open attempts follow each change."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from cards.audit.actions import record
from cards.people.errors import Refused
from cards.people.models import User
from cards.trainings.actions import copy_chapter, forget_unused_pictures, move, next_position, store
from cards.trainings.learning import training_changed
from cards.trainings.models import Chapter, Choice, Question, QuestionKind, Training
from cards.trainings.pictures import Encoded


@dataclass(frozen=True)
class ChapterText:
    """What a chapter says."""

    title: str
    text: str = ""
    video: str = ""
    picture_description: str = ""


@dataclass(frozen=True)
class QuestionText:
    """A question with its choices, place by place: words, and whether they are right. One without words is empty."""

    words: str
    choices: Sequence[tuple[str, bool]]
    kind: str = QuestionKind.SINGLE
    points: int = 1
    explanation: str = ""


@transaction.atomic
def create_chapter(*, training: Training, by: User, text: ChapterText, picture: Encoded | None = None) -> Chapter:
    """Write a chapter at the end of the training."""
    _hold(training)
    chapter = Chapter.objects.create(
        training=training,
        position=next_position(Chapter.objects.filter(training=training)),
        title=text.title,
        text=text.text,
        video=text.video,
        picture=store(training.space, picture),
        picture_description=text.picture_description,
    )
    _changed("chapter_created", chapter, by)
    return chapter


@transaction.atomic
def change_chapter(
    *,
    chapter: Chapter,
    by: User,
    text: ChapterText,
    picture: Encoded | None = None,
    remove_picture: bool = False,
) -> None:
    """Write the chapter anew; without a new picture the present one stays."""
    chapter.title, chapter.text, chapter.video = text.title, text.text, text.video
    chapter.picture_description = text.picture_description
    if picture or remove_picture:
        chapter.picture = store(chapter.training.space, picture)
    chapter.save()
    forget_unused_pictures(chapter.training.space)
    _changed("chapter_changed", chapter, by)


@transaction.atomic
def move_chapter(*, chapter: Chapter, by: User, up: bool) -> None:
    """Change places with the chapter before or after."""
    _hold(chapter.training)
    move(Chapter.objects.filter(training=chapter.training), chapter, up=up)
    record("chapter_moved", space=chapter.training.space, by=by, target=f"chapter {chapter.pk}", up=up)


@transaction.atomic
def duplicate_chapter(*, chapter: Chapter, by: User) -> Chapter:
    """The same chapter once more, at the end."""
    _hold(chapter.training)
    title = _("%(title)s (copy)") % {"title": chapter.title[:180]}
    copy = copy_chapter(
        chapter, chapter.training, title, next_position(Chapter.objects.filter(training=chapter.training))
    )
    _changed("chapter_created", copy, by)
    return copy


@transaction.atomic
def delete_chapter(*, chapter: Chapter, by: User) -> None:
    """Remove the chapter with its quiz. A published training keeps at least one."""
    training = _hold(chapter.training)
    if training.is_published and training.chapters.count() == 1:
        raise Refused(_("A published training keeps at least one chapter. Make it a draft first."))
    pk = chapter.pk
    chapter.delete()
    forget_unused_pictures(training.space)
    training_changed(training)
    record("chapter_deleted", space=training.space, by=by, target=f"chapter {pk}")


@transaction.atomic
def create_question(*, chapter: Chapter, by: User, text: QuestionText) -> Question:
    """Ask a question at the end of the chapter's quiz."""
    question = Question(chapter=chapter, position=next_position(Question.objects.filter(chapter=chapter)))
    _write(question, text)
    _changed("question_created", chapter, by)
    return question


@transaction.atomic
def change_question(*, question: Question, by: User, text: QuestionText) -> None:
    """Word the question anew. Answers that were given stay as they were marked."""
    _write(question, text)
    _changed("question_changed", question.chapter, by)


@transaction.atomic
def move_question(*, question: Question, by: User, up: bool) -> None:
    """Change places with the question before or after."""
    _hold(question.chapter.training)
    move(Question.objects.filter(chapter=question.chapter), question, up=up)
    record("question_moved", space=question.chapter.training.space, by=by, target=f"question {question.pk}", up=up)


@transaction.atomic
def delete_question(*, question: Question, by: User) -> None:
    """Remove the question, also from the scores of open attempts."""
    question.delete()
    _changed("question_deleted", question.chapter, by)


def _write(question: Question, text: QuestionText) -> None:
    """Save the words, and the choices place by place, so that former answers still point to theirs."""
    question.words, question.kind = text.words, text.kind
    question.points, question.explanation = text.points, text.explanation
    question.save()
    filled = [position for position, (words, _is_right) in enumerate(text.choices) if words]
    for position in filled:
        words, is_right = text.choices[position]
        Choice.objects.update_or_create(
            question=question, position=position, defaults={"words": words, "is_right": is_right}
        )
    Choice.objects.filter(question=question).exclude(position__in=filled).delete()


def _hold(training: Training) -> Training:
    """The training as it is now, held until the transaction ends."""
    return Training.objects.select_for_update().select_related("space").get(pk=training.pk)


def _changed(action: str, chapter: Chapter, by: User) -> None:
    training_changed(chapter.training)
    record(action, space=chapter.training.space, by=by, target=f"chapter {chapter.pk}")
