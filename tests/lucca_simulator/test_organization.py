"""Departments, establishments, legal units and contracts, over v3 and v4."""

from typing import Any

import pytest

from lucca_simulator import Simulator
from tests.lucca_simulator.conftest import Caller

V3 = "/api/v3/departments"
V4 = "/organization/structure/api/departments"
PLACES = "/organization/structure/api/establishments"


def test_v3_lists_active_departments_unless_asked_otherwise(caller: Caller) -> None:
    listed = caller.items(V3, fields="id,isActive", paging="0,100")
    assert len(listed) == 14
    assert [each["id"] for each in caller.items(V3, fields="id", isActive="false")] == [15]


def test_v3_pages_hold_ten_when_nothing_is_said(simulator: Simulator, caller: Caller) -> None:
    assert len(caller.items(V3)) == 10
    simulator.switch(page_size_elsewhere="1000")
    assert len(caller.items(V3)) == 14


def test_a_parent_is_a_path_and_a_position_exceeds_64_bits(caller: Caller) -> None:
    fields = "id,name,code,hierarchy,parentId,position,level,headID"
    shown = {each["id"]: each for each in caller.items(V3, fields=fields, paging="0,100")}
    assert shown[1]["parentId"] == "/"
    for each in shown.values():
        assert each["hierarchy"].startswith(each["parentId"])
        assert each["hierarchy"].count("/") == each["level"] + 1
        assert each["position"] > 2**63
    assert len({each["hierarchy"] for each in shown.values()}) == 14
    assert len({each["position"] for each in shown.values()}) == 14


def test_hierarchies_are_made_of_ranks_or_of_ids(simulator: Simulator, caller: Caller) -> None:
    ranks = caller.get(f"{V3}/9", fields="hierarchy").json()["data"]["hierarchy"]
    simulator.switch(hierarchy_segments="ids")
    ids = caller.get(f"{V3}/9", fields="hierarchy").json()["data"]["hierarchy"]
    assert (ranks, ids) == ("/1/3/1/1/", "/1/7/8/9/")


def test_one_department_and_its_people(caller: Caller) -> None:
    shown = caller.get(f"{V3}/13", fields="id,currentUsersCount,users[id],head[id]").json()["data"]
    assert shown["currentUsersCount"] == len(shown["users"]) > 0
    assert shown["head"]["id"] in {each["id"] for each in shown["users"]}
    missing = caller.get(f"{V3}/13651")
    assert (missing.status_code, missing.json()["Message"]) == (404, "Resource Department with ID 13651 not found")


def test_the_tree_holds_every_active_department_once(caller: Caller) -> None:
    def ids(branch: dict[str, Any]) -> list[int]:
        below = [number for child in branch["children"] for number in ids(child)]
        return [branch["node"]["id"], *below] if branch["node"] else below

    third = caller.get(f"{V3}/tree").json()["data"]
    fourth = caller.get(f"{V4}/tree").json()
    assert sorted(ids(third)) == sorted(ids(fourth)) == list(range(1, 15))
    assert third["node"] is None
    assert set(third["children"][0]["node"]) == {"id", "name", "url"}
    asked = caller.get(f"{V3}/tree", fields="id,code").json()["data"]
    assert set(asked["children"][0]["node"]) == {"id", "code"}


@pytest.mark.parametrize("path", [V3, f"{V3}/1", f"{V3}/tree", "/api/v3/legalentities"])
def test_v3_departments_may_be_deprecated_or_gone(simulator: Simulator, caller: Caller, path: str) -> None:
    assert "Deprecation" not in caller.get(path).headers
    simulator.switch(departments_v3="deprecated")
    assert {"deprecation", "sunset"} <= set(caller.get(path).headers)
    for status in (404, 410):
        simulator.switch(departments_v3=f"gone-{status}")
        assert caller.get(path).status_code == status
    assert caller.get(V4).status_code == 200


def test_v4_always_shows_all_properties_in_its_own_envelope(caller: Caller) -> None:
    page = caller.get(V4, page=1, limit=100, **{"fields.root": "count"}).json()
    assert (len(page["items"]), page["count"], page["prev"], page["next"]) == (14, 14, None, None)
    assert set(page["items"][0]) == {
        "id", "name", "code", "description", "parentId", "parentLuccaId", "hierarchy", "isActive", "headId",
        "createdAt", "lastModifiedAt", "sortOrderInSiblings",
    }  # fmt: skip


def test_v4_pages_are_numbered_from_one_and_followed_by_next(simulator: Simulator, caller: Caller) -> None:
    simulator.switch(root_counters="always")
    found, address = [], f"{V4}?limit=5"
    while address:
        page = caller.http.get(address).json()
        found += [each["id"] for each in page["items"]]
        address = page["next"]
    assert found == list(range(1, 15))
    assert caller.get(V4, page=99).json()["items"] == []
    for wrong in ({"page": 0}, {"limit": -1}, {"limit": 1001}, {"page": "x"}):
        assert caller.get(V4, **wrong).status_code == 400


def test_v4_counters_come_on_request(simulator: Simulator, caller: Caller) -> None:
    assert caller.get(V4).json()["count"] is None
    simulator.switch(root_counters="always")
    assert caller.get(V4).json()["count"] == 14


def test_v4_counts_without_items_for_who_asks_for_a_page_of_nobody(caller: Caller) -> None:
    page = caller.get(V4, limit=0, **{"fields.root": "count,next"}).json()
    assert page == {"items": [], "count": 14, "prev": None, "next": None}


@pytest.mark.parametrize(
    ("sort", "expected"),
    [("name", [3, 2, 1]), ("-name", [1, 2, 3]), ("legalunit.name,-name", [3, 1, 2]), ("+id", [1, 2, 3])],
)
def test_v4_sorts_by_one_or_several_paths(caller: Caller, sort: str, expected: list[int]) -> None:
    assert [each["id"] for each in caller.get(PLACES, sort=sort).json()["items"]] == expected


@pytest.mark.parametrize("sort", ["nothing", "legalUnit", "name.id"])
def test_v4_cannot_sort_by_what_has_no_order(caller: Caller, sort: str) -> None:
    assert caller.get(PLACES, sort=sort).status_code == 400


def test_v4_departments_may_name_their_parent_and_list_inactive_ones(simulator: Simulator, caller: Caller) -> None:
    assert caller.get(f"{V4}/9").json()["parentLuccaId"] is None
    simulator.switch(parent_lucca_id="filled", inactive_in_v4="listed")
    assert caller.get(f"{V4}/9").json()["parentLuccaId"] == 8
    assert len(caller.get(V4, limit=100).json()["items"]) == 15
    simulator.switch(departments_v4="gone-404")
    assert caller.get(V4).status_code == 404


def test_establishments_and_legal_units_refer_to_each_other(caller: Caller) -> None:
    places = caller.get(PLACES, **{"fields.root": "count"}).json()
    units = caller.get("/organization/structure/api/legal-units").json()["items"]
    assert places["count"] == len(places["items"]) == 3
    assert {each["legalUnitId"] for each in places["items"]} == {each["id"] for each in units}
    assert sum(each["usersCount"] for each in places["items"]) == 80
    assert caller.get(f"{PLACES}/2").json() == places["items"][1]
    assert caller.get(f"{PLACES}/9").status_code == 404
    assert caller.get("/organization/structure/api/legal-units/1").json() == units[0]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"id": "1,3"}, [1, 3]),
        ({"legalUnitId": 2}, [3]),
        ({"search": "lyo"}, [2]),
        ({"search": "lyo,acm"}, [2]),
        ({"search": "lyo par"}, []),
        ({"isArchived": "true,false"}, [1, 2, 3]),
        ({"isArchived": "true"}, []),
    ],
)
def test_v4_filters_are_lists_of_accepted_values(caller: Caller, query: dict[str, object], expected: list[int]) -> None:
    assert [each["id"] for each in caller.get(PLACES, **query).json()["items"]] == expected


def test_a_returned_collaborator_has_two_contracts(simulator: Simulator, caller: Caller) -> None:
    caller.control("POST", "employees/3/end", {"on": "2026-01-31"})
    caller.control("POST", "employees/3/return", {"on": "2026-06-01"})
    contracts = caller.get("/directory/api/4.0/work-contracts", ownerId=3).json()["items"]
    assert [each["isApplicable"] for each in contracts] == [False, True]
    assert contracts[0]["endsOn"] == "2026-01-31T00:00:00"


def test_someone_who_comes_back_keeps_the_id_or_not(simulator: Simulator, caller: Caller) -> None:
    employee = simulator.company.employees[3]
    first, mail = employee.starts_on, employee.mail
    caller.control("POST", "employees/3/end", {"on": "2026-01-31"})
    simulator.switch(rehire="same-id-first-start")
    caller.control("POST", "employees/3/return", {"on": "2026-06-01"})
    assert caller.user(3, "dtContractStart,dtContractEnd") == {
        "dtContractStart": f"{first}T00:00:00",
        "dtContractEnd": None,
    }
    caller.control("POST", "employees/3/end", {"on": "2026-07-31"})
    simulator.switch(rehire="new-id")
    assert caller.control("POST", "employees/3/return", {"on": "2026-09-01"})["id"] == 81
    assert caller.ids(mail=mail) == [81]
    assert caller.ids(mail=mail, formerEmployees="true") == [3, 81]


def test_the_largest_page_of_v4_may_be_a_hundred(simulator: Simulator, caller: Caller) -> None:
    simulator.switch(v4_largest_page="100")
    assert [caller.get(V4, limit=each).status_code for each in (100, 101)] == [200, 400]


def test_roles_are_listed(caller: Caller) -> None:
    assert caller.items("/api/v3/roles")[0]["id"] == 55
    assert [each["id"] for each in caller.items("/api/v3/legalentities", fields="id,name")] == [1, 2, 3]
