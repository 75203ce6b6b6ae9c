"""The calls we may make to a host: the exact times of the last minute's, counted over all processes together.

A call is counted from before it begins until a minute after it ended, because Lucca may count it at any moment in
between. What decides is pure; the row's lock makes it true for everybody.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import transaction

from cards import clock
from cards.runs.models import Budget

# Lucca's window (https://developers.lucca.fr, "rate limiting"), and a hair for clocks that do not tick alike.
WINDOW = 60.05
# At most this many calls of ours are under way at a host.
IN_FLIGHT = 2
# An impatient run comes back when this many calls are free, so that workers are not woken for one call at a time.
GROUP = 4
# Longer than any call can last: a call whose process died is taken to have ended then.
CALL_LASTS = 30.0
# Longer than any run waits for calls, or for a host that said when it takes them again.
LONGEST_WAIT = timedelta(hours=2)
# How soon to try again when only the calls under way are in the way.
MOMENT = 0.2


class NoCallLeft(Exception):
    """No call may be made to the host before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


def counted(calls: Sequence[float], now: float) -> list[float]:
    """The calls that still count at `now`, ascending.

    One further ahead than any can be was counted before the clock stepped back: nobody knows when that was. Should
    Lucca still count it, it says so itself.
    """
    latest = now + CALL_LASTS + WINDOW
    return sorted(call for call in calls if now - WINDOW < call <= latest)


def free_at(calls: Sequence[float], now: float, *, limit: int, group: int = 1, seconds: float = 0.0) -> float:
    """When the first of `group` calls may be made, given the calls that count now: all are free at once.

    Or, where each takes so many `seconds`, each will be free when its turn comes.
    """
    group = max(1, min(group, limit))
    begin = now
    for number in range(group):
        too_many = len(calls) - max(limit, 1) + number + 1
        if too_many > 0:
            begin = max(begin, calls[too_many - 1] + WINDOW - number * seconds)
    return begin


@contextmanager
def call(host: str, *, limit: int, patience: float = 0.0) -> Iterator[None]:
    """Reserve one of the `limit` calls a minute to the host, for a call made within the block.

    Waits for it up to `patience` seconds. Raises NoCallLeft. Not to be used inside a transaction: the reservation must
    be seen by others before the call is made.
    """
    stamp = _reserve_within(patience, host, limit)
    try:
        yield
    finally:
        _ended(host, stamp)


def close(host: str, until: datetime) -> None:
    """The host said that we call too often (429): nobody calls it before `until`."""
    with _locked(host) as (budget, _now):
        budget.closed_until = max(until, budget.closed_until or until)


def calls_made(host: str) -> int:
    """How many of our calls to the host count at this moment."""
    budget = Budget.objects.filter(host=host).first()
    return len(counted(budget.calls, clock.shared().timestamp())) if budget else 0


def calls_left(host: str, *, limit: int) -> int:
    """How many calls may be made to the host at this moment."""
    budget = Budget.objects.filter(host=host).first()
    if budget is None:
        return limit
    now = clock.shared()
    if _closed_until(budget, now):
        return 0
    return max(0, limit - len(counted(budget.calls, now.timestamp())))


def next_free_at(host: str, *, limit: int, group: int = GROUP, seconds: float = 0.0) -> datetime:
    """When the first of `group` calls may be made to the host, as `free_at` has it; the present moment if it is now."""
    budget = Budget.objects.filter(host=host).first()
    now = clock.shared()
    return _next_free_at(budget, now, limit, group, seconds) if budget else now


def _next_free_at(budget: Budget, now: datetime, limit: int, group: int, seconds: float = 0.0) -> datetime:
    calls = counted(budget.calls, now.timestamp())
    begin = free_at(calls, now.timestamp(), limit=limit, group=group, seconds=seconds)
    free = datetime.fromtimestamp(begin, UTC)
    return max(free, _closed_until(budget, now) or free)


def _closed_until(budget: Budget, now: datetime) -> datetime | None:
    """Until when the host takes no calls by its own word. One too far ahead was noted before the clock stepped back."""
    until = budget.closed_until
    return until if until is not None and now < until <= now + LONGEST_WAIT else None


@contextmanager
def _locked(host: str) -> Iterator[tuple[Budget, float]]:
    """The host's budget under its lock, what no longer counts removed, and the time read after the lock."""
    # Durable: called inside a transaction of somebody else's, others would not see it until that one ends.
    with transaction.atomic(durable=True):
        budgets = Budget.objects.select_for_update().filter(host=host)
        budget = budgets.first()
        if budget is None:
            Budget.objects.bulk_create([Budget(host=host)], ignore_conflicts=True)
            budget = budgets.get()
        moment = clock.shared()
        now = moment.timestamp()
        budget.calls, budget.closed_until = counted(budget.calls, now), _closed_until(budget, moment)
        yield budget, now
        budgets.update(calls=budget.calls, closed_until=budget.closed_until)


def _reserve_within(patience: float, host: str, limit: int) -> float:
    deadline = time.monotonic() + patience
    # Who is patient comes back for the first call, and waits for each of the next in its turn.
    group = 1 if patience > 0 else GROUP
    while True:
        try:
            return _reserve(host, limit, group)
        except NoCallLeft:
            free = next_free_at(host, limit=limit, group=1) - clock.shared()
            rest = max(free.total_seconds(), MOMENT)
            if time.monotonic() + rest > deadline:
                raise
        time.sleep(rest)


def _reserve(host: str, limit: int, group: int) -> float:
    with _locked(host) as (budget, now):
        moment = datetime.fromtimestamp(now, UTC)
        if budget.closed_until or len(budget.calls) >= limit:
            raise NoCallLeft(_next_free_at(budget, moment, limit, group))
        if sum(stamp > now for stamp in budget.calls) >= IN_FLIGHT:
            raise NoCallLeft(datetime.fromtimestamp(now + MOMENT, UTC))
        stamp = now + CALL_LASTS
        budget.calls = [*budget.calls, stamp]
    return stamp


def _ended(host: str, stamp: float) -> None:
    with _locked(host) as (budget, now):
        calls = list(budget.calls)
        if stamp in calls:
            calls.remove(stamp)
        budget.calls = sorted([*calls, now])
