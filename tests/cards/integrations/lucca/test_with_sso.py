"""The chapters about activation and accounts again, in a space whose SSO is on, by an owner who came in by it."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from cards.integrations.lucca.models import DirectoryDepartment, DirectoryEmployee, LuccaAccount
from cards.people.letters import letter
from cards.people.models import ConnectionMode, Mail, User
from cards.spaces.models import Space
from cards.sso.actions import configure
from cards.sso.models import Provider
from lucca_simulator import Simulator
from tests.cards.integrations.lucca.conftest import text_of, work
from tests.cards.sso.openid_provider import CLIENT_ID, SECRET, OpenIdProvider, openid_provider
from tests.cards.sso.test_openid import come, is_in

ClientOf = Callable[[User], Client]


@pytest.fixture(scope="module")
def openid() -> Iterator[OpenIdProvider]:
    with openid_provider() as provider:
        yield provider


@pytest.fixture
def owner(acme: Space, ada: User, openid: OpenIdProvider, settings: Settings, client_class: type[Client]) -> Client:
    """Ada's browser: she signed in with the company's account."""
    settings.CARDS_ALLOWED_SSO_HOSTS = ["127.0.0.1"]
    provider = Provider(space=acme, name="Acme account", issuer=openid.issuer, client_id=CLIENT_ID)
    configure(provider=provider, by=None, client_secret=SECRET, is_active=True)
    User.objects.filter(pk=ada.pk).update(connection_mode=ConnectionMode.SSO)
    browser = client_class(SERVER_NAME="acme.example")
    come(browser, openid, sub="ada", email=ada.email)
    assert browser.session["_auth_user_id"] == str(ada.pk)
    return browser


@pytest.mark.requirement("R4", "R5", "R6", "R13")
def test_the_integration_is_activated_configured_and_grows_its_tabs(
    owner: Client, acme: Space, simulator: Simulator, oscar: User, client_of: ClientOf
) -> None:
    asked = {"space": acme.pk, "integration": "lucca"}
    assert owner.post("/operator/catalogue/activation/add/", asked, follow=True).status_code == 403
    page = owner.get("/integrations/").content.decode()
    assert "Contact us" in page
    assert reverse("lucca_home") not in page
    assert owner.get(reverse("lucca_configuration")).status_code == 404
    client_of(oscar).post("/operator/catalogue/activation/add/", asked)
    page = owner.get("/integrations/").content.decode()
    assert "Contact us" not in page
    assert f'href="{reverse("lucca_home")}"' in page
    for tab, name in (("User Sync", "lucca_users"), ("Synchro departments", "lucca_departments")):
        assert tab not in text_of(owner, "lucca_configuration")
        assert owner.get(reverse(name)).status_code == 404
    owner.post(reverse("lucca_configuration"), {"url": simulator.url, "key": simulator.key})
    for tab, name in (("User Sync", "lucca_users"), ("Synchro departments", "lucca_departments")):
        assert tab in text_of(owner, "lucca_configuration")
        assert owner.get(reverse(name)).status_code == 200


def import_one(owner: Client, what: str, options: dict[str, str]) -> list[User]:
    """Import one collaborator, or one department, with the options of the panel; whose account was created."""
    before = set(User.objects.values_list("pk", flat=True))
    if what == "users":
        shown = DirectoryEmployee.objects.order_by("pk")[:1]
        assert "SSO" in text_of(owner, "lucca_users")
        owner.post(reverse("lucca_import_user", args=[shown[0].pk]), options)
    else:
        department = DirectoryDepartment.objects.get(name="Commerce")
        assert "SSO" in text_of(owner, "lucca_departments")
        owner.post(reverse("lucca_import_department", args=[department.pk]), options)
    work()
    return list(User.objects.exclude(pk__in=before))


@pytest.mark.requirement("R21", "R22", "R23", "R24", "R36", "R37")
@pytest.mark.parametrize(
    ("what", "notify", "mode"),
    [
        ("users", "yes", "sso"),
        ("users", "no", "sso"),
        ("users", "yes", "password"),
        ("departments", "yes", "sso"),
        ("departments", "no", "password"),
    ],
)
def test_whoever_is_created_has_the_chosen_mode_and_is_told_how_to_come_in_if_they_are_to_be(
    what: str,
    notify: str,
    mode: str,
    directory: LuccaAccount,
    owner: Client,
    openid: OpenIdProvider,
    client_class: type[Client],
) -> None:
    created = import_one(owner, what, {"notify": notify, "connection_mode": mode})
    assert created
    assert {user.connection_mode for user in created} == {mode}
    mails = list(Mail.objects.select_related("user", "space"))
    assert {mail.user for mail in mails} == (set(created) if notify == "yes" else set())
    for mail in mails:
        assert mail.user
        # The one leads to the sign-in page with the company's account, the other to choosing a password.
        assert ("/account/password/" in letter(mail, mail.user).body) == (mode == "password")
    browser = client_class(SERVER_NAME="acme.example")
    answer = come(browser, openid, sub="somebody", email=created[0].email)
    assert (answer.status_code, is_in(browser)) == ((302, True) if mode == "sso" else (403, False))
