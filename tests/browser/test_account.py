"""My account in the browser: two-step sign-in from the first picture to the next sign-in, and the operator's health."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from cards.identity.models import SecondFactor
from cards.people.models import User
from cards.spaces.models import Space
from tests.browser.watch import assert_accessible, look
from tests.cards.identity.conftest import Phone
from tests.cards.walk.filled import fill
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_throttle_from_other_tests() -> None:
    cache.clear()


def sign_in(page: Page, user: User, door: str = "/account/login/") -> None:
    page.goto(door)
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_an_owner_sets_up_two_step_sign_in_and_comes_in_with_it(
    acme: Space, ada: User, context_of: Callable[..., BrowserContext]
) -> None:
    elsewhere = Client(SERVER_NAME="acme.example", HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Safari/604")
    elsewhere.post("/account/login/", {"login": ada.email, "password": PASSWORD})
    elsewhere.get("/")
    page = context_of(acme, expect=(422,)).new_page()
    sign_in(page, ada)
    page.goto("/account/")
    expect(page.get_by_text("Safari, iPhone")).to_be_visible()
    assert_accessible(page)
    look(page, "account")
    page.get_by_role("link", name="Change the password").click()
    assert_accessible(page)
    look(page, "account-password")
    page.goto("/account/")
    page.get_by_role("link", name="Set up two-step sign-in").click()
    look(page, "second-factor")
    page.get_by_label("Your present password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    picture = page.get_by_role("img", name="The code to scan")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
    assert_accessible(page)
    look(page, "second-factor-set-up")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_text("This is not the code that your phone shows now.").first).to_be_visible()
    page.get_by_label("Code").fill(Phone(ada).code())
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert_accessible(page)
    look(page, "recovery-codes", as_it_stands=True)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download the codes").click()
    codes = downloading.value.path().read_text().splitlines()
    assert (len(codes), downloading.value.suggested_filename) == (10, "cards-recovery-codes.txt")
    page.get_by_role("link", name="I have kept them").click()
    look(page, "account-with-second-factor")
    page.goto("/account/second-factor/")
    assert_accessible(page)
    look(page, "second-factor-in-use")
    page.goto("/account/second-factor/off/")
    look(page, "second-factor-off")
    page.goto("/account/")
    page.get_by_role("button", name="Sign out everywhere else").click()
    expect(page.get_by_text("Signed out on 1 other device.")).to_be_visible()
    assert elsewhere.get("/").status_code == 302
    page.goto("/")
    page.get_by_role("button", name="Your account").first.click()
    look(page, "account-menu", as_it_stands=True)
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, ada)
    expect(page.get_by_role("heading", name="The code of your phone")).to_be_visible()
    assert_accessible(page)
    look(page, "second-factor-ask")
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Ada Martin").first).to_be_visible()
    assert SecondFactor.objects.count() == 1


def test_an_operator_has_an_account_too_and_sees_how_the_installation_is(
    oscar: User, context_of: Callable[..., BrowserContext]
) -> None:
    space = fill("acme", "Quetzal", 810_000_000).space
    page = context_of(space).new_page()
    sign_in(page, oscar, "/operator/login/")
    page.get_by_role("link", name="Health").click()
    expect(page.get_by_role("heading", name="Health")).to_be_visible()
    expect(page.get_by_text("Quetzal learning")).to_be_visible()
    look(page, "operator-health")
    page.get_by_role("link", name="My account").click()
    expect(page.locator(".account-name").first).to_contain_text("Operator")
    assert_accessible(page)
    look(page, "operator-account")
    page.get_by_role("link", name="Operator’s pages").click()
    look(page, "operator")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Operator sign-in")).to_be_visible()
