"""Where an error came from and of what kind it is, for a log. Never its message, which may hold personal data."""

import logging
import sys
import time
from contextlib import suppress
from pathlib import Path
from traceback import extract_tb

import structlog
from django.db import InterfaceError, OperationalError

log = structlog.get_logger()
_timed = structlog.processors.TimeStamper(fmt="iso", utc=True)
_as_text = structlog.processors.JSONRenderer(ensure_ascii=False)
# Of what PostgreSQL calls an error of ours, what passes: a write where it may only be read (on a stand-by, or while its
# host spares a full disk), and a transaction that it ended because this process stood still for too long.
READ_ONLY, ENDED_WHILE_IDLE = "25006", "25P03"


class _Stderr:
    """Where events are written. A log that cannot be written (no room, nobody who reads it) ends no work."""

    def write(self, text: str) -> None:
        with suppress(OSError):
            sys.stderr.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


stderr = _Stderr()

# How often an outage is told again while it lasts.
TOLD_EVERY = 60.0


class Outage:
    """Something that a loop cannot do without is away: told when that begins, now and then while it lasts, and when it
    is over. The loop itself asks several times a second."""

    def __init__(self, of: str) -> None:
        self.of = of
        self.began = self.told = float("-inf")

    def lasts(self, error: Exception) -> None:
        now = time.monotonic()
        if self.began < 0:
            self.began = now
        if now - self.told >= TOLD_EVERY:
            self.told = now
            log.warning(f"{self.of}_rests", error=type(error).__name__, code=code_of(error))

    def ends(self) -> None:
        if self.began >= 0:
            log.info(f"{self.of}_is_back", seconds=round(time.monotonic() - self.began))
            self.began = self.told = float("-inf")


class TaskFailed(logging.Handler):
    """What a queue logs of a task that failed, as one event of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            task_failed(error)


class WebServerSays(logging.Formatter):
    """What the web server says of itself, as one event of ours; its parent process has no settings to read."""

    def format(self, record: logging.LogRecord) -> str:
        event = {"said": record.getMessage(), "event": "web_server", "level": record.levelname.lower()}
        return str(_as_text(log, "", _timed(log, "", event)))


def task_failed(error: BaseException) -> None:
    """Say that a task of the queue failed, which only a fault of ours or a database that is away makes it do."""
    log.error("task_failed", error=type(error).__name__, code=code_of(error), frames=frames(error))


def is_away(error: BaseException) -> bool:
    """Whether the database is gone, too busy or may not be written: all of it passes, and what was asked is right."""
    return isinstance(error, (OperationalError, InterfaceError)) or code_of(error) in (READ_ONLY, ENDED_WHILE_IDLE)


def frames(error: BaseException) -> list[str]:
    """The innermost places of the error, as `file.py:12`, at most five."""
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)[-5:]]


def code_of(error: BaseException) -> str:
    """What the database calls its error: SQLITE_FULL, SQLITE_BUSY, 53100 …; empty if it has no name for it.

    A PostgreSQL that was not reached has no code: the words of the connection then, which know nothing of any row.
    """
    cause = error.__cause__
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    if not code and isinstance(error, OperationalError) and hasattr(cause, "sqlstate"):
        code = str(cause).partition("\n")[0].rpartition("failed: ")[2].strip()
    return str(code or "")
