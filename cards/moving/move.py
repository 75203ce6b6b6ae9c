"""Moving an installation from SQLite to PostgreSQL: copy everything, then prove that nothing is missing."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.db import DatabaseError, models

from cards.moving import source, target
from cards.moving.errors import NotMoved
from cards.moving.rows import Digest, digest, rows, tables


@dataclass(frozen=True)
class Moved:
    """A table that is the same on both sides."""

    table: str
    count: int
    digest: str


def move(url: str, *, start_again: bool, say: Callable[[Moved], None]) -> Path:
    """Move everything to the PostgreSQL at `url`; `say` is told each proven table.

    The former database's file is set aside: gives its new name. Raises NotPossible when nothing was done, NotMoved
    when the target stays half filled.
    """
    with source.held() as path:
        source.look_over()
        with target.opened(url):
            target.prepare(url, start_again=start_again)
            copied = {model: _copy(model) for model in tables()}
            for model, expected in copied.items():
                _prove(model, expected)
                say(Moved(model._meta.db_table, expected.count, str(expected)))
            target.finish()
    # Whoever was overlooked must not go on writing where nobody will look.
    return path.rename(path.with_name(f"{path.name}.moved"))


def _copy(model: type[models.Model]) -> Digest:
    """Copy a table; the digest of what was read."""
    read = Digest()

    def reading() -> Iterator[tuple[Any, ...]]:
        for row in rows(model, source.SOURCE):
            read.add(row)
            yield row

    try:
        target.fill(model, reading())
    except (psycopg.Error, DatabaseError) as error:
        raise NotMoved(_refusal(model, error)) from None
    return read


def _prove(model: type[models.Model], expected: Digest) -> None:
    table = model._meta.db_table
    found = digest(model, target.TARGET)
    if found != expected:
        raise NotMoved(
            f"{table} is not the same on both sides: {expected.count} rows with digest {expected} became "
            f"{found.count} with {found}."
        )
    if isinstance(model._meta.pk, models.AutoField | models.BigAutoField | models.SmallAutoField) and not (
        target.number_from(model, source.last_number(model))
    ):
        raise NotMoved(f"The numbers of {table} would not go on where they were.")


def _refusal(model: type[models.Model], error: Exception) -> str:
    """SQLite keeps what PostgreSQL does not, such as a text that is too long: which column, and what sort of fault."""
    cause = error.__cause__ if isinstance(error, DatabaseError) else error
    context = cause.diag.context if isinstance(cause, psycopg.Error) else None
    column = re.search(r"column (\w+)", context or "")
    where = f"{model._meta.db_table}.{column[1]}" if column else model._meta.db_table
    return f"PostgreSQL refuses a value of {where} ({type(cause).__name__})."
