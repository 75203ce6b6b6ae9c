"""Every component, in the browser: it obeys the content security policy and everybody can use it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from cards.people.models import User
from cards.spaces.models import Space
from tests.browser.watch import assert_accessible, look

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.cards.ui.guide")]


@pytest.mark.parametrize("name", ["list", "empty", "form"])
def test_components_are_accessible(name: str, ada: User, page_of: Callable[..., Page]) -> None:
    page = page_of(ada)
    page.goto(f"/guide/{name}/")
    look(page, f"guide-{name}")
    assert_accessible(page)


def test_a_page_without_the_sidebar_is_accessible(acme: Space, page_at: Callable[..., Page]) -> None:
    page = page_at(acme)
    page.goto("/guide/centered/")
    look(page, "guide-centered")
    assert_accessible(page)
