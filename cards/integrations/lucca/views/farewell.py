"""Disconnecting Lucca, and forgetting everything: each says beforehand what it does."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cards.integrations.catalogue.access import for_activated
from cards.integrations.lucca import connect
from cards.integrations.lucca.views.entry import account_of
from cards.people.access import SpaceRequest, open_to
from cards.people.models import Role


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.OWNER)
@for_activated("lucca")
def disconnect(request: SpaceRequest) -> HttpResponse:
    """Let go of Lucca, and keep who is whom for the day it comes back."""
    account = account_of(request)
    if account is None:
        return redirect("lucca_configuration")
    if request.method == "POST":
        connect.disconnect(account, by=request.user)
        messages.success(request, _("Lucca is disconnected. Connecting the same Lucca again finds the links again."))
        return redirect("lucca_configuration")
    return _ask(
        request,
        question=_("Disconnect Lucca?"),
        action=_("Disconnect"),
        consequences=[
            _("The key and everything read from Lucca are erased, and statistics are no longer sent."),
            _("Users, groups and results stay; so does who is linked to whom (two ids, no name)."),
            format_html(
                '{} <a class="text-decoration-underline" href="{}">{}</a>',
                _(
                    "What was sent to Lucca stays there. Of it, Cards keeps only where it stands, not what it says. "
                    "To take it back, do this first:"
                ),
                reverse("lucca_remove_statistics"),
                _("Remove everything Cards wrote"),
            ),
            _("Connecting the same Lucca again finds these links again."),
            _("Invitations that wait for your decision are not sent. You can invite these people on the page Users."),
        ],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.OWNER)
@for_activated("lucca")
def forget(request: SpaceRequest) -> HttpResponse:
    """Let go of Lucca and of all that is known through it."""
    if request.method == "POST":
        connect.forget_everything(request.space, by=request.user)
        messages.success(request, _("Everything known through Lucca is forgotten."))
        return redirect("lucca_configuration")
    return _ask(
        request,
        question=_("Forget everything known through Lucca?"),
        action=_("Forget everything"),
        consequences=[
            _("Lucca is disconnected; the key, the links and the history of imports are erased for good."),
            _("Users, groups and results stay. What was sent to Lucca stays there, and is no longer kept up to date."),
            _("After a new connection people are recognized by their e-mail, as the first time."),
            _("Invitations that wait for your decision are not sent. You can invite these people on the page Users."),
        ],
    )


def _ask(request: SpaceRequest, *, question: str, action: str, consequences: list[str]) -> HttpResponse:
    page = {
        "question": question,
        "action": action,
        "consequences": consequences,
        "back": reverse("lucca_configuration"),
    }
    return render(request, "ui/confirm.html", page)
