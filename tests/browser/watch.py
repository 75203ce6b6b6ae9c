"""Watches a browser while a test drives it, so that nothing goes wrong unnoticed; takes pictures and checks access."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from cards.people.models import User

PICTURES = Path(__file__).resolve().parents[2] / "test-artifacts"
OURS = (".example", "localhost", "127.0.0.1")
IGNORED = (
    "Failed to load resource",  # judged by its status below
    "Response Status Error Code",  # htmx about the same
    "The Cross-Origin-Opener-Policy header has been ignored",  # a live server has no https
)


# What htmx says when a request gets no answer at all; a test that cuts the connection expects status 0.
CUT_OFF = ("htmx:afterRequest", "htmx:sendError")


class Watch:
    """Collects what must not happen: an unexpected status, an error, a refused script or style, a foreign address."""

    def __init__(self, context: BrowserContext, expected: Iterable[int]) -> None:
        self.expected = set(expected)
        self.faults: list[str] = []
        context.on("response", self._on_response)
        context.on("request", self._on_request)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.faults.append(f"error: {error.error}"))

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"{response.status} {response.request.method} {response.url}")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and not (address.hostname or "").endswith(OURS):
            self.faults.append(f"left this machine: {request.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        ignored = IGNORED + CUT_OFF if 0 in self.expected else IGNORED
        if message.type in ("error", "warning") and not message.text.startswith(ignored):
            self.faults.append(f"console: {message.text}")


def look(page: Page, name: str, *, as_it_stands: bool = False) -> None:
    """With CARDS_LOOK=1, write pictures of the page to test-artifacts: two widths, both themes, both languages.

    The second language needs a fresh page; `as_it_stands` leaves it out where the page would not come again.
    """
    if not os.environ.get("CARDS_LOOK"):
        return
    PICTURES.mkdir(exist_ok=True)
    if as_it_stands:
        _photograph(page, f"{name}-en")
        return
    for language in ("fr", "en"):
        User.objects.update(language=language)
        page.context.add_cookies([{"name": "django_language", "value": language, "url": page.url}])
        page.goto(page.url)
        _photograph(page, f"{name}-{language}")


def _photograph(page: Page, name: str) -> None:
    for width, theme in _views(page):
        page.screenshot(path=PICTURES / f"{name}-{width}-{theme}.png", full_page=True)


def _views(page: Page) -> Iterator[tuple[int, str]]:
    """Show the page on a desk and on a phone, light and dark; afterwards as it was."""
    # A click returns once the next page has begun to come.
    page.wait_for_load_state()
    before = page.viewport_size
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            yield width, theme
    if before:
        page.set_viewport_size(before)
    page.emulate_media(color_scheme="light")


def assert_accessible(page: Page) -> None:
    """No rule of axe is broken, in either theme, on a desk or on a phone; and the page never scrolls sideways."""
    for width, theme in _views(page):
        _assert_fits(page, width)
        found: Any = Axe().run(page)
        assert not found.violations_count, f"{width} {theme}\n{found.generate_report()}"


def assert_not_wider(page: Page) -> None:
    """The page never scrolls sideways, on a desk or on a phone."""
    for width, _theme in _views(page):
        _assert_fits(page, width)


def _assert_fits(page: Page, width: int) -> None:
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{page.url} is {overflow} px wider than {width}"
