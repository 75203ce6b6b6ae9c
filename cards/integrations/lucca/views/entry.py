"""How a request enters the integration: its account, or 404 while there is none."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from cards.integrations.catalogue.access import for_activated
from cards.integrations.lucca.models import LuccaAccount
from cards.people.access import SpaceRequest, open_to
from cards.people.models import Role

P = ParamSpec("P")


def account_of(request: SpaceRequest) -> LuccaAccount | None:
    return LuccaAccount.objects.select_related("space").filter(space=request.space).first()


def connected(
    view: Callable[Concatenate[SpaceRequest, LuccaAccount, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """For what exists only once a configuration was saved (R13): owners and editors, with the space's account."""

    @open_to(Role.OWNER, Role.EDITOR)
    @for_activated("lucca")
    @wraps(view)
    def guarded(request: SpaceRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        account = account_of(request)
        if account is None:
            raise Http404
        return view(request, account, *args, **kwargs)

    return guarded
