"""Where an error came from and of what kind it is, for a log. Never its message, which may hold personal data."""

import logging
import time
from pathlib import Path
from traceback import extract_tb

import structlog

log = structlog.get_logger()
_timed = structlog.processors.TimeStamper(fmt="iso", utc=True)
_as_text = structlog.processors.JSONRenderer(ensure_ascii=False)

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


def task_failed(error: BaseException) -> None:
    log.error("task_failed", error=type(error).__name__, code=code_of(error), frames=frames(error))


class WebServerSays(logging.Formatter):
    """What the web server says of itself, as one event of ours; its parent process has no settings to read."""

    def format(self, record: logging.LogRecord) -> str:
        event = {"said": record.getMessage(), "event": "web_server", "level": record.levelname.lower()}
        return str(_as_text(log, "", _timed(log, "", event)))


def frames(error: BaseException) -> list[str]:
    """The innermost places of the error, as `file.py:12`, at most five."""
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)[-5:]]


def code_of(error: BaseException) -> str:
    """What the database calls its error: SQLITE_FULL, SQLITE_BUSY, 53100 …; empty if it has no name for it."""
    cause = error.__cause__
    return str(getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or "")
