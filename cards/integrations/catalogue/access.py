"""Who may enter the pages of an integration: the users of spaces for which it is activated."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.http import Http404
from django.http.response import HttpResponseBase

from cards.integrations.catalogue.queries import is_active
from cards.people.access import SpaceRequest, View

P = ParamSpec("P")


def for_activated(slug: str) -> Callable[[View[P]], View[P]]:
    """Answer 404 where the integration is not activated (R6). Stands below `open_to`."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: SpaceRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not is_active(request.space, slug):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate
