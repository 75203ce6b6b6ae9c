"""The chapter of users again, with SSO on: imported in SSO mode, mailed, in with the company's own account."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from cards.integrations.lucca.models import LuccaAccount
from cards.people import sender
from cards.people.models import ConnectionMode, User
from cards.spaces.models import Space
from lucca_simulator import Simulator
from tests.browser.watch import assert_accessible, look
from tests.cards.integrations.lucca.conftest import connected_to
from tests.conftest import PASSWORD
from tests.journeys.conftest import work
from tests.journeys.test_users import text_of

STRANGER = "stranger@elsewhere.example"


@contextmanager
def process_of(*module: str) -> Iterator[str]:
    """A provider in a process of its own; its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", *(part.replace("PORT", str(port)) for part in module)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None, "the provider did not start"
                assert time.monotonic() < until, "the provider does not listen"
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def openid_provider() -> Iterator[str]:
    with process_of("tests.cards.sso.openid_server", "PORT") as address:
        yield address


@pytest.fixture
def saml_provider() -> Iterator[str]:
    with process_of("tests.cards.sso.saml_server", "PORT") as address:
        yield address


@pytest.fixture(autouse=True)
def _addresses(settings: Settings, live_server: LiveServer) -> None:
    settings.CARDS_PUBLIC_URL = f"http://{{host}}:{urlsplit(live_server.url).port}"
    settings.CARDS_ALLOWED_SSO_HOSTS = ["127.0.0.1"]


@pytest.fixture
def account(simulator: Simulator, acme: Space, ada: User) -> LuccaAccount:
    from cards.integrations.catalogue.actions import activate

    activate(space=acme, integration="lucca", by=None)
    return connected_to(simulator, acme, ada)


def set_up(operator: Page, oscar: User, fields: dict[str, str], protocol: str) -> None:
    """The operator types what the provider's administrator gave them, and switches SSO on."""
    operator.goto("/operator/sso/provider/add/")
    operator.get_by_label("E-mail").fill(oscar.email)
    operator.get_by_label("Password").fill(PASSWORD)
    operator.get_by_role("button", name="Sign in").click()
    operator.get_by_label("Space:").select_option(label="Acme")
    operator.get_by_label("Protocol:").select_option(label=protocol)
    for label, value in ({"Name": "Acme account"} | fields).items():
        operator.get_by_label(f"{label}:", exact=True).fill(value)
    operator.get_by_label("SSO is switched on for the space").check()
    operator.get_by_role("button", name="Save", exact=True).click()
    expect(operator.get_by_text("was added successfully")).to_be_visible()


def import_everybody_by_sso(owner: Page) -> None:
    owner.goto("/integrations/lucca/")
    owner.get_by_role("link", name="User Sync").click()
    work()
    owner.reload()
    owner.get_by_label("Yes").check()
    owner.get_by_role("radio", name="SSO").check()
    owner.get_by_role("button", name="Import all users").click()
    expect(owner.get_by_role("heading", name="Preparing the import")).to_be_visible()
    work()
    owner.get_by_role("button", name=re.compile("^Import [0-9]")).click()
    work()
    expect(owner.get_by_role("heading", name="Report of the import")).to_be_visible()
    owner.get_by_role("button", name="Send now").click()
    expect(owner.get_by_text("They are leaving now.")).to_be_visible()
    sender.send_due()


def sign_in_openid(page: Page, email: str) -> None:
    page.get_by_placeholder("sub").fill(f"subject of {email}")
    page.get_by_role("button", name="Authorize").click()


def sign_in_saml(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Continue").click()


def is_right_for_everybody(
    inbox: object,
    context_of: Callable[..., BrowserContext],
    acme: Space,
    sign_in: Callable[[Page, str], None],
    who: str,
) -> None:
    """The invited learner comes in as themselves; a stranger whom the provider knows is refused politely."""
    invited = next(mail for mail in inbox.accepted if f"To: {who}" in bytes(mail).decode())  # type: ignore[attr-defined]
    link = re.search(r"http://\S+/account/login/", text_of(invited))
    assert link
    assert "/account/password/" not in text_of(invited)
    learner = context_of(acme).new_page()
    learner.goto(link[0])
    button = learner.locator("a[href^='/account/sso/']")
    expect(button).to_contain_text("Acme account")
    assert_accessible(learner)
    look(learner, "sso-sign-in", as_it_stands=True)
    button.click()
    sign_in(learner, who)
    user = User.objects.get(space=acme, email__iexact=who)
    expect(learner.locator(".account-name").first).to_contain_text(user.full_name)
    assert user.connection_mode == ConnectionMode.SSO
    number = User.objects.count()
    stranger = context_of(acme, expect=(403,)).new_page()
    stranger.goto("/account/sso/")
    sign_in(stranger, STRANGER)
    expect(stranger.get_by_role("heading", name="You are not signed in")).to_be_visible()
    assert_accessible(stranger)
    look(stranger, "sso-refused", as_it_stands=True)
    assert User.objects.count() == number


@pytest.fixture
def who(simulator: Simulator) -> str:
    """A collaborator who works at the company already."""
    return str(next(employee.mail for employee in simulator.company.employees.values() if employee.mail))


@pytest.mark.requirement("R21", "R22", "R23", "R24")
def test_imported_collaborators_come_in_by_openid_connect(
    acme: Space,
    ada: User,
    oscar: User,
    account: LuccaAccount,
    who: str,
    inbox: object,
    openid_provider: str,
    page_of: Callable[..., Page],
    context_of: Callable[..., BrowserContext],
) -> None:
    for email in (who, STRANGER):
        claims = json.dumps({"email": email, "email_verified": True}).encode()
        subject = f"subject of {email}".replace(" ", "%20")
        head = {"Content-Type": "application/json"}
        urlopen(Request(f"{openid_provider}/users/{subject}", claims, head, method="PUT")).close()  # noqa: S310
    fields = {"Issuer": openid_provider, "Client id": "cards", "Client secret": "a-secret"}
    set_up(context_of(acme).new_page(), oscar, fields, "OpenID Connect")
    import_everybody_by_sso(page_of(ada))
    is_right_for_everybody(inbox, context_of, acme, sign_in_openid, who)


@pytest.mark.requirement("R36", "R37")
def test_imported_collaborators_come_in_by_saml(
    acme: Space,
    ada: User,
    oscar: User,
    account: LuccaAccount,
    who: str,
    inbox: object,
    saml_provider: str,
    page_of: Callable[..., Page],
    context_of: Callable[..., BrowserContext],
) -> None:
    domains = " ".join((who.rpartition("@")[2], STRANGER.rpartition("@")[2]))
    fields = {"Address of the metadata": f"{saml_provider}/metadata", "E-mail domains it vouches for": domains}
    set_up(context_of(acme).new_page(), oscar, fields, "SAML 2.0")
    import_everybody_by_sso(page_of(ada))
    is_right_for_everybody(inbox, context_of, acme, sign_in_saml, who)
