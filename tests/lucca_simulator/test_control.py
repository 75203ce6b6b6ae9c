"""The remote control under `/_simulator/`, and the simulator inside a test's own process."""

import pytest

from lucca_simulator import Simulator, running
from lucca_simulator.switches import choices
from tests.lucca_simulator.conftest import Caller

USERS = "/api/v3/users"


def test_the_journal_tells_each_call_and_no_key(simulator: Simulator, caller: Caller) -> None:
    caller.get(USERS, fields="id", paging="0,2")
    caller.put(5, {"lastName": "Doe"})
    caller.http.get(USERS, headers={"Authorization": "lucca application=wrong"})
    calls = caller.control("GET", "journal")["calls"]
    assert [(each["method"], each["path"], each["query"], each["status"], each["key"]) for each in calls] == [
        ("GET", USERS, "fields=id&paging=0%2C2", 200, "Cards"),
        ("PUT", f"{USERS}/5", "", 200, "Cards"),
        ("GET", USERS, "", 401, None),
    ]
    assert calls[1]["body"] == {"lastName": "Doe"}
    assert calls[0]["time"] < calls[1]["time"]
    assert simulator.key not in str(calls)
    assert simulator.key not in str(caller.control("GET", "state"))


def test_a_reset_starts_again_as_at_the_beginning_or_otherwise(simulator: Simulator, caller: Caller) -> None:
    before = caller.ids()
    caller.put(5, {"lastName": "Doe"})
    simulator.switch(multi_write="upsert")
    simulator.faults(kind="error", skip=9)
    state = caller.control("POST", "reset")
    assert (state["calls"], state["faults"], state["switches"]["multi_write"]) == (0, [], "replace")
    assert caller.user(5, "lastName") != {"lastName": "Doe"}
    assert caller.ids() == before
    caller.control("POST", "reset", {"employees": 5, "seed": 9})
    assert caller.ids() == [1, 2, 3, 4, 5]
    caller.control("POST", "reset", {"colour": "blue"}, status=400)


def test_people_are_added_changed_ended_and_brought_back(simulator: Simulator, caller: Caller) -> None:
    added = caller.control("POST", "employees", {"first_name": "Zoé", "last_name": "Neuvaine", "department_id": 3})
    assert (added["id"], added["mail"]) == (81, "zoe.neuvaine@acme.example")
    assert caller.user(81, "name,departmentId") == {"name": "Zoé Neuvaine", "departmentID": 3}
    caller.control("PATCH", "employees/81", {"mail": None, "starts_on": "2020-01-01", "department_id": 4})
    assert caller.user(81, "mail,departmentId") == {"mail": None, "departmentID": 4}
    caller.control("POST", "employees/81/end")
    assert 81 not in caller.ids()
    caller.control("POST", "employees/81/return")
    assert 81 in caller.ids()
    assert caller.control("GET", "employees/81")["ends_on"] is None
    assert len(caller.control("GET", "employees")["employees"]) == 81


def test_a_changed_person_is_found_by_modified_since(simulator: Simulator, caller: Caller) -> None:
    since = simulator.clock.local().isoformat(timespec="milliseconds")
    caller.control("PATCH", "employees/7", {"last_name": "Neuvaine"})
    assert caller.ids(modifiedAt=f"since,{since}") == [7]


def test_a_department_is_renamed(caller: Caller) -> None:
    caller.control("PATCH", "departments/4", {"name": "Formation continue"})
    assert caller.get("/api/v3/departments/4", fields="name").json() == {"data": {"name": "Formation continue"}}
    assert caller.control("GET", "departments")["departments"][3]["name"] == "Formation continue"
    caller.control("PATCH", "departments/99", {"name": "x"}, status=404)
    caller.control("PATCH", "departments/4", {"colour": "x"}, status=400)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "employees", {"colour": "blue"}, 400),
        ("POST", "employees", {"department_id": 99}, 400),
        ("PATCH", "employees/3", {"starts_on": "soon"}, 400),
        ("PATCH", "employees/999", {"mail": None}, 404),
        ("POST", "employees/999/end", None, 404),
        ("POST", "switches", {"multi_write": "sometimes"}, 400),
        ("POST", "switches", {"nonsense": "x"}, 400),
        ("POST", "settings", {"nonsense": 1}, 400),
        ("POST", "settings", {"latency": "slow"}, 400),
        ("PATCH", "keys/Nobody", {"sees_former": False}, 404),
        ("PATCH", "keys/Cards", {"colour": "blue"}, 400),
        ("PATCH", "keys/Cards", {"establishments": "all"}, 400),
        ("PATCH", "keys/Cards", {"sees_former": "no"}, 400),
        ("POST", "reset", {"employees": "many"}, 400),
        ("POST", "reset", {"departments": 0}, 400),
    ],
)
def test_what_cannot_be_is_refused(caller: Caller, method: str, path: str, body: object, status: int) -> None:
    assert caller.control(method, path, body, status=status)["error"]
    assert caller.control("POST", "reset")["counts"]["employees"] == 80


def test_every_switch_takes_every_position_over_http(caller: Caller) -> None:
    for name, positions in choices().items():
        for position in reversed(positions):
            assert caller.control("POST", "switches", {name: position})[name] == position
    assert caller.control("GET", "switches") == {name: positions[0] for name, positions in choices().items()}


def test_a_key_sees_what_its_role_allows(simulator: Simulator, caller: Caller) -> None:
    everyone = caller.ids(formerEmployees="true")
    caller.control("PATCH", "keys/Cards", {"sees_former": False})
    assert len(caller.ids(formerEmployees="true")) == len(everyone) - 13
    caller.control("PATCH", "keys/Cards", {"sees_future": False})
    assert len(caller.ids(formerEmployees="true")) == len(everyone) - 18
    caller.control("PATCH", "keys/Cards", {"establishments": [3]})
    seen = caller.items(USERS, fields="id,legalEntityId")
    assert {each["legalEntityID"] for each in seen} == {3}
    unseen = next(number for number in everyone if number not in {each["id"] for each in seen})
    assert caller.get(f"{USERS}/{unseen}").status_code == 500
    assert caller.put(unseen, {"lastName": "Doe"}).status_code == 500


def test_a_key_without_the_permission_box_is_forbidden(caller: Caller) -> None:
    caller.control("PATCH", "keys/Cards", {"may_use_collaborators": False})
    assert caller.get(USERS).status_code == 403


def test_trainings_are_defined_on_demand(caller: Caller) -> None:
    caller.control("POST", "trainings", {"code": "e_formations", "name": "Formations"})
    shown = caller.items("/api/v3/userproperties", id="e_formations", fields="id,name,isMultivalue")
    assert shown == [{"id": "e_formations", "name": "Formations", "isMultivalue": True}]


def test_two_simulators_live_side_by_side() -> None:
    with running(employees=3, seed=1) as first, running(employees=3, seed=2) as second:
        names = []
        for simulator in (first, second):
            caller = Caller(simulator, simulator.key)
            with caller.http:
                names.append([each["name"] for each in caller.items(USERS)])
    assert names[0] != names[1]
