"""The groups of a space: the list, one group, its members."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cards.people import actions
from cards.people.access import MANAGERS, SpaceRequest, open_to
from cards.people.errors import Refused
from cards.people.forms.users import GroupForm
from cards.people.models import Group, User
from cards.people.queries import candidates, groups_of, holding, members_of
from cards.ui.keyset import page_of
from cards.ui.templatetags.ui import number

OFFERED = 10


@open_to(*MANAGERS)
@require_safe
def groups(request: SpaceRequest) -> HttpResponse:
    """The groups by name, with how many people are in each."""
    text = request.GET.get("q", "").strip()
    every = groups_of(request.space)
    found = holding(every, text)
    page = page_of(found, every, request.GET, by="name_key")
    context = {"page": page, "text": text, "number_found": found.count()}
    return render(request, "people/groups.html", context)


@open_to(*MANAGERS)
@require_safe
def group(request: SpaceRequest, group_id: int) -> HttpResponse:
    """The members of a group, who else could be added (`?add=` holds a name or an e-mail), its trainings."""
    shown = _group(request, group_id)
    text, wanted = request.GET.get("q", "").strip(), request.GET.get("add", "").strip()
    every = members_of(request.space, shown)
    found = holding(every, text, "user__search_key")
    context = {
        "shown": shown,
        "page": page_of(found, every, request.GET, by="user__sort_key"),
        "number_found": found.count() if text else shown.memberships.count(),
        "text": text,
        "wanted": wanted,
        "candidates": list(candidates(request.space, shown, wanted)[: OFFERED + 1]) if wanted else [],
        "offered": OFFERED,
        "trainings": shown.trainings.filter(is_for_everyone=False),
        "for_everyone": request.space.trainings.filter(is_for_everyone=True).count(),
    }
    return render(request, "people/group.html", context)


@open_to(*MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def group_add(request: SpaceRequest) -> HttpResponse:
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_group(space=request.space, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            return redirect("group", made.pk)
    return render(request, "people/group_form.html", {"form": form}, status=422 if form.is_bound else 200)


@open_to(*MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def group_edit(request: SpaceRequest, group_id: int) -> HttpResponse:
    shown = _group(request, group_id)
    form = GroupForm(request.POST or None, initial={"name": shown.name, "description": shown.description})
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_group(group=shown, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("group", shown.pk)
    context = {"form": form, "shown": shown}
    return render(request, "people/group_form.html", context, status=422 if form.is_bound else 200)


@open_to(*MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def group_delete(request: SpaceRequest, group_id: int) -> HttpResponse:
    """Ask, saying what becomes of its members and trainings; then delete."""
    shown = _group(request, group_id)
    if request.method == "POST":
        actions.delete_group(group=shown, by=request.user)
        messages.success(request, _("“%(name)s” is deleted.") % {"name": shown.name})
        return redirect("groups")
    trainings = shown.trainings.count()
    given = ngettext(
        "%(number)s training is given to it: members who have it from nowhere else no longer see it.",
        "%(number)s trainings are given to it: members who have them from nowhere else no longer see them.",
        trainings,
    ) % {"number": number(trainings)}
    again = _("It is the group of the department %(name)s: importing that department makes a group of it again.")
    context = {
        "question": _("Delete “%(name)s”?") % {"name": shown.name},
        "consequences": [
            _("Its members keep their accounts and their results."),
            given if trainings else _("No training is given to it."),
            *([again % {"name": shown.lucca_department}] if shown.lucca_department else []),
            _("This cannot be taken back."),
        ],
        "action": _("Delete the group"),
        "back": reverse("group", args=[shown.pk]),
    }
    return render(request, "ui/confirm.html", context)


@open_to(*MANAGERS)
@require_POST
def member_add(request: SpaceRequest, group_id: int, user_id: int) -> HttpResponse:
    shown, user = _group(request, group_id), _user(request, user_id)
    actions.add_members(group=shown, by=request.user, users=[user])
    messages.success(request, _("%(name)s is now in the group.") % {"name": user.full_name})
    return redirect("group", shown.pk)


@open_to(*MANAGERS)
@require_POST
def member_remove(request: SpaceRequest, group_id: int, user_id: int) -> HttpResponse:
    shown, user = _group(request, group_id), _user(request, user_id)
    actions.remove_member(group=shown, by=request.user, user=user)
    messages.success(request, _("%(name)s is no longer in the group.") % {"name": user.full_name})
    return redirect("group", shown.pk)


def _group(request: SpaceRequest, group_id: int) -> Group:
    return get_object_or_404(Group, space=request.space, pk=group_id)


def _user(request: SpaceRequest, user_id: int) -> User:
    return get_object_or_404(User, space=request.space, pk=user_id)
