"""What learners do: start, answer, complete a chapter. Doing it twice does it once, so that a double click or a
request sent again after a lost connection changes nothing. Nobody else writes attempts.
"""

from collections.abc import Collection
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Aggregate, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from cards import clock
from cards.people.errors import Refused
from cards.people.models import User
from cards.trainings.models import Answer, Attempt, Chapter, ChapterCompletion, Question, QuestionKind, Training


@transaction.atomic
def start(*, training: Training, by: User, number: int) -> Attempt:
    """Begin attempt `number`, or go on with the open one: there is at most one."""
    found = Attempt.objects.filter(Q(completed_at=None) | Q(number=number), user=by, training=training).last()
    if found:
        return found
    made = Attempt.objects.filter(user=by, training=training).count()
    chapters = training.chapters.count()
    attempt, _made = Attempt.objects.get_or_create(
        user=by,
        training=training,
        number=made + 1,
        defaults={"started_at": clock.now(), "is_counted": not made, "chapters": chapters},
    )
    return attempt


@transaction.atomic
def answer(*, attempt: Attempt, question: Question, chosen: Collection[int]) -> Answer:
    """Keep and mark an answer: right when exactly the right choices are ticked. The first answer stands."""
    attempt = _held(attempt)
    given = Answer.objects.filter(attempt=attempt, question=question).first()
    if given:
        return given
    _check_open(attempt)
    offered = {choice.pk: choice.is_right for choice in question.choices.all()}
    ticked = sorted(set(chosen) & offered.keys())
    if not ticked:
        raise Refused(_("Choose an answer."))
    if question.kind == QuestionKind.SINGLE and len(ticked) > 1:
        raise Refused(_("Choose one answer only."))
    given = Answer.objects.create(
        attempt=attempt,
        question=question,
        chosen=ticked,
        is_right=is_right(offered, ticked),
        answered_at=clock.now(),
    )
    recount(Attempt.objects.filter(pk=attempt.pk))
    return given


def is_right(offered: dict[int, bool], ticked: Collection[int]) -> bool:
    """Whether exactly the right ones of the choices `offered` are ticked."""
    return set(ticked) == {choice for choice, right in offered.items() if right}


@transaction.atomic
def complete_chapter(*, attempt: Attempt, chapter: Chapter) -> Attempt:
    """Count a chapter as done, and finish the attempt when it was the last one missing."""
    attempt = _held(attempt)
    if ChapterCompletion.objects.filter(attempt=attempt, chapter=chapter).exists():
        return attempt
    _check_open(attempt)
    if chapter.questions.exclude(answers__attempt=attempt).exists():
        raise Refused(_("Answer every question of the quiz first."))
    ChapterCompletion.objects.create(attempt=attempt, chapter=chapter, completed_at=clock.now())
    recount(Attempt.objects.filter(pk=attempt.pk))
    attempt.refresh_from_db()
    return attempt


def training_changed(training: Training) -> None:
    """Let the open attempts of `training` follow what an editor has just changed in it. Needs a transaction."""
    attempts = Attempt.objects.filter(training=training, completed_at=None)
    # Held first, counted after: what a learner is doing at this moment is waited for and then seen.
    list(attempts.select_for_update().values_list("pk"))
    recount(attempts)


def recount(attempts: QuerySet[Attempt]) -> None:
    """Bring the numbers of open attempts up to date, and finish those that have every chapter."""
    chapters = Chapter.objects.filter(training=OuterRef("training")).values("training")
    completions = ChapterCompletion.objects.filter(attempt=OuterRef("pk")).values("attempt")
    answers = Answer.objects.filter(attempt=OuterRef("pk")).values("attempt")
    attempts.filter(completed_at=None).update(
        chapters=_total(chapters, Count("pk")),
        chapters_done=_total(completions, Count("pk")),
        points=_total(answers.filter(is_right=True), Sum("question__points")),
        maximum_points=_total(answers, Sum("question__points")),
    )
    _finish(attempts.filter(completed_at=None, chapters__gt=0, chapters_done=F("chapters")))


def _total(rows: "QuerySet[Any, Any]", total: Aggregate) -> Coalesce:
    """A total of the rows that belong to each attempt, 0 where there are none."""
    return Coalesce(Subquery(rows.order_by().annotate(total=total).values("total"), output_field=IntegerField()), 0)


def _finish(attempts: QuerySet[Attempt]) -> None:
    """Complete `attempts` now; from now on each stands for its user instead of the former one."""
    done = list(attempts.values_list("pk", "training__space__time_zone"))
    if not done:
        return
    ids = [pk for pk, _zone in done]
    of_the_same = Attempt.objects.filter(pk__in=ids, user=OuterRef("user"), training=OuterRef("training"))
    Attempt.objects.filter(Exists(of_the_same), is_counted=True).update(is_counted=False)
    now = clock.now()
    today = now.astimezone(ZoneInfo(done[0][1])).date()
    Attempt.objects.filter(pk__in=ids).update(completed_at=now, completed_on=today, is_counted=True)


def _held(attempt: Attempt) -> Attempt:
    """The attempt as it is now, held until the transaction ends."""
    return Attempt.objects.select_for_update().get(pk=attempt.pk)


def _check_open(attempt: Attempt) -> None:
    if attempt.completed_at:
        raise Refused(_("This attempt is finished. Start again to go through the training once more."))
