"""The SQLite database that is moved, held so that nobody else reads or writes it meanwhile."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import OperationalError, connections, models
from django.db.migrations.executor import MigrationExecutor

from cards.moving.errors import NotPossible
from cards.moving.rows import tables
from cards.runs.models import Run

SOURCE = "source"
# Made by SQLite and by Django for themselves.
NOT_OURS = {"sqlite_sequence", "sqlite_stat1", "sqlite_stat4", "django_migrations"}
# Somebody who is just leaving is waited for so long.
PATIENCE_SECONDS = 5


@contextmanager
def held() -> Iterator[Path]:
    """Within the block this process alone has the database, under the alias SOURCE; gives its file."""
    default = connections["default"]
    if default.vendor != "sqlite":
        raise NotPossible("DATABASE_URL does not name a SQLite database: there is nothing to move.")
    path = Path(default.settings_dict["NAME"])
    if not path.is_file():
        raise NotPossible(f"There is no database at {path}.")
    default.close()
    settings = {
        **default.settings_dict,
        # In WAL mode even an idle connection of somebody else's hinders this one; afterwards this one hinders theirs.
        "OPTIONS": {"timeout": PATIENCE_SECONDS, "init_command": "PRAGMA locking_mode=EXCLUSIVE;"},
    }
    connections.settings[SOURCE] = settings
    connection = connections[SOURCE]
    try:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
        yield path
    except OperationalError as error:
        if not isinstance(error.__cause__, sqlite3.OperationalError) or "locked" not in str(error):
            raise
        raise NotPossible(
            "Somebody else has the database open: stop `cards serve`, `cards web` and every `cards worker` first."
        ) from None
    finally:
        connection.close()
        del connections[SOURCE]
        del connections.settings[SOURCE]


def look_over() -> None:
    """Raises NotPossible when something stands against moving what is in the held database."""
    connection = connections[SOURCE]
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotPossible("The database is not at the present tables: run `cards migrate` first.")
    if strange := there - {model._meta.db_table for model in tables()} - NOT_OURS:
        raise NotPossible(f"Nobody knows these tables, which would be left behind: {', '.join(sorted(strange))}.")
    at_work = Run.objects.using(SOURCE).filter(lease_until__isnull=False).values_list("pk", "lease_holder")
    if holders := [f"{number} ({holder})" for number, holder in at_work]:
        raise NotPossible(
            f"A worker was at work on run {', '.join(holders)}. If it still is, stop it, which lets the run go. "
            "If it died, start `cards worker` once: it takes the run up again; then stop that."
        )


def last_number(model: type[models.Model]) -> int:
    """The highest number that a table ever gave away: also those of deleted rows are not given again."""
    with connections[SOURCE].cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        row = cursor.fetchone()
    given = int(row[0]) if row else 0
    highest = model._base_manager.using(SOURCE).aggregate(highest=models.Max("pk"))["highest"]
    return max(given, highest or 0)
