"""The audit log: what gets into it by itself, from where, and who may read it."""

import csv
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from cards.audit import origin
from cards.audit.actions import record
from cards.audit.models import Entry
from cards.people.models import User
from cards.spaces.models import Space
from tests.conftest import PASSWORD

ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_throttle_from_other_tests() -> None:
    cache.clear()


def sign_in(email: str, password: str = PASSWORD, **extra: str) -> Client:
    client = Client(SERVER_NAME="acme.example", **extra)
    client.post("/account/login/", {"login": email, "password": password})
    return client


def table_of(client: Client, address: str = "/settings/audit-log.csv") -> list[dict[str, str]]:
    answer = client.get(address)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


def test_a_sign_in_is_kept_with_where_it_came_from(lou: User) -> None:
    sign_in(lou.email, REMOTE_ADDR="203.0.113.7")
    entry = Entry.objects.get(action="signed_in")
    assert (entry.actor, entry.space, entry.address) == (lou, lou.space, "203.0.113.7")
    assert entry.details == {"way": "password"}


def test_a_failure_names_the_account_and_nothing_of_what_was_typed(lou: User) -> None:
    sign_in(lou.email, "canary-password")
    sign_in("canary@nowhere.example", "canary-password")
    failures = Entry.objects.filter(action="sign_in_failed").order_by("pk")
    assert [entry.target for entry in failures] == [f"user {lou.pk}", ""]
    assert "canary" not in str([vars(entry) for entry in failures])


def test_only_the_proxy_in_front_is_believed_about_where_a_request_comes_from(lou: User, settings: Settings) -> None:
    sign_in(lou.email, HTTP_X_FORWARDED_FOR="198.51.100.9", REMOTE_ADDR="203.0.113.7")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    sign_in(lou.email, HTTP_X_FORWARDED_FOR="10.0.0.1, 198.51.100.9", REMOTE_ADDR="203.0.113.7")
    kept = list(Entry.objects.filter(action="signed_in").order_by("pk").values_list("address", flat=True))
    assert kept == ["203.0.113.7", "198.51.100.9"]


def test_what_no_request_asked_for_comes_from_nowhere(acme: Space, lou: User) -> None:
    sign_in(lou.email)
    assert origin.address() is None
    record("run_paused", space=acme, by=None)
    assert Entry.objects.get(action="run_paused").address is None


def test_an_owner_reads_the_log_of_their_space_and_of_no_other(
    acme: Space, ada: User, zoe: User, client_of: ClientOf
) -> None:
    record("space_changed", space=acme, by=ada, target="acme", former={"name": "Ac"}, now={"name": "=Acme"})
    record("space_changed", space=zoe.space, by=zoe, target="birch")
    record("operator_created", space=None, by=None)
    (row,) = table_of(client_of(ada))
    assert (row["space"], row["who"], row["action"]) == ("acme", ada.email, "space_changed")
    assert '"former": {"name": "Ac"}' in row["details"]


def test_an_owner_learns_no_address_of_the_operator_and_who_is_gone_is_a_number(
    acme: Space, ada: User, lou: User, oscar: User, client_of: ClientOf
) -> None:
    for by in (oscar, lou, None):
        record("space_changed", space=acme, by=by, target="acme")
    number = lou.pk
    lou.delete()
    assert {row["who"] for row in table_of(client_of(ada))} == {"operator", f"user {number}", ""}


def test_no_cell_is_taken_for_a_formula(acme: Space, ada: User, client_of: ClientOf) -> None:
    record("space_changed", space=acme, by=ada, target="=1+1")
    assert table_of(client_of(ada))[0]["target"] == "'=1+1"


def test_nobody_but_the_owner_reads_it(eli: User, lou: User, client_of: ClientOf) -> None:
    for user in (eli, lou):
        assert client_of(user).get("/settings/audit-log.csv").status_code == 403


def test_the_operator_downloads_what_the_list_shows(acme: Space, oscar: User, client_of: ClientOf) -> None:
    record("space_opened", space=acme, by=oscar, target="acme")
    record("space_changed", space=acme, by=oscar, target="acme")
    chosen = Entry.objects.get(action="space_opened").pk
    answer = client_of(oscar).post("/operator/audit/entry/", {"action": "download", "_selected_action": [chosen]})
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "space_opened" in text
    assert "space_changed" not in text
