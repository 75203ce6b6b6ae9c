"""The calls to a host: never above the limit in any minute, and all of it usable."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards import clock
from cards.runs import budget
from cards.runs.budget import WINDOW, NoCallLeft
from cards.runs.models import Budget

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
AT_NOON = NOON.timestamp()
HOST = "acme.ilucca.example"


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def call_at(seconds: float, *, limit: int = 3) -> None:
    """A call that begins and ends at this moment."""
    with clock.told(at(seconds)), budget.call(HOST, limit=limit):
        pass


@given(
    calls=st.lists(st.floats(min_value=0, max_value=WINDOW), max_size=12).map(sorted),
    limit=st.integers(min_value=1, max_value=10),
    group=st.integers(min_value=1, max_value=12),
)
def test_a_group_of_calls_is_free_exactly_when_it_is_said_to_be(calls: list[float], limit: int, group: int) -> None:
    now = WINDOW
    free = budget.free_at(calls, now, limit=limit, group=group)
    wanted = min(group, limit)
    assert len([call for call in calls if call + WINDOW > free]) + wanted <= limit
    if free > now:
        just_before = free - 1e-6
        assert len([call for call in calls if call + WINDOW > just_before]) + wanted > limit


@pytest.mark.requirement("R26")
def test_no_more_calls_than_the_limit_are_reserved_in_a_minute(db) -> None:
    for second in range(3):
        call_at(second)
    with pytest.raises(NoCallLeft) as none_left:
        call_at(3)
    # All three together: runs come back for a group of calls, not for one at a time.
    assert none_left.value.until == at(2 + WINDOW)
    with clock.told(at(3)):
        assert budget.calls_left(HOST, limit=3) == 0
        assert budget.calls_left(HOST, limit=5) == 2
        assert budget.next_free_at(HOST, limit=3, group=1) == at(WINDOW)
    with pytest.raises(NoCallLeft):
        call_at(60)
    call_at(WINDOW)
    with pytest.raises(NoCallLeft):
        call_at(WINDOW + 0.5)


def test_who_is_patient_comes_back_for_the_first_call_and_waits_for_each_of_the_next(db) -> None:
    for second in range(3):
        call_at(second)
    with clock.told(at(3)), pytest.raises(NoCallLeft) as none_left, budget.call(HOST, limit=3, patience=5):
        raise AssertionError
    assert none_left.value.until == at(WINDOW)


@pytest.mark.requirement("R26")
def test_a_call_counts_from_its_end(db) -> None:
    call = budget.call(HOST, limit=1)
    with clock.told(NOON):
        call.__enter__()
    assert Budget.objects.get().calls == [AT_NOON + 30]
    with clock.told(at(7)):
        call.__exit__(None, None, None)
    assert Budget.objects.get().calls == [AT_NOON + 7]


def test_a_call_that_raises_counts_all_the_same(db) -> None:
    with clock.told(NOON), pytest.raises(TimeoutError), budget.call(HOST, limit=1):
        raise TimeoutError
    assert Budget.objects.get().calls == [AT_NOON]


def test_two_calls_at_most_are_under_way_and_the_third_comes_back_in_a_moment(db) -> None:
    with clock.told(NOON), budget.call(HOST, limit=9), budget.call(HOST, limit=9):
        with pytest.raises(NoCallLeft) as none_left, budget.call(HOST, limit=9):
            raise AssertionError
        assert none_left.value.until == at(budget.MOMENT)


def test_a_call_whose_process_died_is_taken_to_have_lasted_as_long_as_it_could(db) -> None:
    Budget.objects.create(host=HOST, calls=[AT_NOON + 30])
    with clock.told(at(30 + WINDOW - 1)):
        assert budget.calls_left(HOST, limit=1) == 0
    with clock.told(at(30 + WINDOW)):
        assert budget.calls_left(HOST, limit=1) == 1


@pytest.mark.requirement("R26")
def test_nobody_calls_a_host_that_said_too_many_before_the_moment_it_named(db) -> None:
    with clock.told(NOON):
        budget.close(HOST, at(20))
        budget.close(HOST, at(10))
    with pytest.raises(NoCallLeft) as none_left:
        call_at(19)
    assert none_left.value.until == at(20)
    with clock.told(at(19)):
        assert budget.calls_left(HOST, limit=3) == 0
    call_at(20)


@pytest.mark.parametrize("step", [1, 30, 60, 90, 120, 3600, 86_400])
def test_calls_made_before_the_clock_stepped_back_hold_nobody_for_longer_than_two_minutes_and_a_half(step, db) -> None:
    for seconds in (step - 1, step):
        call_at(seconds, limit=2)
    free = []
    for seconds in (0, 60, 120, 2 * WINDOW + 30):
        with contextlib.suppress(NoCallLeft):
            call_at(seconds, limit=2)
            free.append(seconds)
    assert free


def test_what_a_host_said_before_the_clock_stepped_back_is_forgotten(db) -> None:
    with clock.told(NOON + timedelta(days=1)):
        budget.close(HOST, at(86_400 + 20))
    with clock.told(NOON):
        assert budget.calls_left(HOST, limit=3) == 3
        assert budget.next_free_at(HOST, limit=3) == NOON
        budget.close(HOST, at(20))
        assert budget.next_free_at(HOST, limit=3) == at(20)


def test_hosts_are_counted_apart(db) -> None:
    other = "other.ilucca.example"
    call_at(0, limit=1)
    with clock.told(NOON), budget.call(other, limit=1):
        assert budget.calls_left(HOST, limit=1) == 0
    call_at(0, limit=2)
    with clock.told(NOON):
        assert (budget.calls_left(HOST, limit=2), budget.calls_left(other, limit=2)) == (0, 1)
        assert (budget.next_free_at(HOST, limit=2), budget.next_free_at(other, limit=2, group=1)) == (at(WINDOW), NOON)


def test_who_is_patient_waits_for_the_moment_that_the_host_named(db) -> None:
    budget.close(HOST, clock.now() + timedelta(seconds=0.3))
    with pytest.raises(NoCallLeft), budget.call(HOST, limit=1):
        raise AssertionError
    with budget.call(HOST, limit=1, patience=5):
        assert budget.calls_left(HOST, limit=1) == 0
