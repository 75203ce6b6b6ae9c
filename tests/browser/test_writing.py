"""Writing a chapter: the buttons above the text spare its author the signs."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from cards.people.models import User
from cards.spaces.models import Space
from tests.browser.watch import assert_accessible, look
from tests.cards.trainings.conftest import a_training

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(acme: Space, ada: User, page_of: Callable[..., Page]) -> Page:
    page = page_of(ada)
    page.goto(f"/trainings/{a_training(acme).pk}/chapters/add/")
    return page


def text_of(page: Page) -> Locator:
    return page.get_by_label("Text")


def click(page: Page, name: str) -> None:
    page.get_by_role("group", name="Formatting").get_by_role("button", name=name, exact=True).click()


def choose(page: Page, start: int, end: int) -> None:
    text_of(page).evaluate("(text, [start, end]) => text.setSelectionRange(start, end)", [start, end])


CHOSEN = [
    ("Close the door.", "door", "Bold", "Close the **door**."),
    ("Close the door.", "door", "Italic", "Close the *door*."),
    ("Close the **door**.", "door", "Bold", "Close the door."),
    ("Close the **door**.", "**door**", "Bold", "Close the door."),
    ("Close the **door**.", "door", "Italic", "Close the ***door***."),
    ("Close the ***door***.", "door", "Bold", "Close the *door*."),
    ("Close the door now", "door ", "Bold", "Close the **door** now"),
    ("- one\n- two", "- one\n- two", "Bold", "- **one**\n- **two**"),
    ("- **one**\n- **two**", "- **one**\n- **two**", "Bold", "- one\n- two"),
    ("one\n\ntwo", "one\n\ntwo", "List", "- one\n\n- two"),
    ("- one\n- two", "- one\n- two", "List", "one\ntwo"),
    ("- one\n- two", "- one\n- two", "Numbered list", "1. one\n1. two"),
    ("One\nLeave\nThree", "ave", "Heading", "One\n# Leave\nThree"),
    ("# Leave", "Leave", "Heading", "Leave"),
    ("Ask the office.", "the office", "Link", "Ask [the office](https://)."),
]


def test_a_button_writes_signs_around_what_is_chosen_or_takes_them_away(page: Page) -> None:
    for before, chosen, button, after in CHOSEN:
        text_of(page).fill(before)
        start = before.index(chosen)
        choose(page, start, start + len(chosen))
        click(page, button)
        expect(text_of(page)).to_have_value(after)
        expect(text_of(page)).to_be_focused()


def test_the_address_of_a_link_is_typed_in_its_place(page: Page) -> None:
    text_of(page).fill("the office")
    choose(page, 0, 10)
    click(page, "Link")
    page.keyboard.type("mailto:office@acme.example")
    expect(text_of(page)).to_have_value("[the office](mailto:office@acme.example)")


def test_with_nothing_chosen_one_types_on_in_the_right_place(page: Page) -> None:
    for button, typed, after in (
        ("Bold", "now", "Leave **now**"),
        ("Italic", "now", "Leave *now*"),
        ("List", "now", "- Leave now"),
        ("Heading", "now", "# Leave now"),
        ("Link", "the office", "Leave [the office](https://)"),
    ):
        text_of(page).fill("Leave ")
        click(page, button)
        page.keyboard.type(typed)
        expect(text_of(page)).to_have_value(after)


def test_the_buttons_work_from_the_keyboard_and_can_be_undone_and_the_preview_follows(page: Page) -> None:
    text_of(page).fill("alarm")
    choose(page, 0, 5)
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Link", exact=True)).to_be_focused()
    page.get_by_role("button", name="Bold").press("Enter")
    expect(text_of(page)).to_have_value("**alarm**")
    expect(page.locator("#text-preview strong")).to_have_text("alarm")
    page.keyboard.press("Control+z")
    expect(text_of(page)).to_have_value("alarm")
    look(page, "chapter-tools")
    assert_accessible(page)
