"""Making trainings and giving them to people. Every act is audited; what is inside a training is `writing`'s doing."""

from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext as _

from cards import clock
from cards.audit.actions import record
from cards.people.errors import Refused
from cards.people.models import Group, User
from cards.spaces.models import Space
from cards.trainings.models import Chapter, Choice, Picture, Question, Status, Training
from cards.trainings.pictures import Encoded

Row = TypeVar("Row", Training, Chapter, Question)


@transaction.atomic
def create_training(
    *, space: Space, by: User, title: str, description: str = "", picture: Encoded | None = None
) -> Training:
    """Make a draft at the end of the list, without chapters, given to nobody."""
    training = Training.objects.create(
        space=space,
        title=title,
        description=description,
        picture=store(space, picture),
        position=next_position(Training.objects.filter(space=space)),
        created_at=clock.now(),
    )
    _record("training_created", training, by)
    return training


@transaction.atomic
def change_training(
    *,
    training: Training,
    by: User,
    title: str,
    description: str,
    picture: Encoded | None = None,
    remove_picture: bool = False,
) -> None:
    """Give the training another title, description or picture; without a new picture the present one stays."""
    training.title, training.description = title, description
    if picture or remove_picture:
        training.picture = store(training.space, picture)
    training.save(update_fields=["title", "description", "picture"])
    forget_unused_pictures(training.space)
    _record("training_changed", training, by)


@transaction.atomic
def publish(*, training: Training, by: User) -> None:
    """Show the training to those whom it is given to."""
    # Whoever deletes its last chapter meanwhile waits, or has done it before.
    Training.objects.select_for_update().get(pk=training.pk)
    if not training.chapters.exists():
        raise Refused(_("Write a chapter first: an empty training cannot be published."))
    Training.objects.filter(pk=training.pk).update(status=Status.PUBLISHED)
    _record("training_published", training, by)


@transaction.atomic
def withdraw(*, training: Training, by: User) -> None:
    """Make the training a draft again: learners no longer see it; what they did stays in the statistics."""
    Training.objects.filter(pk=training.pk).update(status=Status.DRAFT)
    _record("training_withdrawn", training, by)


@transaction.atomic
def give_to_everyone(*, training: Training, by: User, everyone: bool) -> None:
    """Give the training to everyone in the space, or again only to the groups that have it."""
    Training.objects.filter(pk=training.pk).update(is_for_everyone=everyone)
    _record("training_given", training, by, everyone=everyone)


@transaction.atomic
def give_to_group(*, training: Training, by: User, group: Group) -> None:
    """Give the training to the members of a group of its space, those to come too."""
    if group.space_id != training.space_id:
        raise Refused(_("This group belongs to another space."))
    training.groups.add(group)
    _record("training_given", training, by, group=group.pk)


@transaction.atomic
def take_from_group(*, training: Training, by: User, group: Group) -> None:
    """No longer give the training to a group; what its members did stays in the statistics."""
    training.groups.remove(group)
    _record("training_taken", training, by, group=group.pk)


@transaction.atomic
def move_training(*, training: Training, by: User, up: bool) -> None:
    """Change places with the training above or below."""
    Space.objects.select_for_update().get(pk=training.space_id)
    move(Training.objects.filter(space=training.space_id), training, up=up)
    _record("training_moved", training, by, up=up)


@transaction.atomic
def duplicate_training(*, training: Training, by: User) -> Training:
    """A copy as a draft that is given to nobody, with the same chapters and quizzes and no results."""
    copy = create_training(
        space=training.space,
        by=by,
        title=_("%(title)s (copy)") % {"title": training.title[:180]},
        description=training.description,
    )
    Training.objects.filter(pk=copy.pk).update(picture=training.picture)
    for chapter in training.chapters.all():
        copy_chapter(chapter, copy, chapter.title, chapter.position)
    return copy


@transaction.atomic
def delete_training(*, training: Training, by: User) -> None:
    """Remove the training with everything that people did in it."""
    space = training.space
    _record("training_deleted", training, by, title=training.title, attempts=training.attempts.count())
    training.delete()
    forget_unused_pictures(space)


# --- shared with `writing` --------------------------------------------------------------------------


def copy_chapter(chapter: Chapter, training: Training, title: str, position: int) -> Chapter:
    """The same chapter once more, with its quiz; the picture is shared."""
    questions = list(chapter.questions.all())
    copy = Chapter.objects.get(pk=chapter.pk)
    copy.pk, copy.training, copy.title, copy.position = None, training, title, position
    copy.save(force_insert=True)
    for question in questions:
        choices = list(question.choices.all())
        question.pk, question.chapter = None, copy
        question.save(force_insert=True)
        Choice.objects.bulk_create(
            Choice(question=question, position=choice.position, words=choice.words, is_right=choice.is_right)
            for choice in choices
        )
    return copy


def next_position(rows: "QuerySet[Training] | QuerySet[Chapter] | QuerySet[Question]") -> int:
    """The position after the last."""
    last: int | None = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def move(rows: QuerySet[Row], row: Row, *, up: bool) -> None:
    """Let `row` change places with its neighbour among `rows`; at the end of the list nothing happens."""
    ordered = list(rows.order_by("position", "pk"))
    place = ordered.index(row)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(ordered):
        return
    ordered[place], ordered[other] = ordered[other], ordered[place]
    for position, each in enumerate(ordered):
        each.position = position
    rows.model._default_manager.bulk_update(ordered, ["position"])


def store(space: Space, picture: Encoded | None) -> Picture | None:
    """Keep an encoded picture."""
    if picture is None:
        return None
    return Picture.objects.create(space=space, content=picture.content, width=picture.width, height=picture.height)


def forget_unused_pictures(space: Space) -> None:
    """Remove the pictures that nothing shows any more."""
    is_shown = Exists(Training.objects.filter(picture=OuterRef("pk"))) | Exists(
        Chapter.objects.filter(picture=OuterRef("pk"))
    )
    Picture.objects.filter(~is_shown, space=space).delete()


def _record(action: str, training: Training, by: User, **details: Any) -> None:
    record(action, space=training.space, by=by, target=f"training {training.pk}", **details)
