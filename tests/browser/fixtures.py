"""A real browser, Debian's Chromium, against a live server. Every page is watched: see `watch.Watch`."""

import os
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from cards.people.models import User
from cards.spaces.models import Space
from tests.browser.watch import Watch

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Spaces are told apart by their host: every `.example` name is this machine.
    "--host-resolver-rules=MAP *.example 127.0.0.1",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once. Without it the journeys are skipped here and fail in CI."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        reason = "no Chromium on this machine (Debian: apt install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    # Playwright runs an event loop in this thread, which makes Django refuse the database although every call is
    # made one after the other, as in any other test.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def context_of(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., BrowserContext]]:
    """Opens browsers at the host of a space; at the end, fails on whatever went wrong in any of them."""
    port = urlsplit(live_server.url).port
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_at(space: Space, *, expect: tuple[int, ...] = ()) -> BrowserContext:
        context = browser.new_context(
            base_url=f"http://{space.host}:{port}",
            viewport={"width": 1440, "height": 900},
            locale="en-GB",
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        opened.append((context, Watch(context, expect)))
        return context

    yield open_at
    faults = [fault for _, watch in opened for fault in watch.faults]
    for context, _ in opened:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def page_of(context_of: Callable[..., BrowserContext], client_of: Callable[[User], Client]) -> Callable[..., Page]:
    """A page of a browser in which this user is signed in: `page_of(ada).goto("/users/")`.

    `expect` names the statuses from 400 on that the test provokes.
    """

    def page(user: User, *, expect: tuple[int, ...] = ()) -> Page:
        assert user.space, "an operator has no space to be in"
        context = context_of(user.space, expect=expect)
        session = client_of(user).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "domain": user.space.host, "path": "/"}])
        return context.new_page()

    return page


@pytest.fixture
def page_at(context_of: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """A page of a browser in which nobody is signed in, at the host of a space."""

    def page(space: Space, *, expect: tuple[int, ...] = ()) -> Page:
        return context_of(space, expect=expect).new_page()

    return page
