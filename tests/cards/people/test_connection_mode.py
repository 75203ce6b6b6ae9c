"""Changing how many people sign in at once."""

from collections.abc import Callable

import pytest
from django.test import Client

from cards.audit.models import Entry
from cards.people.models import ConnectionMode, Role, User
from cards.spaces.models import Space
from tests.conftest import a_user

ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db

ADDRESS = "/users/connection-mode/"


@pytest.fixture(autouse=True)
def _with_sso(acme: Space) -> None:
    Space.objects.filter(pk=acme.pk).update(sso_is_active=True)
    acme.refresh_from_db()


def modes() -> dict[str, str]:
    return dict(User.objects.values_list("first_name", "connection_mode"))


def test_everybody_is_switched_but_the_owners_and_oneself(
    acme: Space, ada: User, eli: User, lou: User, zoe: User, client_of: ClientOf
) -> None:
    a_user(acme, "Max", Role.EDITOR)
    client = client_of(eli)
    assert "2 users change" in client.get(ADDRESS).content.decode()
    page = client.post(ADDRESS, {"connection_mode": "sso"}, follow=True).content.decode()
    assert "2 users have another connection mode now." in page
    assert modes() == {"Ada": "password", "Eli": "password", "Lou": "sso", "Max": "sso", "Zoé": "password"}
    entry = Entry.objects.get(action="connection_modes_changed")
    assert (entry.actor, len(entry.details["users"])) == (eli, 2)


def test_only_those_whom_the_list_showed_are_switched(acme: Space, ada: User, lou: User, client_of: ClientOf) -> None:
    a_user(acme, "Max")
    client_of(ada).post(f"{ADDRESS}?q=max", {"connection_mode": "sso"})
    assert modes() == {"Ada": "password", "Lou": "password", "Max": "sso"}


def test_switching_ends_the_sessions_that_began_the_former_way(ada: User, lou: User, client_of: ClientOf) -> None:
    learner = client_of(lou)
    assert learner.get("/").status_code == 200
    client_of(ada).post(ADDRESS, {"connection_mode": "sso"})
    assert learner.get("/").status_code == 302


@pytest.mark.requirement("R24")
@pytest.mark.parametrize("wanted", ["sso", "nonsense", ""])
def test_what_the_space_does_not_offer_is_refused(
    wanted: str, acme: Space, ada: User, lou: User, client_of: ClientOf
) -> None:
    Space.objects.filter(pk=acme.pk).update(sso_is_active=False)
    assert client_of(ada).post(ADDRESS, {"connection_mode": wanted}).status_code == 422
    assert modes()["Lou"] == ConnectionMode.PASSWORD
