"""Faults on demand: each kind, where and how often it strikes, and that a failing run can be replayed."""

import json
from datetime import timedelta
from email.utils import parsedate_to_datetime

import httpx2
import pytest

from lucca_simulator import Simulator
from lucca_simulator.faults import KINDS, Fault, parse
from tests.lucca_simulator.conftest import Caller

USERS = "/api/v3/users"
V4 = "/organization/structure/api/departments"


def test_a_reset_before_the_effect_writes_nothing(simulator: Simulator, caller: Caller) -> None:
    simulator.faults(kind="reset", method="PUT", count=1)
    with pytest.raises(httpx2.TransportError):
        caller.put(5, {"lastName": "Doe"})
    assert caller.user(5, "lastName") != {"lastName": "Doe"}
    assert [(each["method"], each["status"]) for each in simulator.journal()] == [("PUT", 0), ("GET", 200)]


def test_a_reset_after_the_effect_has_written(simulator: Simulator, caller: Caller) -> None:
    simulator.faults(kind="reset", method="PUT", count=1, moment="after")
    with pytest.raises(httpx2.TransportError):
        caller.put(5, {"lastName": "Doe"})
    assert caller.user(5, "lastName") == {"lastName": "Doe"}


def test_an_error_comes_before_or_after_the_effect(simulator: Simulator, caller: Caller) -> None:
    simulator.faults(kind="error", status=503, count=1)
    assert caller.put(5, {"lastName": "Doe"}).status_code == 503
    assert caller.user(5, "lastName") != {"lastName": "Doe"}
    simulator.faults(kind="error", status=502, count=1, moment="after")
    assert caller.put(5, {"lastName": "Doe"}).status_code == 502
    assert caller.user(5, "lastName") == {"lastName": "Doe"}


def test_a_truncated_answer_announces_more_than_it_holds(simulator: Simulator, caller: Caller) -> None:
    simulator.faults(kind="truncated", count=1)
    with pytest.raises(httpx2.RemoteProtocolError):
        caller.get(USERS)
    assert caller.get(USERS).status_code == 200


def test_an_html_page_comes_with_the_status_wanted(simulator: Simulator, caller: Caller) -> None:
    simulator.faults(kind="html", status=200, count=1)
    answer = caller.get(USERS)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_a_storm_of_429_ends_after_its_count(simulator: Simulator, caller: Caller) -> None:
    simulator.faults(kind="throttle", count=2, seconds=7)
    answers = [caller.get(USERS) for _turn in range(3)]
    assert [each.status_code for each in answers] == [429, 429, 200]
    assert answers[0].headers["retry-after"] == "7"


def test_the_key_is_withdrawn_in_the_middle_of_a_run(simulator: Simulator, caller: Caller) -> None:
    simulator.faults(kind="unauthorized", skip=2)
    assert [caller.get(USERS).status_code for _turn in range(4)] == [200, 200, 401, 401]


@pytest.mark.parametrize("path", [USERS, V4])
def test_pages_are_halved_repeated_and_reordered(simulator: Simulator, caller: Caller, path: str) -> None:
    v4 = path == V4
    second = {"page": 2, "limit": 4} if v4 else {"paging": "4,4", "fields": "id", "orderBy": "id,asc"}

    def ids() -> list[int]:
        found = caller.get(path, **second).json()
        return [each["id"] for each in (found if v4 else found["data"])["items"]]

    assert ids() == [5, 6, 7, 8]
    simulator.faults(kind="half_page", count=1)
    assert ids() == [5, 6]
    simulator.faults(kind="duplicated_page", count=1)
    assert ids() == [1, 2, 3, 4]
    simulator.faults(kind="reordered", count=1, seed=1)
    assert ids() != [5, 6, 7, 8]
    simulator.clear_faults()
    simulator.faults(kind="unstable_order", count=1)
    assert set(ids()) != {5, 6, 7, 8}
    assert ids() == [5, 6, 7, 8]


def test_the_company_changes_between_pages(simulator: Simulator, caller: Caller) -> None:
    before = caller.ids(formerEmployees="true")
    former = simulator.state()["counts"]["former_employees"]
    simulator.faults(kind="company_changes", count=2)
    caller.ids()
    caller.ids()
    assert caller.ids(formerEmployees="true") == [*before, 81, 82]
    assert simulator.state()["counts"]["former_employees"] == former + 2
    names = {each.name for each in simulator.company.departments.values()}
    assert any("nouveau nom" in each for each in names)


def test_rights_are_narrowed(simulator: Simulator, caller: Caller) -> None:
    simulator.faults(kind="narrowed", count=1)
    seen = caller.items(USERS, fields="id,legalEntityId,dtContractStart,extendedData", formerEmployees="true")
    assert {each["legalEntityID"] for each in seen} == {2}
    assert all(each["extendedData"] == {} for each in seen)
    assert len(seen) < len(caller.ids())


def test_a_skewed_clock_is_wrong_everywhere_it_shows(simulator: Simulator, caller: Caller) -> None:
    simulator.faults(kind="clock_skew", seconds=-7200, count=1)
    skewed = caller.put(5, {"lastName": "Doe"}, fields="modifiedAt")
    right = caller.put(5, {"lastName": "Doe"}, fields="modifiedAt")
    gap = parsedate_to_datetime(right.headers["date"]) - parsedate_to_datetime(skewed.headers["date"])
    assert timedelta(hours=2) <= gap < timedelta(hours=2, seconds=30)
    assert skewed.json()["data"]["modifiedAt"] < right.json()["data"]["modifiedAt"]


def test_a_lasting_skew_is_a_setting(simulator: Simulator, caller: Caller) -> None:
    caller.control("POST", "settings", {"clock_skew": 86400 * 40})
    later = parsedate_to_datetime(caller.get(USERS).headers["date"])
    assert later > simulator.clock.now() - timedelta(seconds=5)
    assert simulator.state()["counts"]["future_employees"] < 5


def test_a_fault_strikes_its_route_and_method_only(simulator: Simulator, caller: Caller) -> None:
    simulator.faults(kind="error", route="/api/v3/users/*", method="get")
    assert caller.get(USERS).status_code == 200
    assert caller.get(f"{USERS}/5").status_code == 500
    assert caller.put(5, {"lastName": "Doe"}).status_code == 200


def test_a_fault_strikes_calls_about_one_person_only(simulator: Simulator, caller: Caller) -> None:
    simulator.faults(kind="error", person="5")
    assert [caller.get(USERS, id=each).status_code for each in ("4,5", "5", "4,15")] == [500, 500, 200]
    assert [caller.get(each).status_code for each in (f"{USERS}/5", f"{USERS}/15", USERS)] == [500, 200, 200]


def strikes(fault: Fault, calls: int = 200) -> list[bool]:
    return [fault.strikes("GET", USERS) for _call in range(calls)]


def test_probability_is_drawn_from_a_seed_so_that_a_run_can_be_replayed() -> None:
    first, again, other = (strikes(Fault("error", probability=0.3, seed=seed, skip=5, count=40)) for seed in (4, 4, 5))
    assert first == again != other
    assert not any(first[:5])
    assert 20 < sum(first) <= 40


def test_a_fault_is_written_as_on_the_command_line() -> None:
    fault = parse("kind=reset,route=/api/v3/users/*,method=PUT,moment=after,skip=2,count=1,probability=0.5,seed=7")
    assert (fault.kind, fault.skip, fault.count, fault.probability, fault.seed) == ("reset", 2, 1, 0.5, 7)
    for wrong in ("kind=nonsense", "route=x", "kind=error,moment=never", "kind=error,status=x", "kind=error,what=1"):
        with pytest.raises(ValueError, match=r"\w"):
            parse(wrong)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_set_counted_and_lifted_over_http(caller: Caller, kind: str) -> None:
    added = caller.control("POST", "faults", {"kind": kind, "seconds": 0.01, "count": 1})["faults"]
    assert added[0]["kind"] == kind
    try:
        caller.get(USERS)
    except httpx2.TransportError:
        assert kind in {"reset", "truncated"}
    assert caller.control("GET", "faults")["faults"][0]["struck"] == 1
    assert caller.control("GET", "journal")["calls"][0]["faults"] == [kind]
    assert caller.control("DELETE", "faults") == {"faults": []}
    assert caller.get(USERS).status_code == 200


def test_a_wrong_fault_is_refused_over_http(caller: Caller) -> None:
    assert "nonsense" in caller.control("POST", "faults", {"kind": "nonsense"}, status=400)["error"]
    assert caller.control("POST", "faults", [1], status=400)
    assert json.dumps(caller.control("GET", "faults")) == '{"faults": []}'
