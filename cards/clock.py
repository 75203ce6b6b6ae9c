"""What time it is: the one place that asks, so that tests and `cards run_due --at` can answer instead."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

_told: ContextVar[Callable[[], datetime] | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The present moment in UTC, or the one that `told` holds."""
    told = _told.get()
    return told() if told else datetime.now(UTC)


def shared() -> datetime:
    """The present moment by the one clock that all processes share; read it after taking the row's lock.

    That is the database server's clock on PostgreSQL, where workers may run on several machines, and the host's
    on SQLite, where they cannot.
    """
    if _told.get() is None and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            moment: datetime = cursor.fetchone()[0]
            return moment.astimezone(UTC)
    return now()


@contextmanager
def told(moment: datetime, *, passes: bool = False) -> Iterator[None]:
    """Within the block, `now` and `shared` answer `moment`; if time `passes`, counted from then on."""
    began = time.monotonic()
    token = _told.set(lambda: moment + timedelta(seconds=time.monotonic() - began) if passes else moment)
    try:
        yield
    finally:
        _told.reset(token)


def today(time_zone: str) -> date:
    """The day it is in a time zone, named as in the tz database."""
    return now().astimezone(ZoneInfo(time_zone)).date()
