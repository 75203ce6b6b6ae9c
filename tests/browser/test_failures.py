"""When an answer does not come, or somebody is signed out: the page says so, and nothing that was typed is lost."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Dialog, Page, Route, expect

from cards.people.models import User
from cards.spaces.models import Space
from cards.trainings.models import Chapter, Training
from tests.browser.watch import assert_accessible, look
from tests.cards.trainings.conftest import a_training

PageOf = Callable[..., Page]
pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "What was written for an hour."
SIGNED_OUT = "You are signed out. What you typed is still here"
LOST = "The connection was lost, and nothing else"


@pytest.fixture
def training(acme: Space) -> Training:
    return a_training(acme)


def editor(page: Page, training: Training) -> Page:
    page.goto(f"/trainings/{training.pk}/chapters/add/")
    page.get_by_label("Title").fill("A chapter")
    return page


def sign_in_elsewhere(page: Page, user: User, client_of: Callable[[User], Client]) -> None:
    """As in another tab: another session, and another token for forms."""
    session = client_of(user).cookies["sessionid"].value
    host = page.evaluate("location.hostname")
    page.context.add_cookies(
        [
            {"name": "sessionid", "value": session, "domain": host, "path": "/"},
            {"name": "csrftoken", "value": "x" * 32, "domain": host, "path": "/"},
        ]
    )


@pytest.mark.parametrize("cookies", ["sessionid", ""])
def test_a_lost_session_is_said_while_one_types_and_the_text_is_saved_after_signing_in_elsewhere(
    cookies: str, training: Training, ada: User, client_of: Callable[[User], Client], page_of: PageOf
) -> None:
    page = editor(page_of(ada, expect=(401, 403)), training)
    page.context.clear_cookies(name=cookies) if cookies else page.context.clear_cookies()
    page.get_by_label("Text").fill(TEXT)
    said = page.get_by_role("alert")
    expect(said).to_contain_text(SIGNED_OUT)
    look(page, "failure-signed-out", as_it_stands=True)
    assert_accessible(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Text")).to_have_value(TEXT)
    sign_in_elsewhere(page, ada, client_of)
    page.get_by_label("Text").fill(f"{TEXT} And more.")
    expect(page.locator("#text-preview")).to_contain_text("And more.")
    expect(said).to_have_count(0)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main").get_by_text("The chapter is saved.")).to_be_visible()
    assert Chapter.objects.filter(training=training, text=f"{TEXT} And more.").exists()


def test_an_impatient_second_click_makes_nothing_twice(training: Training, ada: User, page_of: PageOf) -> None:
    page = page_of(ada)
    page.goto(f"/trainings/{training.pk}/")
    asked: list[Route] = []

    def is_slow(route: Route) -> None:
        asked.append(route)

    page.route("**/duplicate/", is_slow)
    button = page.get_by_role("button", name="Duplicate", exact=True)
    button.evaluate("button => { button.click(); setTimeout(() => button.click(), 300); }")
    page.wait_for_timeout(1000)
    assert len(asked) == 1
    asked[0].continue_()
    expect(page.get_by_text("This is the copy: a draft that is given to nobody yet.")).to_be_visible()
    assert Training.objects.count() == 2


def test_saving_offline_leaves_the_page_as_it_was(training: Training, ada: User, page_of: PageOf) -> None:
    page = editor(page_of(ada, expect=(0,)), training)
    page.get_by_label("Text").fill(TEXT)
    expect(page.locator("#text-preview")).to_contain_text(TEXT)
    page.context.set_offline(True)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text(LOST)
    page.context.set_offline(False)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The chapter is saved.")).to_be_visible()


def test_leaving_with_something_unsaved_asks_and_saving_does_not(
    training: Training, ada: User, page_of: PageOf
) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page = page_of(ada)
    page.on("dialog", stay)
    editor(page, training)
    page.get_by_role("link", name="Groups").click()
    expect(page.get_by_label("Title")).to_have_value("A chapter")
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The chapter is saved.")).to_be_visible()
    page.get_by_role("link", name="Groups").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Groups")
    page.get_by_role("link", name="Users").click()
    page.get_by_role("searchbox").fill("eli")
    page.get_by_role("link", name="Groups").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Groups")
    assert asked == ["beforeunload"]


def test_what_fails_again_and_again_is_said_once_and_until_it_works(ada: User, page_of: PageOf) -> None:
    page = page_of(ada, expect=(500, 0))
    page.goto("/users/")
    page.route("**/users/?q=**", lambda route: route.fulfill(status=500))
    page.get_by_role("searchbox").fill("a")
    said = page.get_by_role("alert")
    expect(said).to_contain_text("That did not work.")
    said.get_by_role("button", name="Close").click()
    with page.expect_response("**/users/?q=ad*"):
        page.get_by_role("searchbox").fill("ad")
    expect(said).to_have_count(0)
    page.unroute("**/users/?q=**")
    with page.expect_response("**/users/?q=ada*"):
        page.get_by_role("searchbox").fill("ada")
    page.route("**/users/?q=**", lambda route: route.abort())
    page.get_by_role("searchbox").fill("adam")
    expect(said).to_contain_text(LOST)
    page.unroute("**/users/?q=**")
    page.get_by_role("searchbox").fill("ada")
    expect(said).to_have_count(0)
