"""Walking through a long list."""

import pytest
from django.db.models import QuerySet

from cards.people.models import User
from cards.spaces.models import Space
from cards.ui.keyset import page_of
from tests.conftest import a_user


@pytest.fixture
def users(acme: Space) -> QuerySet[User]:
    for number in range(7):
        a_user(acme, f"P{number}")
    return User.objects.filter(space=acme)


def walk(users: QuerySet[User], query: dict[str, str], way: str) -> list[list[str]]:
    """The first names on every page from the one of `query` to the end of the list in one direction."""
    pages = []
    while True:
        page = page_of(users, users, query, by="email_key", size=3)
        pages.append([user.first_name for user in page.rows])
        there = page.next if way == "after" else page.previous
        if there is None:
            return pages
        query = {way: str(there)}


def test_forwards_every_row_comes_once_and_in_order(users: QuerySet[User]) -> None:
    assert walk(users, {}, "after") == [["P0", "P1", "P2"], ["P3", "P4", "P5"], ["P6"]]


def test_backwards_from_the_last_page_every_row_comes_once(users: QuerySet[User]) -> None:
    assert walk(users, {"last": "1"}, "before") == [["P4", "P5", "P6"], ["P1", "P2", "P3"], ["P0"]]


def test_the_last_page_has_no_next_one_and_the_first_no_previous(users: QuerySet[User]) -> None:
    assert page_of(users, users, {"last": "1"}, by="email_key", size=3).next is None
    assert page_of(users, users, {}, by="email_key", size=3).previous is None


def test_a_row_that_no_longer_matches_still_marks_the_place(users: QuerySet[User]) -> None:
    anchor = users.get(first_name="P2")
    page = page_of(users.exclude(pk=anchor.pk), users, {"after": str(anchor.pk)}, by="email_key", size=3)
    assert [user.first_name for user in page.rows] == ["P3", "P4", "P5"]


@pytest.mark.parametrize("query", [{"after": "nonsense"}, {"after": "999999"}, {"before": ""}])
def test_an_address_that_leads_nowhere_gives_rows_all_the_same(users: QuerySet[User], query: dict[str, str]) -> None:
    assert page_of(users, users, query, by="email_key", size=3).rows


def test_rows_of_the_same_name_are_all_shown(users: QuerySet[User]) -> None:
    seen: list[int] = []
    query: dict[str, str] = {}
    while True:
        page = page_of(users, users, query, by="last_name", size=2)
        seen += [user.pk for user in page.rows]
        if page.next is None:
            break
        query = {"after": str(page.next)}
    assert sorted(seen) == sorted(users.values_list("pk", flat=True))
