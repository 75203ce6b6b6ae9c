"""From the host of a request to its space: the one place that decides it."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cards.spaces.models import Space
from cards.spaces.queries import space_of_host

Answer = Callable[[HttpRequest], HttpResponse]


class HostRequest(HttpRequest):
    """A request whose host was looked up: it names a space, or none."""

    space: Space | None


def space_of_request(get_response: Answer) -> Answer:
    """Put the space that the request's host names on the request, as `request.space` (None when it names none).

    Times are shown in the time zone of the space.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        space = space_of_host(request.get_host())
        cast("HostRequest", request).space = space
        # Not undone afterwards: what is streamed is written after this function has returned.
        timezone.activate(space.time_zone if space else settings.TIME_ZONE)
        return get_response(request)

    return answer
