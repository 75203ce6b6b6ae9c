"""Departments: whatever the dialect and the pages, each once, and no parent that is not proven."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lucca import (
    Department,
    LuccaError,
    NotFound,
    Refused,
    Rejected,
    Throttled,
    Unavailable,
    UnavailableReason,
    Unintelligible,
    UnintelligibleReason,
    departments,
    wire,
)
from tests.lucca.conftest import RawServer, answer

GONE = answer('{"Status":404,"Message":"No"}', status="404 Not Found")
V3 = answer('{"data":{"items":[{"id":1,"name":"Company","hierarchy":"/1/","parentId":"/"}],"count":1}}')


def a_department(lucca_id: str, path: str | None = None, parent_path: str | None = None, **more: Any) -> Department:
    return Department(lucca_id, f"Department {lucca_id}", path=path, parent_path=parent_path, **more)


def parents(*found: Department) -> dict[str, str | None]:
    return {one.lucca_id: one.parent_id for one in departments.with_parents(found)}


def test_v4_is_asked_by_page_and_for_its_count() -> None:
    target = departments.request(departments.first_token("v4")).target
    assert target == "/organization/structure/api/departments?page=1&limit=100&fields.root=count"


def test_a_department_of_v4_is_read_in_its_documented_form() -> None:
    item = {
        "id": 48, "name": "IT", "code": "IT", "description": None, "parentId": "/1/2/", "parentLuccaId": None,
        "hierarchy": "/1/2/2/", "isActive": True, "headId": 1080, "sortOrderInSiblings": None,
    }  # fmt: skip
    page = departments.page_of(
        wire.lower_keys({"items": [item], "count": 1, "prev": None, "next": None}), departments.first_token("v4")
    )
    assert page.departments == (Department("48", "IT", code="IT", is_active=True, path="/1/2/2/", parent_path="/1/2/"),)
    assert page.next_token is None


def test_pages_smaller_than_asked_for_are_followed_until_the_count_is_reached() -> None:
    envelope = {"items": [{"id": 1}, {"id": 2}], "count": 3}
    token = departments.page_of(envelope, departments.first_token("v4")).next_token
    assert token is not None
    assert "page=2&limit=100" in departments.request(token).target
    assert departments.page_of({"items": [{"id": 3}], "count": 3}, token).next_token is None


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([a_department("1", "/1/", "/"), a_department("48", "/1/2/", "/1/")], {"1": None, "48": "1"}),
        ([a_department("1"), a_department("2", parent_id="1")], {"1": None, "2": "1"}),
        ([a_department("2", "/1/2/", "/1/")], {"2": None}),
        ([a_department("2", parent_id="9")], {"2": None}),
        # Two departments of one path: neither is the parent.
        ([a_department("1", "/1/", "/"), a_department("9", "/1/", "/"), a_department("2", "/1/2/", "/1/")],
         {"1": None, "9": None, "2": None}),
        # A parent path that is not where the child's own path begins.
        ([a_department("1", "/1/", "/"), a_department("2", "/3/2/", "/1/")], {"1": None, "2": None}),
        ([a_department("1", "/1/", "/"), a_department("2", "/1/5/2/", "/1/")], {"1": None, "2": None}),
        ([a_department("1", "/1.0/", "/"), a_department("2", "/1/2/", "/1/")], {"1": None, "2": None}),
        # Going up must come to an end.
        ([a_department("1", parent_id="2"), a_department("2", parent_id="1")], {"1": None, "2": None}),
        ([a_department("1", parent_id="1")], {"1": None}),
    ],
)  # fmt: skip
def test_a_parent_is_told_only_when_proven(found: list[Department], expected: dict[str, str | None]) -> None:
    assert parents(*found) == expected


@given(st.lists(st.builds(a_department, st.sampled_from("123456"), parent_id=st.sampled_from([None, *"123456"]))))
def test_every_department_comes_once_and_the_way_up_always_ends(found: list[Department]) -> None:
    above = parents(*found)
    assert set(above) == {one.lucca_id for one in found}
    for start in above:
        steps, at = 0, above[start]
        while at is not None:
            steps, at = steps + 1, above[at]
            assert steps <= len(above)


@pytest.mark.parametrize(
    ("error", "worth"),
    [
        (NotFound(404), True),
        (NotFound(410), True),
        (Rejected(405), True),
        (Refused(403), True),
        (Refused(401), False),
        (Unavailable(UnavailableReason.SERVER), False),
        (Unintelligible(UnintelligibleReason.HTML), True),
        (Unintelligible(UnintelligibleReason.REDIRECT), True),
        (Unintelligible(UnintelligibleReason.TRUNCATED), False),
    ],
)
def test_v3_is_asked_only_when_v4_is_closed(error: LuccaError, worth: bool) -> None:
    assert departments.says_that_v4_is_closed(error) is worth


def test_a_lucca_without_v4_is_read_by_v3(server: RawServer) -> None:
    server.scripts = [GONE, V3]
    with server.client() as client:
        assert [one.name for one in client.departments_page().departments] == ["Company"]
    assert b"/api/v3/departments?fields=" in server.requests[1]


def test_a_lucca_without_any_departments_says_so_after_two_calls(server: RawServer) -> None:
    server.scripts = [GONE]
    with server.client() as client, pytest.raises(NotFound):
        client.departments_page()
    assert len(server.requests) == 2


def test_a_throttled_v4_is_waited_for_and_not_gone_around(server: RawServer) -> None:
    server.scripts = [answer("", status="429 Too Many Requests")]
    with server.client() as client, pytest.raises(Throttled):
        client.departments_page()
    assert len(server.requests) == 1


def test_an_empty_page_before_the_end_is_an_error_and_never_an_end() -> None:
    with pytest.raises(Unintelligible):
        departments.page_of({"items": [], "count": 5}, "v4:2:2")
