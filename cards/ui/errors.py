"""The answer when something broke: our own fault, or a database that cannot be reached. Asks the database nothing."""

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

RETRY_AFTER_SECONDS = "60"


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature of a handler500
    """500 in words that say what to do; 503 when the database is away or too busy, which passes by itself."""
    if isinstance(sys.exc_info()[1], OperationalError):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": RETRY_AFTER_SECONDS})
    return HttpResponse(render_to_string("500.html"), status=500)
