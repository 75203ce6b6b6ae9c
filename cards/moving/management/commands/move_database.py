"""`cards move_database`: from SQLite to PostgreSQL, with proof."""

import json
import os
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cards.moving.errors import NotMoved, NotPossible
from cards.moving.move import Moved, move


class Command(BaseCommand):
    help = (
        "Move everything from the SQLite database of DATABASE_URL into an empty PostgreSQL one, and prove table by "
        "table that nothing is missing. The former database is kept, under a name that nobody opens by mistake."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--to", metavar="URL", help="postgres://user@host:port/name, without a password")
        where.add_argument("--to-env", metavar="VAR", help="the environment variable that holds the whole URL")
        parser.add_argument(
            "--start-again", action="store_true", help="empty a target that an interrupted move left half filled"
        )
        parser.add_argument("--json", action="store_true", help="print JSON, one table a line")

    def handle(self, *, to: str | None, to_env: str | None, start_again: bool, **options: Any) -> None:
        url = to or os.environ.get(to_env or "", "")
        if not url:
            raise CommandError(f"The environment variable {to_env} is not set.", returncode=2)
        proven: list[Moved] = []

        def say(table: Moved) -> None:
            proven.append(table)
            words = f"{table.table:<40} {table.count:>12,} rows  {table.digest}"
            self.stdout.write(json.dumps(asdict(table)) if options["json"] else words)

        try:
            kept = move(url, start_again=start_again, say=say)
        except NotPossible as error:
            raise CommandError(str(error), returncode=2) from None
        except NotMoved as error:
            raise CommandError(f"{error} The former database is untouched; begin anew with --start-again.") from None
        if not options["json"]:
            total = sum(table.count for table in proven)
            self.stdout.write(f"{len(proven)} tables with {total:,} rows are the same on both sides.")
            self.stdout.write(f"The former database is now {kept}. Let DATABASE_URL name the new one, and start Cards.")
