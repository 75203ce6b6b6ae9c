"""Who a request is for: nobody is signed in outside their own space."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from cards.spaces.middleware import HostRequest

Answer = Callable[[HttpRequest], HttpResponse]


def user_of_space(get_response: Answer) -> Answer:
    """Treat a user as not signed in on a host of another space; operators are signed in on every host.

    The session is set aside, not ended: where its user belongs, it goes on.
    """
    sessions = import_module(settings.SESSION_ENGINE)

    def answer(request: HttpRequest) -> HttpResponse:
        user, space = request.user, cast("HostRequest", request).space
        if user.is_authenticated and not user.is_operator and (space is None or user.space_id != space.pk):
            request.session = sessions.SessionStore()
            request.user = AnonymousUser()
        return get_response(request)

    return answer
