"""The answers when something broke, here or at the database, or an address shows no page.

Those about what broke ask the database nothing.
"""

import sys
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.utils import translation

from cards import traces

log = structlog.get_logger()

Answer = Callable[[HttpRequest], HttpResponse]

RETRY_AFTER_SECONDS = "60"


def server_error(request: HttpRequest) -> HttpResponse:
    """500 in words that say what to do; 503 when the database is away or too busy, which passes by itself."""
    error = sys.exc_info()[1]
    if error is not None:
        page = request.resolver_match.view_name if request.resolver_match else ""
        code = traces.code_of(error)
        log.error("page_failed", page=page, error=type(error).__name__, code=code, frames=traces.frames(error))
    if error is not None and traces.is_away(error):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": RETRY_AFTER_SECONDS})
    return HttpResponse(render_to_string("500.html"), status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django gives it
    """400. A host that is none of ours is refused before anybody's language is known: there the browser's counts."""
    if not hasattr(request, "LANGUAGE_CODE"):
        translation.activate(translation.get_language_from_request(request))
    return HttpResponse(render_to_string("400.html"), status=400)


def page_for_what_opens_none(get_response: Answer) -> Answer:
    """Give 405 a page: Django's is empty, and a browser then shows one of its own. What takes forms alone is asked for
    by whoever reloads an address or finds it among their tabs again.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            response.content = render_to_string("405.html", request=request)
        return response

    return answer
