"""Addresses of people that somebody made up. (Who gets in, and nothing of another space: tests/cards/walk.)"""

from collections.abc import Callable

import pytest
from django.test import Client

from cards.people import actions
from cards.people.models import Group, User
from cards.spaces.models import Space

ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def sales(acme: Space, ada: User) -> Group:
    return actions.create_group(space=acme, by=ada, name="Sales")


def test_addresses_made_up_by_hand_break_nothing(ada: User, sales: Group, client_of: ClientOf) -> None:
    client = client_of(ada)
    assert client.get("/users/?after=99999999999999999999").status_code == 200
    assert client.get("/users/99999999999999999999/").status_code == 404
    # PostgreSQL knows no null character.
    for address in ("/users/?q=%00", f"/groups/{sales.pk}/?add=a%00", "/statistics/people/?q=%00", "/settings/?x=%00"):
        answer = client.get(address)
        assert answer.status_code == 400, address
        assert "Cards" in answer.content.decode()


def test_nothing_of_another_space_is_on_any_page(ada: User, zoe: User, client_of: ClientOf) -> None:
    actions.create_group(space=zoe.space, by=zoe, name="Their secret group")
    client = client_of(ada)
    for address in ("/", "/users/", "/users/?q=zoe", "/groups/", f"/users/{ada.pk}/"):
        page = client.get(address).content.decode()
        assert "Zoé" not in page
        assert "Their secret group" not in page
