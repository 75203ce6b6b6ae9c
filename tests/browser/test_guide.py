"""Every component, in the browser: it obeys the content security policy and everybody can use it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

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


def test_a_refused_form_says_what_is_wrong_and_takes_the_focus(ada: User, page_of: Callable[..., Page]) -> None:
    page = page_of(ada, expect=(422,))
    page.goto("/guide/form/")
    page.locator("form").last.evaluate("form => form.noValidate = true")
    page.get_by_label("Url").fill("no address at all")
    page.get_by_role("button", name="Save").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    look(page, "guide-form-refused", as_it_stands=True)
    assert_accessible(page)
    summary.get_by_role("link", name="Url").click()
    expect(page.get_by_label("Url")).to_be_focused()
    expect(page.get_by_label("Url")).to_have_accessible_description(
        "The address of your Lucca account, as in your browser. Enter a valid URL."
    )


def test_what_is_chosen_is_seen_in_the_colours_of_the_system(ada: User, page_of: Callable[..., Page]) -> None:
    page = page_of(ada)
    page.goto("/guide/form/")
    page.emulate_media(forced_colors="active")
    page.get_by_label("E-mail and password").check()
    for box in (page.get_by_label("Activate synchronization"), page.get_by_label("SSO")):
        unticked = box.screenshot()
        box.check()
        page.locator("h1").click()
        assert box.screenshot() != unticked
    page.goto("/users/")
    areas = page.locator(".sidebar-areas a")
    backgrounds = areas.evaluate_all("areas => areas.map((area) => getComputedStyle(area).backgroundColor)")
    assert len(set(backgrounds)) == 2, "the current area and the others"


def test_on_paper_there_are_no_buttons(ada: User, page_of: Callable[..., Page]) -> None:
    page = page_of(ada)
    page.goto("/guide/form/")
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".btn").filter(visible=True)).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 390])
def test_the_account_menu_changes_language_and_theme(width: int, ada: User, page_of: Callable[..., Page]) -> None:
    page = page_of(ada)
    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/users/")
    menu = page.locator("#account-menu")
    page.get_by_role("button", name="Your account").click()
    expect(menu).to_be_visible()
    look(page, "account-menu", as_it_stands=True)
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.get_by_role("button", name="Votre compte").click()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def test_on_a_phone_the_sidebar_opens_and_closes(ada: User, page_of: Callable[..., Page]) -> None:
    page = page_of(ada)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/users/")
    expect(page.get_by_role("link", name="Groups")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    current = page.get_by_role("navigation", name="Main menu").locator("[aria-current=page]")
    expect(current).to_have_text("Users")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Groups")).to_be_hidden()


def test_long_work_is_followed_to_its_end_and_then_left_alone(ada: User, page_of: Callable[..., Page]) -> None:
    page = page_of(ada)
    page.goto("/work/")
    expect(page.get_by_role("status")).to_have_text("a quarter")
    expect(page.get_by_role("status")).to_have_text("finished")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "4")
    expect(page.locator("#work")).not_to_have_attribute("hx-get", re.compile("."))
