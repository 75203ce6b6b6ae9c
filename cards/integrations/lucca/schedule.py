"""When statistics are sent: once per Paris day, at night (R77). Pure: it is told the moment, and asks nobody.

Due times are worked out from the Paris day, never by adding hours: so each night is one night, also when clocks change.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
OPENS, CLOSES = time(3), time(7)


def due_at(account_id: int, day: date) -> datetime:
    """When the nightly push of an account is due: from 03:00 in Paris, each account at its own minute of that hour."""
    # 37 and 60 share no divisor: accounts made one after the other get minutes far apart.
    minute = account_id * 37 % 60
    return datetime.combine(day, OPENS.replace(minute=minute), PARIS).astimezone(UTC)


def opens_at(day: date) -> datetime:
    """When the night begins: the first account's push is due."""
    return datetime.combine(day, OPENS, PARIS).astimezone(UTC)


def closes_at(day: date) -> datetime:
    """When the night ends: what is not done then waits for the next one."""
    return datetime.combine(day, CLOSES, PARIS).astimezone(UTC)


def next_due(account_id: int, now: datetime, *, is_begun_today: bool) -> datetime:
    """When the nightly push of an account is due next: at once while a night is on that has not begun for it."""
    today = paris_day(now)
    if is_begun_today or closes_at(today) <= now:
        return due_at(account_id, today + timedelta(days=1))
    return max(due_at(account_id, today), now)


def night_at(moment: datetime) -> date | None:
    """The day whose night it is at `moment`; None outside of the nights."""
    local = moment.astimezone(PARIS)
    return local.date() if OPENS <= local.time() < CLOSES else None


def paris_day(moment: datetime) -> date:
    """The day it is in Paris at `moment`."""
    return moment.astimezone(PARIS).date()
