"""From the host of a request to its space: the one place that decides it. And what no request may hold."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cards.spaces.models import Space
from cards.spaces.queries import space_of_host

Answer = Callable[[HttpRequest], HttpResponse]


class HostRequest(HttpRequest):
    """A request whose host was looked up: it names a space, or none."""

    space: Space | None


def without_null_characters(get_response: Answer) -> Answer:
    """Refuse a query with the one character that PostgreSQL cannot store (400); nobody types it."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "%00" in request.META["QUERY_STRING"]:
            raise SuspiciousOperation("a null character in the query")
        return get_response(request)

    return answer


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
