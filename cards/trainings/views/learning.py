"""The pages of a learner: a training, its chapters, the answers to its quizzes. Also the address for ever, /t/<id>/."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cards.ids import id_of
from cards.people.access import SpaceRequest, open_to
from cards.people.errors import Refused
from cards.people.models import Role
from cards.trainings import learning, queries
from cards.trainings.lesson import chapter_page, training_page
from cards.trainings.models import Attempt, Chapter, Question, Training

everybody = open_to(Role.OWNER, Role.EDITOR, Role.LEARNER)


@require_safe
@everybody
def training(request: SpaceRequest, training_id: int) -> HttpResponseBase:
    """A training: how far one has come, its chapters, and the way in. Whoever writes trainings sees the preview."""
    given = queries.given_to(request.user).filter(pk=training_id).first()
    if given is None:
        in_space = get_object_or_404(queries.trainings_of(request.space), pk=training_id)
        if request.user.role == Role.LEARNER:
            raise Http404
        return redirect("training_preview", in_space.pk)
    attempt = queries.open_attempt(request.user, given)
    completed = queries.last_completed(request.user, given)
    return render(request, "trainings/learn.html", training_page(given, attempt, completed))


@require_POST
@everybody
def start(request: SpaceRequest, training_id: int) -> HttpResponse:
    """Begin the attempt that the page offered, and open its first chapter."""
    given = _given(request, training_id)
    attempt = learning.start(training=given, by=request.user, number=id_of(request.POST.get("number")) or 1)
    return _go_on(given, attempt)


@require_safe
@everybody
def chapter(request: SpaceRequest, training_id: int, chapter_id: int) -> HttpResponse:
    """A chapter to learn; after the finish, to read again with what was answered."""
    given, shown = _chapter(request, training_id, chapter_id)
    attempt = queries.open_attempt(request.user, given) or queries.last_completed(request.user, given)
    if attempt is None:
        return redirect("training_link", given.pk)
    return render(request, "trainings/learn_chapter.html", chapter_page(given, shown, attempt))


@require_POST
@everybody
def answer(request: SpaceRequest, training_id: int, question_id: int) -> HttpResponse:
    """Mark an answer at once. Without htmx the whole chapter comes again."""
    given = _given(request, training_id)
    question = get_object_or_404(Question, pk=question_id, chapter__training=given)
    attempt = _attempt(request, given)
    refusal = ""
    try:
        learning.answer(attempt=attempt, question=question, chosen=ticked(request))
    except Refused as error:
        refusal = str(error)
    if not request.htmx and not refusal:
        return redirect(f"{_address(given, question.chapter)}#question-{question.pk}")
    context = chapter_page(given, question.chapter, attempt)
    return with_question(request, context, question, refusal)


@require_POST
@everybody
def complete(request: SpaceRequest, training_id: int, chapter_id: int) -> HttpResponse:
    """Count a chapter as done and go on to the next; after the last, to the result."""
    given, shown = _chapter(request, training_id, chapter_id)
    attempt = _attempt(request, given)
    try:
        attempt = learning.complete_chapter(attempt=attempt, chapter=shown)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(_address(given, shown))
    return _go_on(given, attempt, after=shown)


def ticked(request: SpaceRequest) -> set[int]:
    """The ids of the choices that a form sends."""
    return {id_of(choice) for choice in request.POST.getlist("choice")}


def with_question(request: SpaceRequest, page: dict[str, Any], question: Question, refusal: str) -> HttpResponse:
    """The answered question alone for htmx, else the chapter; a refusal stands beside its question."""
    for item in page["questions"]:
        if item["question"].pk == question.pk:
            item["refusal"] = refusal
            page["item"] = item
    template = "trainings/learn_chapter.html#answered" if request.htmx else "trainings/learn_chapter.html"
    return render(request, template, page | {"oob": bool(request.htmx)}, status=422 if refusal else 200)


def _given(request: SpaceRequest, training_id: int) -> Training:
    return get_object_or_404(queries.given_to(request.user), pk=training_id)


def _chapter(request: SpaceRequest, training_id: int, chapter_id: int) -> tuple[Training, Chapter]:
    given = _given(request, training_id)
    return given, get_object_or_404(Chapter, pk=chapter_id, training=given)


def _attempt(request: SpaceRequest, training: Training) -> Attempt:
    """The attempt that a form speaks of: one's own, by its number."""
    return get_object_or_404(Attempt, user=request.user, training=training, number=id_of(request.POST.get("attempt")))


def _go_on(training: Training, attempt: Attempt, after: Chapter | None = None) -> HttpResponse:
    """To the next chapter that is not done, or to the training's page when there is none."""
    if attempt.completed_at:
        return redirect("training_link", training.pk)
    done = queries.done_chapters(attempt)
    missing = [chapter for chapter in training.chapters.all() if chapter.pk not in done]
    later = [chapter for chapter in missing if after and (chapter.position, chapter.pk) > (after.position, after.pk)]
    following = next(iter(later + missing), None)
    return redirect(_address(training, following)) if following else redirect("training_link", training.pk)


def _address(training: Training, chapter: Chapter) -> str:
    return reverse("learn_chapter", args=[training.pk, chapter.pk])
