"""Start-up check: nobody works with a database that is only half filled."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections

from cards.moving.target import MARK, tables_of


@register(Tags.database)
def database_is_whole(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001
    databases: Sequence[str] | None,
    **_options: Any,
) -> list[CheckMessage]:
    """Whether a move into this database was ended. Checked where a database is named: by `serve`, `web`, `worker`."""
    for name in databases or ():
        try:
            is_half = MARK in tables_of(connections[name])
        except DatabaseError:
            continue
        if is_half:
            hint = "Do it again with `cards move_database --start-again`, or work with the former database."
            return [Error("A move into this database was not ended.", hint=hint, id="cards.E005")]
    return []
