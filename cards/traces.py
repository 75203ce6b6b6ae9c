"""Where an error came from, for a log. Never its message, which may hold personal data."""

from pathlib import Path
from traceback import extract_tb


def frames(error: BaseException) -> list[str]:
    """The innermost places of the error, as `file.py:12`, at most five."""
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)[-5:]]
