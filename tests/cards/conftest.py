"""A browser without a screen: it refuses pages that the content security policy would break or that leak."""

import re
from typing import Any

import pytest
from django.test import Client

from tools.templates import refused

LEAKS = (re.compile(r"\{[{%#]"), re.compile(r">\s*None\s*<"), re.compile(r"&lt;\w+ object at 0x"))
# What every answer says to the browser, whoever wrote the page.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Django's own pages keep their own habits.
NOT_OURS = ("/operator/",)


class PageClient(Client):
    """Django's test client, reading every page of ours that it is given."""

    def request(self, **request: Any) -> Any:
        answer = super().request(**request)
        lacking = [name for name, value in HEADERS.items() if answer.get(name) != value]
        policy = answer.get("Content-Security-Policy", "")
        if not re.search("default-src '(self|none)'", policy) or "unsafe" in policy:
            lacking.append("Content-Security-Policy")
        assert not lacking, f"{request['PATH_INFO']}: {lacking}"
        is_page = answer.get("Content-Type", "").startswith("text/html") and not answer.streaming
        if is_page and not request["PATH_INFO"].startswith(NOT_OURS):
            page = answer.content.decode()
            faults = [*refused(page), *(f"leaked: {page[m.start() - 40 : m.end() + 40]!r}" for m in _leaks(page))]
            assert not faults, f"{request['PATH_INFO']}: {faults}"
        return answer


def _leaks(page: str) -> list[re.Match[str]]:
    return [found for pattern in LEAKS for found in pattern.finditer(page)]


@pytest.fixture
def client_class() -> type[Client]:
    return PageClient


@pytest.fixture
def client(client_class: type[Client]) -> Client:
    return client_class()
