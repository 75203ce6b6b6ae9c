"""A training as its learners see it, for whoever writes it. Nothing that is done here is kept."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cards.people.access import SpaceRequest
from cards.trainings.learning import is_right
from cards.trainings.lesson import chapter_page, training_page
from cards.trainings.models import Answer, Chapter, Question
from cards.trainings.views.editing import editors, training_of
from cards.trainings.views.learning import ticked, with_question


@require_safe
@editors
def training(request: SpaceRequest, training_id: int) -> HttpResponse:
    shown = training_of(request, training_id)
    context = training_page(shown, None, None) | {"is_preview": True}
    return render(request, "trainings/learn.html", context)


@require_safe
@editors
def chapter(request: SpaceRequest, training_id: int, chapter_id: int) -> HttpResponse:
    shown = get_object_or_404(Chapter, pk=chapter_id, training=training_of(request, training_id))
    return render(request, "trainings/learn_chapter.html", chapter_page(shown.training, shown, None))


@require_POST
@editors
def answer(request: SpaceRequest, training_id: int, question_id: int) -> HttpResponse:
    """Mark an answer as a learner's would be, and keep nothing."""
    question = get_object_or_404(Question, pk=question_id, chapter__training=training_of(request, training_id))
    offered = {choice.pk: choice.is_right for choice in question.choices.all()}
    chosen = sorted(ticked(request) & offered.keys())
    tried = {
        question.pk: Answer(
            question=question, chosen=chosen, is_right=is_right(offered, chosen), answered_at=timezone.now()
        )
    }
    page = chapter_page(question.chapter.training, question.chapter, None, tried if chosen else None)
    return with_question(request, page, question, "" if chosen else _("Choose an answer."))
