"""What must hold before processes start: tables of this version, styles in their place, numbers that make sense."""

import time
from argparse import ArgumentTypeError
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.core.management.base import CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from cards import traces

# How soon a database that does not answer is asked again.
DATABASE_RETRY = 1.0


def wait_for_database() -> None:
    """Begin nothing before the database answers: which tables and which secrets it holds cannot be asked until then."""
    outage = traces.Outage("database")
    while True:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            outage.lasts(error)
            time.sleep(DATABASE_RETRY)
        else:
            return outage.ends()


def check_tables() -> None:
    """Refuse tables of an older version: pages would break, and runs would stop in their midst."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        file = Path(connection.settings_dict["NAME"])
        if connection.vendor == "sqlite" and file.with_name(f"{file.name}.moved").exists():
            raise CommandError(f"{file} was moved to PostgreSQL: let DATABASE_URL name the new database.")
        raise CommandError("The database is not of this version yet: run `cards migrate` first.")


def check_styles() -> None:
    """Refuse to serve pages without their styles and scripts, which no page can be shown without."""
    if not isinstance(staticfiles_storage, ManifestStaticFilesStorage):
        return
    known = staticfiles_storage.hashed_files
    if any(name not in known for finder in get_finders() for name, _storage in finder.list([])):
        raise CommandError(
            f"Styles and scripts are missing in {settings.STATIC_ROOT}: run `cards collectstatic --no-input` first."
        )


def number(text: str) -> int:
    """An argument that counts something there must be one of."""
    found = int(text)
    if found < 1:
        raise ArgumentTypeError("at least 1")
    return found


def port(text: str) -> int:
    """A port that one can listen at."""
    found = int(text)
    if not 1 <= found <= 65_535:
        raise ArgumentTypeError("a port is a number from 1 to 65535")
    return found
