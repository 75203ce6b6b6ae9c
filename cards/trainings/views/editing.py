"""Writing trainings: the list, one training, to whom it is given."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cards.ids import id_of
from cards.people.access import SpaceRequest, open_to
from cards.people.errors import Refused
from cards.people.models import Group, Role
from cards.trainings import actions, queries
from cards.trainings.addresses import training_link
from cards.trainings.forms import TrainingForm
from cards.trainings.models import Attempt, Training

editors = open_to(Role.OWNER, Role.EDITOR)


def training_of(request: SpaceRequest, training_id: int) -> Training:
    """A training of this space, else 404."""
    return get_object_or_404(Training.objects.select_related("space"), pk=training_id, space=request.space)


@require_safe
@editors
def trainings(request: SpaceRequest) -> HttpResponse:
    """The trainings of the space in the order in which learners see them."""
    audience = queries.audience_sizes(request.space)
    rows = [(row, audience.get(row.pk, 0)) for row in queries.with_numbers(queries.trainings_of(request.space))]
    return render(request, "trainings/trainings.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@editors
def training_add(request: SpaceRequest) -> HttpResponse:
    form = TrainingForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        made = actions.create_training(
            space=request.space,
            by=request.user,
            title=form.cleaned_data["title"],
            description=form.cleaned_data["description"],
            picture=form.cleaned_data["picture"],
        )
        messages.success(request, _("The draft is saved. Now write its first chapter."))
        return redirect("training", made.pk)
    return render(request, "trainings/training_form.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@editors
def training(request: SpaceRequest, training_id: int) -> HttpResponse:
    """A training: its chapters, whether it is published, to whom it is given."""
    shown = training_of(request, training_id)
    groups = list(shown.groups.order_by("name_key"))
    context = {
        "training": shown,
        "chapters": queries.chapters_with_quizzes(shown),
        "groups": groups,
        "other_groups": Group.objects.filter(space=request.space).exclude(pk__in=[group.pk for group in groups]),
        "audience": queries.audience_of(shown).count(),
        "link": training_link(shown),
    }
    return render(request, "trainings/training.html", context)


@require_http_methods(["GET", "POST"])
@editors
def training_edit(request: SpaceRequest, training_id: int) -> HttpResponse:
    shown = training_of(request, training_id)
    form = TrainingForm(request.POST or None, request.FILES or None, shown=shown)
    if request.method == "POST" and form.is_valid():
        actions.change_training(
            training=shown,
            by=request.user,
            title=form.cleaned_data["title"],
            description=form.cleaned_data["description"],
            **form.chosen_picture,
        )
        messages.success(request, _("Saved."))
        return redirect("training", shown.pk)
    context = {"form": form, "shown": shown}
    return render(request, "trainings/training_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@editors
def training_delete(request: SpaceRequest, training_id: int) -> HttpResponse:
    """Ask, saying what becomes of the results; then delete."""
    shown = training_of(request, training_id)
    if request.method == "POST":
        actions.delete_training(training=shown, by=request.user)
        messages.success(request, _("“%(title)s” is deleted.") % {"title": shown.title})
        return redirect("trainings")
    people = Attempt.objects.filter(training=shown, is_counted=True).count()
    results = ngettext(
        "The results of %(number)d person are deleted too; statistics and CSV files will no longer show them.",
        "The results of %(number)d people are deleted too; statistics and CSV files will no longer show them.",
        people,
    ) % {"number": people}
    context = {
        "question": _("Delete “%(title)s”?") % {"title": shown.title},
        "consequences": [
            _("Its chapters, quizzes and pictures are deleted. This cannot be taken back."),
            results if people else _("Nobody has started it, so no result is lost."),
            _("What was already sent to Lucca stays on the collaborators’ files; its link leads nowhere any more."),
            _("To hide it from learners and keep the results, make it a draft instead."),
        ],
        "action": _("Delete the training"),
        "back": reverse("training", args=[shown.pk]),
    }
    return render(request, "ui/confirm.html", context)


# What a button may ask for, by the last part of its address: what is done, what is said, which page comes.
WISHES: dict[str, tuple[Callable[..., None], Promise | str, str]] = {
    "publish": (actions.publish, gettext_lazy("Published. Those it is given to can start now."), "training"),
    "withdraw": (actions.withdraw, gettext_lazy("It is a draft again. Learners no longer see it."), "training"),
    "up": (partial(actions.move_training, up=True), "", "trainings"),
    "down": (partial(actions.move_training, up=False), "", "trainings"),
    "everyone": (
        partial(actions.give_to_everyone, everyone=True),
        gettext_lazy("Given to everyone in the space."),
        "training",
    ),
    "not-everyone": (
        partial(actions.give_to_everyone, everyone=False),
        gettext_lazy("From now on it is given only to the groups listed."),
        "training",
    ),
}


@require_POST
@editors
def training_change(request: SpaceRequest, training_id: int, wish: str) -> HttpResponse:
    """Do one of the WISHES; what is not possible is said."""
    shown = training_of(request, training_id)
    if wish not in WISHES:
        raise Http404
    act, words, page = WISHES[wish]
    try:
        act(training=shown, by=request.user)
        if words:
            messages.success(request, str(words))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("trainings") if page == "trainings" else redirect("training", shown.pk)


@require_POST
@editors
def training_duplicate(request: SpaceRequest, training_id: int) -> HttpResponse:
    copy = actions.duplicate_training(training=training_of(request, training_id), by=request.user)
    messages.success(request, _("This is the copy: a draft that is given to nobody yet."))
    return redirect("training", copy.pk)


@require_POST
@editors
def training_give(request: SpaceRequest, training_id: int) -> HttpResponse:
    """Give the training to the group chosen in the form."""
    shown = training_of(request, training_id)
    group = Group.objects.filter(space=request.space, pk=id_of(request.POST.get("group"))).first()
    if group is None:
        messages.warning(request, _("Choose a group first."))
    else:
        actions.give_to_group(training=shown, by=request.user, group=group)
        messages.success(request, _("Given to %(group)s.") % {"group": group.name})
    return redirect("training", shown.pk)


@require_POST
@editors
def training_take(request: SpaceRequest, training_id: int, group_id: int) -> HttpResponse:
    shown = training_of(request, training_id)
    group = get_object_or_404(Group, pk=group_id, space=request.space)
    actions.take_from_group(training=shown, by=request.user, group=group)
    messages.success(request, _("No longer given to %(group)s. Results stay.") % {"group": group.name})
    return redirect("training", shown.pk)
