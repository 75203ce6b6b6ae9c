"""Writing a training's chapters and the questions of their quizzes."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cards.people.access import SpaceRequest
from cards.people.errors import Refused
from cards.trainings import writing
from cards.trainings.forms import ChapterForm, QuestionForm
from cards.trainings.markdown import as_html
from cards.trainings.models import Chapter, Question
from cards.trainings.views.editing import editors, training_of


@require_http_methods(["GET", "POST"])
@editors
def chapter_add(request: SpaceRequest, training_id: int) -> HttpResponse:
    training = training_of(request, training_id)
    form = ChapterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        made = writing.create_chapter(
            training=training, by=request.user, text=form.chapter_text, picture=form.cleaned_data["picture"]
        )
        messages.success(request, _("The chapter is saved. It can end with a quiz: add questions below."))
        return redirect("chapter", training.pk, made.pk)
    context = {"form": form, "training": training, "html": as_html(form["text"].value() or "")}
    return render(request, "trainings/chapter_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@editors
def chapter(request: SpaceRequest, training_id: int, chapter_id: int) -> HttpResponse:
    """A chapter to write, with its quiz below."""
    shown = _chapter(request, training_id, chapter_id)
    form = ChapterForm(request.POST or None, request.FILES or None, shown=shown)
    if request.method == "POST" and form.is_valid():
        writing.change_chapter(chapter=shown, by=request.user, text=form.chapter_text, **form.chosen_picture)
        messages.success(request, _("Saved."))
        return redirect("chapter", training_id, shown.pk)
    context = {
        "form": form,
        "training": shown.training,
        "shown": shown,
        "questions": shown.questions.prefetch_related("choices"),
        "html": as_html(form["text"].value() or ""),
    }
    return render(request, "trainings/chapter_form.html", context, status=422 if form.errors else 200)


@require_POST
@editors
def text_preview(request: SpaceRequest) -> HttpResponse:
    """The text of a chapter as learners will see it, while it is being written."""
    return render(request, "trainings/chapter_form.html#text_preview", {"html": as_html(request.POST.get("text", ""))})


@require_POST
@editors
def chapter_change(request: SpaceRequest, training_id: int, chapter_id: int, wish: str) -> HttpResponse:
    """Move, duplicate or delete a chapter."""
    shown = _chapter(request, training_id, chapter_id)
    if wish in {"up", "down"}:
        writing.move_chapter(chapter=shown, by=request.user, up=wish == "up")
    elif wish == "duplicate":
        writing.duplicate_chapter(chapter=shown, by=request.user)
        messages.success(request, _("The copy is at the end."))
    else:
        raise Http404
    return redirect("training", training_id)


@require_http_methods(["GET", "POST"])
@editors
def chapter_delete(request: SpaceRequest, training_id: int, chapter_id: int) -> HttpResponse:
    """Ask, then delete; a published training keeps its last chapter."""
    shown = _chapter(request, training_id, chapter_id)
    if request.method == "POST":
        try:
            writing.delete_chapter(chapter=shown, by=request.user)
            messages.success(request, _("“%(title)s” is deleted.") % {"title": shown.title})
        except Refused as refusal:
            messages.warning(request, str(refusal))
        return redirect("training", training_id)
    context = {
        "question": _("Delete the chapter “%(title)s”?") % {"title": shown.title},
        "consequences": [
            _("Its text, picture and quiz are deleted. This cannot be taken back."),
            _("Who has completed the training keeps the result as it is."),
            _("Who is in the middle of it goes on without this chapter."),
        ],
        "action": _("Delete the chapter"),
        "back": reverse("training", args=[training_id]),
    }
    return render(request, "ui/confirm.html", context)


@require_http_methods(["GET", "POST"])
@editors
def question_add(request: SpaceRequest, training_id: int, chapter_id: int) -> HttpResponse:
    shown = _chapter(request, training_id, chapter_id)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        writing.create_question(chapter=shown, by=request.user, text=form.question_text)
        messages.success(request, _("The question is added."))
        if "another" in request.POST:
            return redirect("question_add", training_id, shown.pk)
        return redirect("chapter", training_id, shown.pk)
    context = {"form": form, "chapter": shown, "training": shown.training}
    return render(request, "trainings/question_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@editors
def question(request: SpaceRequest, training_id: int, chapter_id: int, question_id: int) -> HttpResponse:
    shown = _question(request, training_id, chapter_id, question_id)
    form = QuestionForm(request.POST or None, shown=shown)
    if request.method == "POST" and form.is_valid():
        writing.change_question(question=shown, by=request.user, text=form.question_text)
        messages.success(request, _("Saved."))
        return redirect("chapter", training_id, chapter_id)
    context = {"form": form, "chapter": shown.chapter, "training": shown.chapter.training, "shown": shown}
    return render(request, "trainings/question_form.html", context, status=422 if form.errors else 200)


@require_POST
@editors
def question_change(
    request: SpaceRequest, training_id: int, chapter_id: int, question_id: int, wish: str
) -> HttpResponse:
    """Move or delete a question."""
    shown = _question(request, training_id, chapter_id, question_id)
    if wish in {"up", "down"}:
        writing.move_question(question=shown, by=request.user, up=wish == "up")
    elif wish == "delete":
        writing.delete_question(question=shown, by=request.user)
        messages.success(request, _("The question is deleted."))
    else:
        raise Http404
    return redirect("chapter", training_id, chapter_id)


def _chapter(request: SpaceRequest, training_id: int, chapter_id: int) -> Chapter:
    chapters = Chapter.objects.select_related("training__space")
    return get_object_or_404(chapters, pk=chapter_id, training=training_id, training__space=request.space)


def _question(request: SpaceRequest, training_id: int, chapter_id: int, question_id: int) -> Question:
    questions = Question.objects.select_related("chapter__training__space")
    return get_object_or_404(
        questions,
        pk=question_id,
        chapter=chapter_id,
        chapter__training=training_id,
        chapter__training__space=request.space,
    )
