"""`cards prune`: delete the runs, mails and audit entries that are older than the settings let them be."""

from argparse import ArgumentParser
from json import dumps
from typing import Any

from django.core.management.base import BaseCommand

from cards.privacy.retention import planned, prune


class Command(BaseCommand):
    help = "Delete what is older than CARDS_KEEP_…_MONTHS allow. The tick does the same, a little every few minutes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--plan", action="store_true", help="only say how many would be deleted")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *, plan: bool, json: bool, **_options: Any) -> None:
        numbers = planned() if plan else prune()
        verb = "would be deleted" if plan else "deleted"
        lines = [f"{name}: {number} {verb}" for name, number in numbers.items()]
        self.stdout.write(dumps(numbers) if json else "\n".join(lines))
