"""The headers that protect a reader are on every answer. The walks read them at every address; here are the others.

`tests.cards.conftest.PageClient` reads them, and fails on an answer that lacks one.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django.fixtures import Settings

from tests.cards.conftest import weak_headers
from tests.cards.walk.filled import Filled

ClientAs = Callable[[str], Client]


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


urlpatterns = [path("breaks/", breaks), path("", include("cards.urls"))]
handler500 = "cards.ui.errors.server_error"

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

# Who asks for what, and how it is answered.
ANSWERS: list[tuple[str, str, int, dict[str, Any]]] = [
    ("stranger", "/static/ui/cards.css", 200, {}),
    ("stranger", "/static/nothing.css", 404, {}),
    ("stranger", "/", 302, {}),
    ("stranger", "/account/login/", 200, {}),
    ("stranger", "/nowhere/", 404, {}),
    ("stranger", "/users", 301, {}),
    ("stranger", "/account/login/", 404, {"SERVER_NAME": "elsewhere.example"}),
    ("stranger", "/account/login/", 400, {"SERVER_NAME": "bad_host"}),
    ("learner", "/settings/", 403, {}),
    ("owner", "/statistics/csv/", 200, {}),
    ("owner", "/language/", 405, {}),
    ("owner", "/breaks/", 500, {}),
    ("operator", "/operator/", 200, {}),
]


def test_every_kind_of_answer_has_the_headers(
    filled: Filled, twin: Filled, client_as: ClientAs, settings: Settings
) -> None:
    settings.WHITENOISE_USE_FINDERS = True
    for who, address, status, more in ANSWERS:
        client = client_as(who)
        client.raise_request_exception = False
        answer = client.get(address, **more)
        assert answer.status_code == status, address
        b"".join(answer)  # read to its end, a file is closed


def test_a_refused_form_has_the_headers(filled: Filled, client_as: ClientAs) -> None:
    client = client_as("owner")
    client.handler.enforce_csrf_checks = True
    assert client.post("/users/add/").status_code == 403


def test_behind_a_proxy_browsers_are_told_to_stay_with_https(
    filled: Filled, client_as: ClientAs, settings: Settings
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    client = client_as("stranger")
    answer = client.get("/account/login/")
    assert (answer.status_code, answer["Location"]) == (301, "https://acme.example/account/login/")
    assert "max-age=31536000" in client.get("/account/login/", secure=True)["Strict-Transport-Security"]


WEAKER = [
    ("Content-Security-Policy", "default-src 'self' 'unsafe-inline'"),
    ("Content-Security-Policy", "default-src 'self'; script-src https://elsewhere.example"),
    ("Content-Security-Policy", "img-src 'self'"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Cache-Control", "public, max-age=600"),
]


def test_a_weaker_header_is_noticed(filled: Filled, client_as: ClientAs) -> None:
    for header, value in WEAKER:
        answer: Any = client_as("owner").get("/trainings/")
        assert weak_headers(answer) == []
        answer[header] = value
        assert weak_headers(answer) == [header]
