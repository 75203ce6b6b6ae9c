"""The environment as settings read it: what a variable cannot mean is refused, by its name.

The value itself is never said: it may be a secret.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

KINDS: dict[Any, str] = {int: "a whole number", float: "a number", bool: "1 or 0"}
NO = ("false", "off", "no", "n")
LINE = re.compile(r"(export )?\w+=|#|$", re.ASCII)
ENCODED = "In its password, write @ as %40, / as %2F and so on."


class Environment(environ.Env):  # type: ignore[misc] # the library has no types
    """`environ.Env`, but that takes a word it does not know for “no”, and never names the variable."""

    def get_value(self, var: str, cast: Any = None, *args: Any, **options: Any) -> Any:
        try:
            if cast is bool:
                _check_bool(self.ENVIRON.get(var, ""))
            return super().get_value(var, cast, *args, **options)
        except ValueError:
            raise ImproperlyConfigured(f"{var} should be {KINDS.get(cast, 'something else')}.") from None

    def list(self, var: str, default: Sequence[str]) -> Sequence[str]:
        """What is separated by commas, with spaces or without."""
        return [word for part in super().list(var, default=default) if (word := part.strip())]

    def db(self, var: str, default: str) -> dict[str, Any]:
        """The database of a URL, of SQLite or PostgreSQL."""
        try:
            found: dict[str, Any] = self.db_url(var, default=default)
        except (ValueError, ImproperlyConfigured):
            found = {}
        if found.get("ENGINE", "").rpartition(".")[2] not in ("sqlite3", "postgresql"):
            raise ImproperlyConfigured(
                f"{var} should be sqlite:///path or postgres://user:password@host:port/name. {ENCODED}"
            )
        return found

    def email(self, var: str, default: str) -> dict[str, Any]:
        """The settings of the mail server of a URL."""
        try:
            found: dict[str, Any] = self.email_url(var, default=default)
        except (ValueError, ImproperlyConfigured):
            raise ImproperlyConfigured(
                f"{var} should be smtp://user:password@host:port, or with smtp+tls or smtp+ssl. {ENCODED}"
            ) from None
        return found


def read_file(unless_named: Path) -> None:
    """Add what the file says that CARDS_ENV_FILE names, or the one given here if it is there."""
    named = os.environ.get("CARDS_ENV_FILE")
    if named and not os.access(named, os.R_OK):
        raise ImproperlyConfigured("The file that CARDS_ENV_FILE names cannot be read.")
    file = Path(named or unless_named)
    if file.is_file() and os.access(file, os.R_OK):
        _check_lines(file)
    Environment.read_env(file)


def _check_lines(file: Path) -> None:
    """Refuse a line that says nothing: the library would skip it, and print what may be a secret."""
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not LINE.match(line.strip()):
            raise ImproperlyConfigured(f"Line {number} of the file of settings should be NAME=value, without spaces.")


def _check_bool(given: str) -> None:
    word = given.strip().lower()
    if word and word not in (*Environment.BOOLEAN_TRUE_STRINGS, *NO):
        int(word)
