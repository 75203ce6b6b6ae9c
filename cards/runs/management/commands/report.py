"""`cards report RUN`: what came of a run."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cards.runs.models import Run
from cards.runs.queries import tallies
from cards.runs.report import as_json, as_text, report, went_well


class Command(BaseCommand):
    help = "Show what came of a run. Exit status 0 only when it finished and nothing failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int, help="the run's number")
        parser.add_argument("--space", help="the short name of the space it must belong to")
        parser.add_argument("--json", action="store_true", help="print JSON (docs/interfaces.md)")

    def handle(self, *, run: int, space: str | None, json: bool, **_options: Any) -> None:
        runs = Run.objects.filter(pk=run)
        found = (runs.filter(space__slug=space) if space else runs).first()
        if found is None:
            raise CommandError(f"There is no run {run}.", returncode=2)
        counted = tallies(found)
        self.stdout.write(as_json(report(found, counted)) if json else as_text(report(found, counted)))
        if not went_well(found, counted):
            raise SystemExit(1)
