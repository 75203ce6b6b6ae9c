"""Who a request is for: nobody is signed in outside their own space, nor goes on without a second factor due."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect

from cards.people.access import must_set_up_second_factor

if TYPE_CHECKING:
    from cards.people.access import SpaceRequest
    from cards.spaces.middleware import HostRequest

# Where one may go before the second factor is set up: to set it up, to sign out, to read in another language.
BEFORE = ("/account/", "/operator/logout/", "/language/", "/theme/")

Answer = Callable[[HttpRequest], HttpResponse]


def user_of_space(get_response: Answer) -> Answer:
    """Treat a user as not signed in on a host of another space; operators are signed in on every host.

    The session is set aside, not ended: where its user belongs, it goes on. What somebody signed in is shown is kept by
    no cache on the way, and by their browser only to ask again whether it still holds.
    """
    sessions = import_module(settings.SESSION_ENGINE)

    def answer(request: HttpRequest) -> HttpResponse:
        user, space = request.user, cast("HostRequest", request).space
        if user.is_authenticated and not user.is_operator and (space is None or user.space_id != space.pk):
            request.session = sessions.SessionStore()
            request.user = AnonymousUser()
        response = get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return answer


def second_factor_demanded(get_response: Answer) -> Answer:
    """Show nothing but how to set up a second factor to whoever must have one and has none."""

    def answer(request: HttpRequest) -> HttpResponse:
        space = cast("HostRequest", request).space
        if request.path.startswith(BEFORE) or not must_set_up_second_factor(request.user, space):
            return get_response(request)
        answer = redirect("second_factor")
        return HttpResponseClientRedirect(answer.url) if cast("SpaceRequest", request).htmx else answer

    return answer
