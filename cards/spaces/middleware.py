"""From the host of a request to its space: the one place that decides it."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse

from cards.spaces.models import Space
from cards.spaces.queries import space_of_host

Answer = Callable[[HttpRequest], HttpResponse]


class HostRequest(HttpRequest):
    """A request whose host was looked up: it names a space, or none."""

    space: Space | None


def space_of_request(get_response: Answer) -> Answer:
    """Put the space that the request's host names on the request, as `request.space` (None when it names none)."""

    def answer(request: HttpRequest) -> HttpResponse:
        cast("HostRequest", request).space = space_of_host(request.get_host())
        return get_response(request)

    return answer
