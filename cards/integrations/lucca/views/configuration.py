"""The configuration tab: url and key."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cards.integrations.catalogue.access import for_activated
from cards.integrations.lucca import connect, sync, words
from cards.integrations.lucca.connect import Connection
from cards.integrations.lucca.forms import ConnectionForm
from cards.integrations.lucca.views.entry import account_of
from cards.people.access import SpaceRequest, open_to
from cards.people.models import Role


@require_safe
@open_to(Role.OWNER, Role.EDITOR)
@for_activated("lucca")
def home(request: SpaceRequest) -> HttpResponse:
    """Where the block of the catalogue leads: the configuration for an owner, the collaborators for an editor."""
    if request.user.role == Role.OWNER:
        return redirect("lucca_configuration")
    if account_of(request) is None:
        messages.info(request, _("Lucca is not connected yet. The owner of the space can do it."))
        return redirect("integrations")
    return redirect("lucca_users")


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.OWNER)
@for_activated("lucca")
def configuration(request: SpaceRequest) -> HttpResponse:
    """Url and key; saving tests them and says what came of it (R7 to R9, R13)."""
    account = account_of(request)
    initial = {"url": account.url} if account else None
    form = ConnectionForm(request.POST or None, initial=initial, account=account)
    if request.method == "POST" and form.is_valid() and form.address:
        outcome = connect.save(request.space, account, form.address, form.cleaned_data["key"] or None, by=request.user)
        if outcome in connect.STATE_AFTER:
            level = messages.SUCCESS if outcome is Connection.WORKS else messages.WARNING
            messages.add_message(request, level, str(words.CONNECTIONS[outcome]))
            saved = account_of(request)
            if saved:
                sync.refresh(saved, by=request.user)
            return redirect("lucca_configuration")
        form.add_error("key" if outcome is Connection.REFUSED else "url", words.CONNECTIONS[outcome])
    status = 422 if form.errors else 200
    return render(request, "lucca/configuration.html", {"form": form, "account": account}, status=status)
