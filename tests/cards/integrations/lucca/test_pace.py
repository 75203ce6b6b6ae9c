"""Groups of people that fill Lucca's minute: how large, how often, and never cut in the middle."""

from datetime import UTC, datetime, timedelta
from math import ceil
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards import clock
from cards.integrations.lucca.connect import OutOfCalls
from cards.integrations.lucca.pace import AHEAD, GROUP, PATIENCE, after_others, group_now, largest_group
from cards.runs import budget
from cards.runs.models import Budget
from lucca import Throttled

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOST = "acme.ilucca.example"


@given(st.integers(min_value=GROUP + 1, max_value=2_000))
def test_equal_groups_of_twenty_to_forty_use_a_minute_up(limit: int) -> None:
    group = largest_group(limit)
    assert GROUP <= group <= 2 * GROUP
    assert limit % (group + 1) < limit // (group + 1)


@pytest.mark.parametrize(("limit", "group"), [(1, 1), (2, 1), (10, 9), (20, 19), (40, 39), (50, 24), (100, 24)])
def test_a_group_is_as_large_as_a_share_of_the_limit_allows(limit: int, group: int) -> None:
    assert largest_group(limit) == group


def pushed(people: int, *, limit: int, latency: float, seed: int = 0) -> tuple[int, float, float]:
    """Let so many people be pushed by a clock that moves with each call: readings, seconds until the last of them,
    the longest wait of a group in its middle."""
    chance, moment, left, readings, longest = Random(seed), NOON, people, 0, 0.0
    seconds = 0.0
    while left:
        with clock.told(moment):
            try:
                group = group_now(HOST, writes=left, seconds=seconds)
            except OutOfCalls as error:
                moment = max(error.until, moment) + timedelta(seconds=chance.uniform(0, 0.2))
                continue
        began, waited = moment, 0.0
        for _ in range(group + 1):
            with clock.told(moment):
                free = budget.next_free_at(HOST, limit=limit, group=1)
            waited += (free - moment).total_seconds()
            moment = free
            call = budget.call(HOST, limit=limit)
            with clock.told(moment):
                call.__enter__()
            moment += timedelta(seconds=latency * chance.uniform(0.5, 1.5))
            with clock.told(moment):
                call.__exit__(None, None, None)
        seconds = ((moment - began).total_seconds() - waited) / (group + 1)
        left, readings, longest = left - group, readings + 1, max(longest, waited)
    return readings, (began - NOON).total_seconds(), longest


@pytest.mark.parametrize(("limit", "latency", "share"), [(40, 0.25, 0.98), (40, 1.0, 0.93), (25, 0.0, 0.98)])
def test_groups_use_the_limit_and_are_never_cut(
    db: None, settings: Any, limit: int, latency: float, share: float
) -> None:
    settings.CARDS_CALLS_PER_MINUTE = limit
    people = 5 * limit
    readings, seconds, longest_wait = pushed(people, limit=limit, latency=latency)
    assert readings <= ceil(people / GROUP)
    assert longest_wait <= PATIENCE
    # The first minute's calls are free at once, and then those of each minute.
    calls = people + readings
    assert (ceil(calls / limit) - 1) * 60 / seconds >= share


@pytest.mark.parametrize(
    ("used", "ago", "writes", "group"),
    [
        (0, 0, 100, 39),
        (25, 0, 10, 10),
        # What is left is used when the rest is far off and enough for a group.
        (15, 0, 39, 24),
        (20, 0, 39, None),
        (35, 0, 10, None),
        # What is free in a moment is waited for.
        (15, 50, 39, None),
        (15, 58.1, 39, 39),
    ],
)
def test_a_group_is_cut_only_where_the_wait_is_long_and_enough_is_left(
    db: None, settings: Any, used: int, ago: float, writes: int, group: int | None
) -> None:
    settings.CARDS_CALLS_PER_MINUTE = 40
    made = NOON.timestamp() - ago
    Budget.objects.create(host=HOST, calls=[made] * used)
    with clock.told(NOON):
        if group is not None:
            assert group_now(HOST, writes=writes, seconds=0.0) == group
            return
        with pytest.raises(OutOfCalls) as out:
            group_now(HOST, writes=writes, seconds=0.0)
    assert out.value.until.timestamp() == pytest.approx(made + budget.WINDOW - AHEAD.total_seconds())


def test_a_lucca_whose_calls_others_use_is_called_again_when_a_group_of_ours_is_free(db: None) -> None:
    moments = [NOON.timestamp() + number for number in range(25)]
    Budget.objects.create(host=HOST, calls=moments)
    refused = Throttled(NOON + timedelta(seconds=27))
    with clock.told(NOON + timedelta(seconds=25)):
        assert after_others(HOST, refused).timestamp() == moments[GROUP] + budget.WINDOW
        assert after_others("another.ilucca.example", refused) == refused.until
