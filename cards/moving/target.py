"""The PostgreSQL database that is filled: looked over, marked while it is half full, filled by COPY."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from environ import Env
from psycopg import sql
from psycopg.types.json import Jsonb

from cards.moving.errors import NotMoved, NotPossible
from cards.moving.rows import CHUNK, Json, tables

TARGET = "target"
# Is there from before the first row until everything is proven.
MARK = "cards_move_under_way"
# What `migrate` itself writes.
MADE_BY_MIGRATE = {"django_migrations", "django_content_type", "auth_permission"}


@contextmanager
def opened(url: str) -> Iterator[None]:
    """Within the block the database answers to the alias TARGET."""
    settings = Env.db_url_config(url)
    if not settings["ENGINE"].endswith("postgresql"):
        raise NotPossible("The new database must be a PostgreSQL one: postgres://user:password@host:port/name")
    connections.settings[TARGET] = connections.configure_settings({"default": {}, TARGET: settings})[TARGET]
    try:
        yield
    finally:
        connections[TARGET].close()
        del connections[TARGET]
        del connections.settings[TARGET]


def tables_of(connection: BaseDatabaseWrapper) -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor))


def prepare(url: str, *, start_again: bool) -> None:
    """Bring the target to the present tables, empty and marked. Raises NotPossible when it holds anything."""
    there = tables_of(connections[TARGET])
    ours = {model._meta.db_table for model in tables()}
    if MARK in there and not start_again:
        raise NotPossible(
            "The new database is half filled by a move that was interrupted. To empty it and do the whole move "
            "again, add --start-again."
        )
    if MARK not in there:
        full = {name for name in there & ours - MADE_BY_MIGRATE if _has_rows(name)} | there - ours - MADE_BY_MIGRATE
        if full:
            raise NotPossible(f"The new database is not empty: it has {', '.join(sorted(full))}.")
        _execute(sql.SQL("CREATE TABLE {} (at timestamptz DEFAULT now())").format(sql.Identifier(MARK)))
    _migrate(url)
    names = sql.SQL(", ").join(map(sql.Identifier, sorted(ours)))
    _execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(names))


def _migrate(url: str) -> None:
    """By a process to which the target is the only database: libraries' migrations know no other than the default."""
    done = subprocess.run(
        [sys.executable, "-m", "cards", "migrate", "--verbosity", "0", "--skip-checks"],
        env={**os.environ, "DATABASE_URL": url},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise NotMoved("The tables could not be made in the new database.")


def fill(model: type[models.Model], rows: Iterable[Sequence[Any]]) -> None:
    """Write the rows, values in the order of `concrete_fields`, a chunk in each transaction."""
    connection = connections[TARGET]
    fields = model._meta.concrete_fields
    # The database works these out itself.
    written = [(number, field) for number, field in enumerate(fields) if not field.generated]
    columns = sql.SQL(", ").join(sql.Identifier(str(field.column)) for _number, field in written)
    copy_in = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(model._meta.db_table), columns)
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        with connection.cursor() as cursor, cursor.copy(copy_in) as copy:
            for row in chunk:
                copy.write_row([_prepared(field, row[number], connection) for number, field in written])


def _prepared(field: "models.Field[Any, Any]", value: object, connection: BaseDatabaseWrapper) -> object:
    return Jsonb(value.value) if isinstance(value, Json) else field.get_db_prep_save(value, connection)


def number_from(model: type[models.Model], last: int) -> bool:
    """Have the table's next row get the number after `last`; whether the database says so."""
    pk = model._meta.pk
    with connections[TARGET].cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{model._meta.db_table}"', pk.column])
        sequence = cursor.fetchone()[0]
        if last:
            cursor.execute("SELECT setval(%s, %s)", [sequence, last])
        cursor.execute(f"SELECT last_value + is_called::int FROM {sequence}")  # noqa: S608 - it comes from the database, quoted where needed
        return bool(cursor.fetchone()[0] == last + 1)


def finish() -> None:
    """Everything is proven: the target is a database like any other."""
    _execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(MARK)))
    _execute(sql.SQL("ANALYZE"))


def _has_rows(table: str) -> bool:
    with connections[TARGET].cursor() as cursor:
        cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table)))
        return bool(cursor.fetchone()[0])


def _execute(statement: sql.Composable) -> None:
    with connections[TARGET].cursor() as cursor:
        cursor.execute(statement)
