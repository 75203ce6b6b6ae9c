"""Importing with the keyboard alone, on a screen as narrow as a telephone's."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from cards.integrations.catalogue.actions import activate
from cards.integrations.lucca import sync
from cards.people.models import User
from cards.runs.models import LineState, Run
from cards.spaces.models import Space
from lucca_simulator import Simulator
from tests.cards.integrations.lucca.conftest import connected_to, reading
from tests.journeys.conftest import work

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]


def press(page: Page, control: Locator, key: str = "Enter") -> None:
    """Tab forward until the control has the focus, then press the key."""
    for _ in range(200):
        if control.evaluate("element => element === document.activeElement"):
            page.keyboard.press(key)
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not get there")


@pytest.mark.requirement("R18", "R19", "R20")
def test_options_one_import_a_plan_a_line_left_out_and_the_start_need_no_mouse(
    acme: Space, ada: User, simulator: Simulator, page_of: Callable[..., Page]
) -> None:
    activate(space=acme, integration="lucca", by=None)
    account = connected_to(simulator, acme, ada)
    reading(account, ada)
    page = page_of(ada)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/integrations/lucca/users/")

    press(page, page.get_by_role("link", name="Options", exact=True))
    expect(page.get_by_role("heading", name="Import options")).to_be_in_viewport()
    press(page, page.get_by_role("radio", name="No"), "ArrowUp")
    expect(page.get_by_role("radio", name="Yes")).to_be_checked()

    first = page.locator("tbody tr").first
    press(page, first.get_by_role("button", name="Import"))
    expect(first).to_contain_text("Being imported")
    work()
    expect(first).to_contain_text("Imported")
    expect(first.get_by_role("link", name="Open")).to_be_focused()
    expect(page.locator("#said")).to_contain_text(", Imported")

    press(page, page.get_by_role("button", name="Import all users"))
    expect(page.get_by_role("heading", name="Preparing the import")).to_be_visible()
    work()
    expect(page.get_by_role("heading", name="What the import will do")).to_be_visible()
    leave_out = page.get_by_role("button", name="Leave out").nth(1)
    left_out = page.locator(f"#{leave_out.get_attribute('id')}")
    press(page, left_out)
    expect(left_out).to_contain_text("Take in again")
    expect(left_out).to_be_focused()
    press(page, page.get_by_role("button", name=re.compile("^Import [0-9]")))
    expect(page.get_by_role("heading", name="Import under way")).to_be_visible()
    work()
    expect(page.get_by_role("heading", name="Report of the import")).to_be_visible()
    run = Run.objects.get(kind=sync.IMPORT_USERS)
    assert run.options["notify"]
    assert run.lines.filter(state=LineState.UNTICKED).count() == 1
    assert run.lines.filter(state=LineState.DONE).count() == 38
