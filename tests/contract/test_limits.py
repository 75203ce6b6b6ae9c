"""Limits of the host."""

import pytest

from tests.contract.tenant import USERS, V4_DEPARTMENTS, Tenant

belief = pytest.mark.belief


@belief("L1", "D", "DOC limits: 50 requests per 60-second window")
def test_fifty_calls_a_minute_are_allowed_and_the_next_is_a_429(pretend: Tenant) -> None:
    """Fifty calls in any sixty seconds; one more is a 429. Only the pretend Lucca is made to refuse."""
    assert pretend.simulator
    pretend.simulator.limits.calls = 50
    statuses = [pretend.hurry("GET", USERS, {"paging": "0,1"}).status_code for _ in range(51)]
    assert statuses == [200] * 50 + [429]


@belief("L2", "D", "DOC limits: per tenant domain, shared by all integrations; v3, v4 and v5 together is inferred")
def test_one_window_is_shared_by_all_keys_and_dialects(pretend: Tenant) -> None:
    """The window belongs to the host: all keys, v3 and v4 together."""
    assert pretend.simulator
    pretend.simulator.limits.calls = 2
    assert pretend.hurry("GET", USERS).status_code == 200
    other = {"Authorization": f"lucca application={pretend.reader_key}"}
    assert pretend.hurry("GET", V4_DEPARTMENTS, headers=other).status_code == 200
    assert pretend.hurry("GET", V4_DEPARTMENTS).status_code == 429


@belief("L3", "D", "DOC limits: 8 KB of headers")
def test_headers_beyond_eight_kilobytes_are_a_431(lucca: Tenant) -> None:
    """Headers of more than 8 KB in all are a 431; the client's are some hundred bytes."""
    assert lucca.get(USERS, {"paging": "0,1"}, headers={"X-Long": "x" * 9000}).status_code == 431


@belief("L4", "D", "DOC limits: 100 MB")
def test_a_body_beyond_the_limit_is_a_413(pretend: Tenant) -> None:
    """A body beyond the limit is a 413 and changes nothing."""
    assert pretend.simulator
    pretend.simulator.limits.body_bytes = 1000
    assert pretend.put({pretend.codes.compound: [{"value": {pretend.codes.title: "x" * 2000}}]}).status_code == 413
    assert pretend.occurrences() is None


@belief("L5", "D", "DOC limits: 5 s per request")
def test_a_call_that_takes_too_long_is_a_408(pretend: Tenant) -> None:
    """A request that takes Lucca longer than five seconds is aborted with 408."""
    assert pretend.simulator
    pretend.simulator.limits.request_seconds = 0.05
    pretend.simulator.faults(kind="latency", seconds=1.0)
    assert pretend.get(USERS).status_code == 408
