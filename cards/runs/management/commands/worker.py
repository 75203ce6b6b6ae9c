"""`cards worker`: work on what is due, and do the tick."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cards.runs import engine
from cards.runs.loop import work_until
from cards.runs.starting import check_tables, number, wait_for_database
from cards.runs.supervise import Children, told_to_stop


class Command(BaseCommand):
    help = "Work on runs and mails as they become due, and do the tick. Stops at SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--processes", type=number, default=1, help="how many at once (default: 1)")

    def handle(self, *, processes: int, **_options: Any) -> None:
        wait_for_database()
        self.check(databases=["default"], tags=["database"])
        check_tables()
        if processes > 1:
            with Children(self.stderr.write) as children:
                for each in range(1, processes + 1):
                    children.start(f"worker {each}", [sys.executable, "-m", "cards", "worker"])
                children.watch()
            return
        with told_to_stop(engine.stopping.set) as is_told:
            work_until(is_told)
