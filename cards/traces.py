"""Where an error came from and of what kind it is, for a log. Never its message, which may hold personal data."""

import logging
from pathlib import Path
from traceback import extract_tb

import structlog

log = structlog.get_logger()
_timed = structlog.processors.TimeStamper(fmt="iso", utc=True)
_as_text = structlog.processors.JSONRenderer(ensure_ascii=False)


class TaskFailed(logging.Handler):
    """What the queue logs of a task that failed, as one event of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
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
