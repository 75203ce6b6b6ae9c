"""From the host of a request to its space: the one place that decides it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from cards.spaces.queries import space_of_host

Answer = Callable[[HttpRequest], HttpResponse]


def space_of_request(get_response: Answer) -> Answer:
    """Put the space that the request's host names (or None) on the request, as `request.space`."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.space = space_of_host(request.get_host())  # type: ignore[attr-defined]
        return get_response(request)

    return answer
