"""When a night is due, on ordinary days and on those on which the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cards.integrations.lucca.schedule import PARIS, closes_at, due_at, next_due, night_at, opens_at, paris_day

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.requirement("R77")
@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        (date(2026, 1, 15), "2026-01-15T02:00+00:00", "2026-01-15T06:00+00:00"),
        (date(2026, 7, 15), "2026-07-15T01:00+00:00", "2026-07-15T05:00+00:00"),
        (SPRING, "2026-03-29T01:00+00:00", "2026-03-29T05:00+00:00"),
        (AUTUMN, "2026-10-25T02:00+00:00", "2026-10-25T06:00+00:00"),
    ],
)
def test_a_night_lasts_from_three_to_seven_in_paris(day: date, opens: str, closes: str) -> None:
    earliest = min(due_at(account_id, day) for account_id in range(60))
    assert (earliest.isoformat(timespec="minutes"), closes_at(day).isoformat(timespec="minutes")) == (opens, closes)
    assert opens_at(day) == earliest


def test_each_account_has_its_own_minute_of_the_first_hour() -> None:
    day = date(2026, 11, 22)
    times = {due_at(account_id, day) for account_id in range(100, 160)}
    assert len(times) == 60
    assert max(times) - min(times) == timedelta(minutes=59)
    assert due_at(7, day) - due_at(7, day - timedelta(days=1)) == timedelta(days=1)


@pytest.mark.parametrize("day", [SPRING, AUTUMN, date(2026, 11, 22)])
def test_a_moment_belongs_to_a_night_exactly_within_its_window(day: date) -> None:
    midnight = datetime.combine(day, datetime.min.time(), UTC) - timedelta(hours=2)
    minutes = [midnight + timedelta(minutes=minute) for minute in range(30 * 60)]
    within = [moment for moment in minutes if night_at(moment) == day]
    assert len(within) == 4 * 60
    assert within[-1] == closes_at(day) - timedelta(minutes=1)
    assert {night_at(moment) for moment in minutes} <= {day, day + timedelta(days=1), None}


def test_the_day_is_that_of_paris() -> None:
    assert paris_day(datetime(2026, 7, 14, 22, 30, tzinfo=UTC)) == date(2026, 7, 15)
    assert paris_day(datetime(2026, 12, 31, 22, 30, tzinfo=UTC)) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("now", "is_begun_today", "due"),
    [
        ("2026-11-22T23:30", False, "2026-11-23T03:37"),  # 00:30 in Paris
        ("2026-11-23T02:37", True, "2026-11-24T03:37"),
        ("2026-11-23T04:15", False, "2026-11-23T05:15"),
        ("2026-11-23T04:15", True, "2026-11-24T03:37"),
        ("2026-11-23T06:00", False, "2026-11-24T03:37"),
        ("2026-10-24T12:00", True, "2026-10-25T03:37"),
    ],
)
def test_the_next_push_is_due_at_once_while_a_night_is_on_that_has_not_begun(
    now: str, is_begun_today: bool, due: str
) -> None:
    moment = next_due(1, datetime.fromisoformat(now).replace(tzinfo=UTC), is_begun_today=is_begun_today)
    assert moment.astimezone(PARIS).isoformat(timespec="minutes")[:16] == due
