"""What is kept of people, for owners; and of each person, to hand over or to erase. A person sees their own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cards.people.access import SpaceRequest, open_to
from cards.people.errors import Refused
from cards.people.models import Role, User
from cards.privacy.erase import erase
from cards.privacy.export import everything_about, export
from cards.privacy.kept import kept
from cards.privacy.lucca_fields import LUCCA_FIELDS
from cards.privacy.words import part_in_words, part_words


@open_to(Role.OWNER)
@require_safe
def personal_data(request: SpaceRequest) -> HttpResponse:
    """What is read in Lucca, what is kept in Cards, what is sent to Lucca; why and how long."""
    return render(request, "privacy/personal_data.html", {"fields": LUCCA_FIELDS, "kept": kept()})


@open_to(Role.OWNER)
@require_safe
def person_data(request: SpaceRequest, user_id: int) -> HttpResponse:
    """How much is kept of somebody, and what an owner can do about it."""
    return _summary(request, _user(request, user_id))


@open_to(Role.OWNER)
@require_POST
def person_export(request: SpaceRequest, user_id: int) -> HttpResponse:
    return _archive(_user(request, user_id), request.user)


@open_to(Role.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def person_erase(request: SpaceRequest, user_id: int) -> HttpResponse:
    """Say what goes and what stays, ask, then erase."""
    shown = _user(request, user_id)
    if request.method == "POST":
        try:
            erase(user=shown, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("person_data", user_id)
        messages.success(request, _("%(name)s was erased.") % {"name": shown.full_name})
        return redirect("users")
    context = {
        "question": _("Erase %(name)s for good?") % {"name": shown.full_name},
        "consequences": _consequences(),
        "action": _("Erase for good"),
        "back": reverse("person_data", args=[user_id]),
    }
    return render(request, "ui/confirm.html", context)


@open_to(*Role)
@require_safe
def my_data(request: SpaceRequest) -> HttpResponse:
    """What is kept of the reader."""
    return _summary(request, request.user)


@open_to(*Role)
@require_POST
def my_data_export(request: SpaceRequest) -> HttpResponse:
    return _archive(request.user, request.user)


def _consequences() -> list[str]:
    return [
        _("The account goes, with its groups, attempts, answers and results, and so do mails that have not left."),
        _("Whoever it is is signed out everywhere at once. This cannot be undone."),
        _(
            "Reports and the audit log keep that something was done, with a number in place of the name. "
            "Figures of trainings no longer count this person."
        ),
        _(
            "What was sent to Lucca stays on the file in Lucca. Cards keeps of it which rows they are, not what they "
            "say, so that “Remove everything Cards wrote” still finds them."
        ),
        _(
            "The collaborator’s file belongs to Lucca: while it is there, the next reading lists it again, and an "
            "import of everybody would open a new account. Untick the person then, or have them removed in Lucca."
        ),
    ]


def _summary(request: SpaceRequest, shown: User) -> HttpResponse:
    # An owner sees how much is kept; reading it is to download it, and the audit log says so.
    is_own = shown == request.user
    counted = [
        (part_words(name), len(rows), part_in_words(name, rows) if is_own else [])
        for name, rows in everything_about(shown).items()
    ]
    return render(request, "privacy/person.html", {"shown": shown, "counted": counted})


def _archive(shown: User, by: User) -> HttpResponse:
    response = HttpResponse(export(user=shown, by=by), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="cards-person-{shown.pk}.zip"'
    response["Cache-Control"] = "no-store"
    return response


def _user(request: SpaceRequest, user_id: int) -> User:
    return get_object_or_404(User.objects.select_related("space"), pk=user_id, space=request.space)
