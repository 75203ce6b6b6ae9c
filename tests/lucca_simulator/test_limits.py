"""Lucca's limits: the sliding window over all keys, its neighbours, 408, 413, 431, and the forms of Retry-After."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lucca_simulator import Key, Simulator
from lucca_simulator.limits import Limits, Window
from tests.lucca_simulator.conftest import Caller

USERS = "/api/v3/users"


@given(st.lists(st.floats(0, 20), max_size=300), st.integers(1, 10), st.floats(0, 60))
def test_no_window_of_sixty_seconds_ever_grants_more_than_the_limit(
    gaps: list[float], calls: int, neighbour: float
) -> None:
    window = Window(Limits(calls=calls), neighbour=neighbour)
    now, granted = 1000.0, []
    for gap in gaps:
        now += gap
        if window.take(now) is None:
            granted.append(now)
    for start in granted:
        assert sum(start <= each < start + 60 for each in granted) <= calls


@given(st.lists(st.floats(0, 20), max_size=100), st.integers(1, 10))
def test_whoever_waits_as_told_is_granted_the_next_call(gaps: list[float], calls: int) -> None:
    window = Window(Limits(calls=calls))
    now = 1000.0
    for gap in gaps:
        now += gap
        wait = window.take(now)
        if wait is not None:
            now += wait + 1e-6  # what the sum of two floats may lose
            assert window.take(now) is None


def test_a_neighbour_takes_its_share_evenly() -> None:
    window = Window(Limits(calls=50), neighbour=30)
    assert window.take(0.0) is None
    ours = sum(window.take(60 + number / 100) is None for number in range(100))
    assert ours == 50 - 30


def test_refused_calls_may_count() -> None:
    patient, counted = Window(Limits(calls=1)), Window(Limits(calls=1), counts_refused=True)
    for window in (patient, counted):
        window.take(0.0)
        window.take(50.0)
    assert patient.take(60.0) is None
    assert counted.take(60.0) == pytest.approx(60.0)


def test_all_keys_share_one_window_and_a_429_says_how_long(simulator: Simulator, caller: Caller) -> None:
    simulator.reset(calls_per_minute=2)
    simulator.keys.keys.append(Key("Payroll", "other"))
    other = Caller(simulator, "other")
    with other.http:
        assert [caller.get(USERS).status_code, other.get(USERS).status_code] == [200, 200]
        refused = [caller.get(USERS), other.get("/organization/structure/api/departments")]
    for answer in refused:
        assert (answer.status_code, answer.json()["Message"]) == (429, "Too Many Requests")
        assert 55 <= int(answer.headers["retry-after"]) <= 60


def test_calls_with_a_wrong_key_count_too(simulator: Simulator, caller: Caller) -> None:
    simulator.reset(calls_per_minute=1)
    wrong = Caller(simulator, "wrong")
    with wrong.http:
        assert wrong.get(USERS).status_code == 401
    assert caller.get(USERS).status_code == 429


def test_the_control_costs_nothing_and_is_not_in_the_journal(simulator: Simulator, caller: Caller) -> None:
    simulator.reset(calls_per_minute=1)
    for _turn in range(3):
        caller.control("GET", "state")
    assert caller.get(USERS).status_code == 200
    assert [each["path"] for each in simulator.journal()] == [USERS]


def test_a_neighbour_eats_the_budget(simulator: Simulator, caller: Caller) -> None:
    simulator.reset(calls_per_minute=50)
    caller.control("POST", "settings", {"neighbour": 6000})
    # At a hundred calls a second the neighbour leaves nothing of fifty after half a second.
    statuses = set()
    for _turn in range(400):
        statuses.add(caller.get(USERS, fields="id", paging="0,1").status_code)
        if 429 in statuses:
            break
    assert 429 in statuses
    assert len([each for each in simulator.journal() if each["status"] == 200]) < 50


def test_retry_after_may_be_a_date_or_absent(simulator: Simulator, caller: Caller) -> None:
    simulator.reset(calls_per_minute=1)
    caller.get(USERS)
    simulator.switch(retry_after="date")
    moment = parsedate_to_datetime(caller.get(USERS).headers["retry-after"])
    assert timedelta(seconds=50) < moment - datetime.now(UTC) < timedelta(seconds=65)
    simulator.switch(retry_after="absent")
    assert "retry-after" not in caller.get(USERS).headers


def test_the_body_of_a_429_has_several_forms(simulator: Simulator, caller: Caller) -> None:
    simulator.reset(calls_per_minute=1)
    caller.get(USERS)
    simulator.switch(throttle_body="problem")
    assert caller.get(USERS).headers["content-type"] == "application/problem+json"
    simulator.switch(throttle_body="empty")
    assert caller.get(USERS).content == b""


def test_a_call_beyond_the_longest_duration_is_a_408_without_effect(simulator: Simulator, caller: Caller) -> None:
    caller.control("POST", "settings", {"request_seconds": 0.05})
    simulator.faults(kind="latency", seconds=9)
    assert caller.put(5, {"lastName": "Doe"}).status_code == 408
    simulator.clear_faults()
    assert caller.user(5, "lastName") != {"lastName": "Doe"}


def test_a_408_may_also_come_after_the_effect(simulator: Simulator, caller: Caller) -> None:
    caller.control("POST", "settings", {"request_seconds": 0.05})
    simulator.faults(kind="latency", seconds=9, moment="after")
    assert caller.put(5, {"lastName": "Doe"}).status_code == 408
    simulator.clear_faults()
    assert caller.user(5, "lastName") == {"lastName": "Doe"}


def test_large_bodies_headers_and_addresses_are_refused(simulator: Simulator, caller: Caller) -> None:
    caller.control("POST", "settings", {"body_bytes": 1000})
    assert caller.put(5, {"lastName": "x" * 2000}).status_code == 413

    def in_pieces() -> list[bytes]:
        return [b'{"lastName": "', b"x" * 2000, b'"}']

    assert caller.http.put(f"{USERS}/5", content=iter(in_pieces())).status_code == 413
    assert caller.http.get(USERS, headers={"X-Long": "x" * 8000}).status_code == 431
    assert caller.get(USERS, name="x" * 9000).status_code == 200
    caller.control("POST", "settings", {"address_bytes": 2000})
    assert caller.get(USERS, name="x" * 9000).status_code == 431


def test_latency_is_in_every_answer(simulator: Simulator, caller: Caller) -> None:
    caller.control("POST", "settings", {"latency": 0.05})
    assert caller.get(USERS).elapsed >= timedelta(seconds=0.05)
