"""Signing in by e-mail and password: in one's own space only, without telling strangers anything."""

from typing import NamedTuple

import pytest
from django.core.cache import cache
from django.core.cache.backends import locmem
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from cards.people.models import ConnectionMode, User
from cards.spaces.models import Space
from tests.conftest import PASSWORD, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_throttle_from_other_tests() -> None:
    cache.clear()


class Attempt(NamedTuple):
    client: Client
    answer: HttpResponse

    @property
    def is_in(self) -> bool:
        return "_auth_user_id" in self.client.session


def sign_in(
    email: str, password: str = PASSWORD, *, host: str = "acme.example", query: str = "", **extra: str
) -> Attempt:
    client = Client(SERVER_NAME=host, **extra)
    return Attempt(client, client.post(f"/account/login/{query}", {"login": email, "password": password}))


def test_an_e_mail_and_its_password_lead_home(lou: User) -> None:
    attempt = sign_in("lou@acme.example")
    assert attempt.is_in
    assert attempt.client.get("/account/login/")["Location"] == "/"


def test_an_e_mail_is_recognized_however_it_is_written(lou: User) -> None:
    assert sign_in("  LOU@Acme.EXAMPLE ").is_in


def test_signing_in_leads_back_to_the_page_that_was_asked_for(ada: User) -> None:
    attempt = sign_in("ada@acme.example", query="?next=/users/")
    assert attempt.answer["Location"] == "/users/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "https:evil.example", "https://birch.example/"]
)
@override_settings(ALLOWED_HOSTS=["acme.example", "birch.example"])
def test_signing_in_leads_to_no_other_site(elsewhere: str, ada: User, birch: Space) -> None:
    attempt = sign_in("ada@acme.example", query=f"?next={elsewhere}")
    assert attempt.answer["Location"] == "/"


def test_the_same_e_mail_in_two_spaces_is_two_accounts_with_two_passwords(acme: Space, birch: Space) -> None:
    for space, password in ((acme, "a password for acme"), (birch, "a password for birch")):
        user = User(space=space, email="sam@both.example", first_name="Sam", last_name="Roy")
        user.set_password(password)
        user.save()
    assert sign_in("sam@both.example", "a password for acme").is_in
    assert sign_in("sam@both.example", "a password for birch", host="birch.example").is_in
    assert not sign_in("sam@both.example", "a password for birch").is_in


@pytest.mark.parametrize("state", [{"is_active": False}, {"connection_mode": ConnectionMode.SSO}])
def test_a_right_password_does_not_let_in_whoever_may_not_use_it(acme: Space, state: dict[str, object]) -> None:
    a_user(acme, "Max", **state)
    attempt = sign_in("max@acme.example")
    assert not attempt.is_in
    assert attempt.answer.status_code == 422


def test_every_failure_gives_the_same_answer_for_the_same_number_of_queries(acme: Space, lou: User) -> None:
    a_user(acme, "Max", is_active=False)
    a_user(acme, "Sso", connection_mode=ConnectionMode.SSO)
    User.objects.create(space=acme, email="new@acme.example", first_name="New", last_name="Roy", password="!")
    pages = set()
    for email, password in (
        ("lou@acme.example", "wrong"),
        ("nobody@acme.example", PASSWORD),
        ("max@acme.example", PASSWORD),
        ("sso@acme.example", PASSWORD),
        ("new@acme.example", "!"),
    ):
        client = Client(SERVER_NAME="acme.example")
        with CaptureQueriesContext(connection) as queries:
            answer = client.post("/account/login/", {"login": email, "password": password})
        assert "This e-mail and this password do not go together." in answer.content.decode()
        page = answer.content.decode().replace(email, "")
        pages.add((answer.status_code, page.count("\n"), len(queries)))
    assert len(pages) == 1


def test_every_failure_hashes_a_password_once(acme: Space, lou: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of hashing is what a stranger could measure."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    a_user(acme, "Max", is_active=False)
    User.objects.create(space=acme, email="new@acme.example", first_name="New", last_name="Roy", password="!")
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashed.append("once") or encode(*args))
    for email in ("lou", "nobody", "max", "new"):
        hashed.clear()
        sign_in(f"{email}@acme.example", "wrong")
        assert hashed == ["once"], email


def test_guessing_is_stopped_for_the_guesser_and_for_nobody_else(lou: User) -> None:
    for _ in range(5):
        sign_in("lou@acme.example", "wrong", REMOTE_ADDR="203.0.113.7")
    stopped = sign_in("lou@acme.example", REMOTE_ADDR="203.0.113.7")
    assert "Too many attempts" in stopped.answer.content.decode()
    assert sign_in("lou@acme.example", REMOTE_ADDR="198.51.100.4").is_in


def test_attempts_are_counted_for_all_web_processes_together(lou: User) -> None:
    """What one process remembers is forgotten here after each attempt, as if the next one came to another process."""
    for _ in range(5):
        sign_in("lou@acme.example", "wrong")
        for remembered in (*locmem._caches.values(), *locmem._expire_info.values()):  # type: ignore[attr-defined]
            remembered.clear()
    assert not sign_in("lou@acme.example").is_in


def test_a_colleague_behind_the_same_address_is_not_stopped(acme: Space, ada: User, lou: User) -> None:
    for _ in range(6):
        sign_in("lou@acme.example", "wrong")
    assert sign_in("ada@acme.example").is_in


@override_settings(ACCOUNT_RATE_LIMITS={"login": "1/m/ip"})
def test_too_many_attempts_from_one_address_are_told_to_wait(lou: User) -> None:
    sign_in("lou@acme.example", "wrong")
    answer = sign_in("lou@acme.example", "wrong").answer
    assert answer.status_code == 429
    assert "A moment, please" in answer.content.decode()


def test_an_operator_signs_in_on_any_host_at_a_door_of_their_own(acme: Space, birch: Space, oscar: User) -> None:
    for host in ("acme.example", "birch.example", "elsewhere.example"):
        client = Client(SERVER_NAME=host)
        answer = client.post("/operator/login/", {"login": "oscar@cards.example", "password": PASSWORD})
        assert (answer.status_code, answer["Location"]) == (302, "/operator/")
        assert client.get("/operator/").status_code == 200


def test_an_operator_does_not_sign_in_at_the_door_of_a_space(acme: Space, oscar: User) -> None:
    assert not sign_in("oscar@cards.example").is_in


def test_a_user_does_not_sign_in_at_the_operators_door(ada: User) -> None:
    client = Client(SERVER_NAME="acme.example")
    answer = client.post("/operator/login/", {"login": ada.email, "password": PASSWORD})
    assert answer.status_code == 422
    assert "_auth_user_id" not in client.session


def test_somebody_signed_in_is_refused_at_the_operators_door(ada: User) -> None:
    client = sign_in("ada@acme.example").client
    assert client.get("/operator/", follow=True).status_code == 403


def test_signing_out_takes_a_form_and_leads_to_the_sign_in_page(lou: User) -> None:
    client = sign_in("lou@acme.example").client
    assert client.get("/account/logout/").status_code == 405
    answer = client.post("/account/logout/", follow=True)
    assert "_auth_user_id" not in client.session
    assert answer.redirect_chain[-1][0] == "/account/login/"


@pytest.mark.parametrize(
    "name",
    ["account_signup", "account_email", "account_reset_password", "account_set_password", "account_confirm_login_code"],
)
def test_nobody_signs_up_or_changes_an_e_mail_by_themselves(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_a_host_without_a_space_has_no_sign_in_page(acme: Space, birch: Space) -> None:
    assert Client(SERVER_NAME="elsewhere.example").get("/account/login/").status_code == 404
