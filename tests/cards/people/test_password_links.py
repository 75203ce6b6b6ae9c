"""First visit and lost password: a mailed link, and nothing a stranger could learn."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cards.people.letters import letter
from cards.people.models import ConnectionMode, Mail, MailKind, User
from cards.spaces.models import Space
from tests.conftest import PASSWORD, a_user

pytestmark = pytest.mark.django_db

NEW = "a brand new secret"


@pytest.fixture(autouse=True)
def _no_throttle_from_other_tests() -> None:
    cache.clear()


def link_to(user: User) -> str:
    """The path of the link in a letter to `user`."""
    mail = Mail(space=user.space, user=user, kind=MailKind.INVITATION)
    (path,) = re.findall(r"https://[^/]+(/account/password/\S+/)", letter(mail, user).body)
    return str(path)


def choose(client: Client, path: str, password: str = NEW) -> HttpResponse:
    """Follow a mailed link and choose a password there."""
    page = client.get(path)
    form = page.headers.get("Location", path)
    return client.post(form, {"new_password1": password, "new_password2": password})


@pytest.mark.parametrize(
    ("address", "kind"),
    [("/account/first-visit/", MailKind.FIRST_VISIT), ("/account/password/lost/", MailKind.PASSWORD_RESET)],
)
def test_asking_for_a_link_tells_nothing_about_the_account(
    address: str, kind: MailKind, acme: Space, lou: User
) -> None:
    a_user(acme, "Max", is_active=False)
    a_user(acme, "Sso", connection_mode=ConnectionMode.SSO)
    answers = set()
    for name in ("lou", "nobody", "max", "sso"):
        client = Client(SERVER_NAME="acme.example")
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(address, {"email": f" {name.upper()}@acme.example"})
        answers.add((answer.status_code, answer["Location"], len(queries)))
    ((status, location, _),) = answers
    assert (status, location) == (302, "/account/password/link-sent/")
    asked = Mail.objects.values_list("space", "user", "typed_email_key", "kind")
    assert set(asked) == {(acme.pk, None, f"{name}@acme.example", kind) for name in ("lou", "nobody", "max", "sso")}


def test_an_address_that_is_none_is_not_asked_for(acme: Space) -> None:
    answer = Client(SERVER_NAME="acme.example").post("/account/first-visit/", {"email": "lou"})
    assert (answer.status_code, Mail.objects.count()) == (422, 0)


def test_asking_again_and_again_is_stopped_for_the_asker_and_for_nobody_else(acme: Space) -> None:
    def ask(address: str) -> int:
        client = Client(SERVER_NAME="acme.example", REMOTE_ADDR=address)
        return client.post("/account/password/lost/", {"email": "lou@acme.example"}).status_code

    assert [ask("203.0.113.7") for _ in range(4)] == [302, 302, 302, 429]
    assert ask("198.51.100.4") == 302


@pytest.mark.requirement("R22")
def test_the_mailed_link_sets_a_password_signs_in_and_leads_home(acme: Space) -> None:
    user = User.objects.create(space=acme, email="new@acme.example", first_name="New", last_name="Roy")
    client = Client(SERVER_NAME="acme.example")
    answer = choose(client, link_to(user))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(user.pk)
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_the_link_leaves_the_address_bar_before_the_page_is_shown(lou: User) -> None:
    path = link_to(lou)
    answer = Client(SERVER_NAME="acme.example").get(path)
    token = path.split("/")[-2]
    assert answer.status_code == 302
    assert token not in answer["Location"]


def test_the_link_works_once(lou: User) -> None:
    path = link_to(lou)
    choose(Client(SERVER_NAME="acme.example"), path)
    answer = choose(Client(SERVER_NAME="acme.example"), path, "another new secret")
    assert "no longer valid" in answer.content.decode()
    lou.refresh_from_db()
    assert lou.check_password(NEW)


def test_looking_at_the_link_does_not_use_it_up(lou: User) -> None:
    path = link_to(lou)
    Client(SERVER_NAME="acme.example").get(path, follow=True)
    assert choose(Client(SERVER_NAME="acme.example"), path).status_code == 302


def test_the_link_dies_after_its_days(lou: User) -> None:
    written = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
    with time_machine.travel(written, tick=False):
        path = link_to(lou)
    with time_machine.travel(written + timedelta(days=7), tick=False):
        assert Client(SERVER_NAME="acme.example").get(path).status_code == 302
    with time_machine.travel(written + timedelta(days=7, seconds=1), tick=False):
        assert "no longer valid" in Client(SERVER_NAME="acme.example").get(path).content.decode()


@pytest.mark.parametrize("change", [{"is_active": False}, {"connection_mode": "sso"}, {"email": "other@acme.example"}])
def test_the_link_dies_when_the_account_changes(lou: User, change: dict[str, object]) -> None:
    path = link_to(lou)
    for name, value in change.items():
        setattr(lou, name, value)
    lou.save()
    assert "no longer valid" in Client(SERVER_NAME="acme.example").get(path).content.decode()


def test_the_link_works_only_in_its_own_space(lou: User, zoe: User) -> None:
    answer = Client(SERVER_NAME="birch.example").get(link_to(lou))
    assert "no longer valid" in answer.content.decode()


def test_a_link_that_is_no_link_gives_the_same_page(acme: Space) -> None:
    for path in (
        "/account/password/MQ/nonsense/",
        "/account/password/%C3%A9/x/",
        "/account/password/OTk5/set-password/",
    ):
        answer = Client(SERVER_NAME="acme.example").get(path)
        assert "no longer valid" in answer.content.decode()


@pytest.mark.parametrize("weak", ["short", "password12", "12345678901", "lou@acme.example"])
def test_a_weak_password_is_refused_and_the_link_stays_good(lou: User, weak: str) -> None:
    client = Client(SERVER_NAME="acme.example")
    path = link_to(lou)
    assert choose(client, path, weak).status_code == 422
    assert choose(client, path).status_code == 302


def test_a_new_password_ends_the_other_sessions(lou: User) -> None:
    elsewhere = Client(SERVER_NAME="acme.example")
    elsewhere.post("/account/login/", {"login": lou.email, "password": PASSWORD})
    path = link_to(User.objects.get(pk=lou.pk))
    assert elsewhere.get("/").status_code == 200
    choose(Client(SERVER_NAME="acme.example"), path)
    assert elsewhere.get("/").status_code == 302
