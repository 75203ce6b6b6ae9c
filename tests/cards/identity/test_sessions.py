"""Sessions: which there are, how they are shown, and everything that ends them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from cards import clock
from cards.audit.models import Entry
from cards.identity.models import Count, Session
from cards.identity.sessions import forget_expired
from cards.identity.throttles import forget_expired as forget_counts
from cards.people.models import ConnectionMode, User
from tests.conftest import PASSWORD

ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile Safari/604"


def signed_in(user: User, agent: str = FIREFOX, address: str = "203.0.113.7") -> Client:
    client = Client(SERVER_NAME="acme.example", HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert client.get("/").status_code == 200
    return client


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def test_everybody_sees_where_they_are_signed_in_and_nobody_else_s(ada: User, lou: User) -> None:
    client = signed_in(lou, SAFARI, "198.51.100.4")
    signed_in(lou)
    signed_in(ada, address="192.0.2.1")
    page = client.get("/account/").content.decode()
    for shown in ("Firefox, Windows", "203.0.113.7", "Safari, iPhone", "198.51.100.4"):
        assert shown in page
    assert "192.0.2.1" not in page
    assert page.count("This device") == 1


def test_a_session_is_known_from_the_sign_in_on(lou: User) -> None:
    client = Client(SERVER_NAME="acme.example", HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="203.0.113.7")
    client.post("/account/login/", {"login": lou.email, "password": PASSWORD})
    session = Session.objects.get(user=lou)
    assert (session.device, session.address) == (FIREFOX, "203.0.113.7")
    assert session.seen_at is not None
    assert session.seen_at == session.started_at


def test_no_page_shows_the_key_of_a_session(lou: User) -> None:
    client = signed_in(lou)
    signed_in(lou)
    page = client.get("/account/").content.decode()
    assert not any(key in page for key in Session.objects.values_list("session_key", flat=True))


def test_one_session_or_all_others_are_ended(lou: User) -> None:
    here, there, elsewhere = (signed_in(lou) for _ in range(3))
    here.post(f"/account/sessions/{Session.objects.get(pk=there.session.session_key).number}/end/")
    assert (is_in(here), is_in(there), is_in(elsewhere)) == (True, False, True)
    here.post("/account/sessions/end/")
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    ended = Entry.objects.filter(action="sessions_ended")
    assert [(entry.actor, entry.details) for entry in ended] == [(lou, {"number": 1})] * 2
    assert {entry.target for entry in ended} == {f"user {lou.pk}"}
    here.post("/account/sessions/end/")
    assert ended.all().count() == 2, "where nothing ended, there is nothing to tell"


def test_nobody_ends_somebody_else_s(ada: User, lou: User) -> None:
    lou_s, ada_s = signed_in(lou), signed_in(ada)
    ada_s.post(f"/account/sessions/{Session.objects.get(user=lou).number}/end/")
    ada_s.post("/account/sessions/end/")
    assert is_in(lou_s)


def test_changing_the_password_signs_out_everywhere_else(lou: User) -> None:
    here, there = signed_in(lou), signed_in(lou)
    new = {"new_password1": "another long one", "new_password2": "another long one"}
    assert here.post("/account/password/change/", new | {"present_password": "wrong"}).status_code == 422
    assert here.post("/account/password/change/", new | {"present_password": PASSWORD}).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert Session.objects.filter(user=lou).count() == 1
    lou.refresh_from_db()
    assert lou.check_password("another long one")
    assert Entry.objects.filter(action="password_changed", actor=lou).exists()


@pytest.mark.parametrize("weak", ["short", "12345678901", "lou@acme.example"])
def test_a_weak_password_is_refused(weak: str, lou: User) -> None:
    answers = {"present_password": PASSWORD, "new_password1": weak, "new_password2": weak}
    assert signed_in(lou).post("/account/password/change/", answers).status_code == 422


def test_another_connection_mode_or_a_closed_account_ends_the_sessions(
    ada: User, lou: User, client_of: ClientOf
) -> None:
    type(ada.space).objects.filter(pk=ada.space_id).update(sso_is_active=True)  # type: ignore[union-attr]
    client = signed_in(lou)
    client_of(ada).post("/users/connection-mode/?q=lou", {"connection_mode": ConnectionMode.SSO})
    assert not is_in(client)
    assert not Session.objects.filter(user=lou).exists()
    User.objects.filter(pk=lou.pk).update(connection_mode=ConnectionMode.PASSWORD)
    client = signed_in(lou)
    client_of(ada).post(f"/users/{lou.pk}/deactivate/")
    assert not Session.objects.filter(user=lou).exists()


def test_signing_out_ends_the_session_and_is_kept(lou: User, oscar: User) -> None:
    client = signed_in(lou)
    client.post("/account/logout/")
    assert not Session.objects.filter(user=lou).exists()
    entry = Entry.objects.get(action="signed_out")
    assert (entry.actor, entry.space, entry.address) == (lou, lou.space, "203.0.113.7")


def test_an_operator_s_signing_out_is_kept_too(oscar: User, client_of: ClientOf) -> None:
    client = client_of(oscar)
    assert client.post("/operator/logout/")["Location"] == "/operator/login/"
    assert Entry.objects.get(action="signed_out").actor == oscar


def test_the_last_look_is_written_down_now_and_then_not_at_each_page(lou: User) -> None:
    client = signed_in(lou)
    first = Session.objects.get(user=lou).seen_at
    assert first
    client.get("/")
    assert Session.objects.get(user=lou).seen_at == first
    with clock.told(first + timedelta(minutes=6)):
        client.get("/")
        later = Session.objects.get(user=lou)
    assert (later.seen_at, later.started_at) == (first + timedelta(minutes=6), first)


def test_another_address_or_browser_of_a_session_is_written_down_at_once(lou: User) -> None:
    client = signed_in(lou)
    for agent, address in ((FIREFOX, "198.51.100.4"), (SAFARI, "198.51.100.4")):
        client.get("/", HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
        session = Session.objects.get(user=lou)
        assert (session.device, session.address) == (agent, address)


def test_nothing_is_kept_of_somebody_who_is_not_signed_in() -> None:
    Client(SERVER_NAME="acme.example").get("/account/login/")
    assert not Session.objects.exists()


def test_what_is_over_is_deleted_with_the_addresses_in_it(lou: User) -> None:
    client = signed_in(lou)
    forget_expired()
    forget_counts()
    assert is_in(client)
    assert Count.objects.exists()
    with clock.told(clock.now() + timedelta(days=30)):
        forget_expired()
        forget_counts()
    assert not Session.objects.exists()
    assert not Count.objects.exists()
