"""A browser without a screen: it refuses pages that the content security policy would break or that leak."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tools.templates import refused

LEAKS = (re.compile(r"\{[{%#]"), re.compile(r">\s*None\s*<"), re.compile(r"&lt;\w+ object at 0x"))
# What is sealed or hashed, and what seals it: of no use in a page, whatever page it is.
SECRETS = re.compile(rf"gAAAAA[\w-]{{30}}|\b(md5|pbkdf2_sha256|argon2)\$|{settings.CARDS_ENCRYPTION_KEYS[0]}")
# What every answer says to the browser, whoever wrote the page.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Where the content security policy lets things come from; pictures also out of the page itself.
SOURCES = {"'self'", "'none'"}
OF_PICTURES = {"data:"}
# Django's own pages keep their own habits.
NOT_OURS = ("/operator/",)


class PageClient(Client):
    """Django's test client, reading every page of ours that it is given."""

    def request(self, **request: Any) -> Any:
        answer = super().request(**request)
        assert not weak_headers(answer), f"{request['PATH_INFO']}: {weak_headers(answer)}"
        is_page = answer.get("Content-Type", "").startswith("text/html") and not answer.streaming
        if is_page and not request["PATH_INFO"].startswith(NOT_OURS):
            page = answer.content.decode()
            faults = [*refused(page), *(f"leaked: {page[m.start() - 40 : m.end() + 40]!r}" for m in _leaks(page))]
            assert not faults, f"{request['PATH_INFO']}: {faults}"
        return answer


def weak_headers(answer: Any) -> list[str]:
    """The headers that do not protect as they should: those above, the policy, and what caches may keep."""
    weak = [name for name, value in HEADERS.items() if answer.get(name) != value]
    directives = [each.split() for each in answer.get("Content-Security-Policy", "").split(";") if each.strip()]
    is_strict = all(
        set(sources) <= SOURCES | (OF_PICTURES if name == "img-src" else set()) for name, *sources in directives
    )
    if not is_strict or "default-src" not in [name for name, *_sources in directives]:
        weak.append("Content-Security-Policy")
    user = getattr(answer.wsgi_request, "user", None)
    kept = answer.get("Cache-Control", "")
    if user is not None and user.is_authenticated and "private" not in kept and "no-store" not in kept:
        weak.append("Cache-Control")
    return weak


def _leaks(page: str) -> list[re.Match[str]]:
    return [found for pattern in (*LEAKS, SECRETS) for found in pattern.finditer(page)]


@pytest.fixture
def client_class() -> type[Client]:
    return PageClient


@pytest.fixture
def client(client_class: type[Client]) -> Client:
    return client_class()
