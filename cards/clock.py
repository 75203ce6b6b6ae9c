"""What time it is: the one place that asks, so that tests and `cards run_due --at` can answer instead."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The present moment in UTC, or the one that `told` holds."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def told(moment: datetime) -> Iterator[None]:
    """Within the block, `now` answers `moment`."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
