"""Every address of people shows nothing of another space. (Who gets in: tests/cards/walk.)"""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cards.people import actions
from cards.people.models import Group, User
from cards.people.urls import urlpatterns
from cards.spaces.models import Space

ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db

# Addresses for whoever is not signed in, or not in a space.
OPEN = {
    "operator_sign_in",
    "operator_sign_out",
    "operator_password",
    "second_factor_ask",
    "account_login",
    "account_logout",
    "first_visit",
    "lost_password",
    "link_sent",
    "set_password",
}
GUARDED = sorted(str(pattern.name) for pattern in urlpatterns if pattern.name not in OPEN)


@pytest.fixture
def sales(acme: Space, ada: User) -> Group:
    return actions.create_group(space=acme, by=ada, name="Sales")


def address_of(name: str, user: User, group: Group) -> str:
    (pattern,) = [pattern for pattern in urlpatterns if pattern.name == name]
    ids = {"user_id": user.pk, "group_id": group.pk, "number": "0"}
    return reverse(name, kwargs={key: ids[key] for key in pattern.pattern.converters})


def answer_to(client: Client, address: str) -> int:
    """The status of the page, or of the act where there is no page."""
    status = client.get(address).status_code
    return client.post(address).status_code if status == 405 else status


@pytest.mark.parametrize("name", GUARDED)
def test_another_space_s_people_and_groups_do_not_exist(
    name: str, lou: User, sales: Group, zoe: User, client_of: ClientOf
) -> None:
    address = address_of(name, lou, sales)
    names_somebody = "<int:" in str(next(each.pattern for each in urlpatterns if each.name == name))
    assert answer_to(client_of(zoe), address) in ((404,) if names_somebody else (200, 302))


@pytest.mark.parametrize("name", ["member_add", "member_remove", "user_join", "user_leave"])
def test_people_and_groups_of_two_spaces_do_not_mix(
    name: str, ada: User, zoe: User, sales: Group, client_of: ClientOf
) -> None:
    answer = client_of(ada).post(address_of(name, zoe, sales), {"group": sales.pk})
    assert answer.status_code == 404
    assert not sales.memberships.exists()


def test_a_group_of_another_space_cannot_be_joined_by_its_number(
    ada: User, lou: User, zoe: User, client_of: ClientOf
) -> None:
    theirs = actions.create_group(space=zoe.space, by=zoe, name="Sales")
    assert client_of(ada).post(f"/users/{lou.pk}/groups/", {"group": theirs.pk}).status_code == 404
    assert client_of(ada).get(f"/users/?group={theirs.pk}").status_code == 200


def test_addresses_made_up_by_hand_break_nothing(ada: User, sales: Group, client_of: ClientOf) -> None:
    client = client_of(ada)
    for address in (
        "/users/?q=%00",
        "/users/?after=99999999999999999999",
        f"/groups/{sales.pk}/?q=%00&add=%00",
        "/groups/?q=%00",
    ):
        assert client.get(address).status_code == 200, address
    assert client.get("/users/99999999999999999999/").status_code == 404


def test_nothing_of_another_space_is_on_any_page(ada: User, zoe: User, client_of: ClientOf) -> None:
    actions.create_group(space=zoe.space, by=zoe, name="Their secret group")
    client = client_of(ada)
    for address in ("/", "/users/", "/users/?q=zoe", "/groups/", f"/users/{ada.pk}/"):
        page = client.get(address).content.decode()
        assert "Zoé" not in page
        assert "Their secret group" not in page
