"""`cards run_due`: do what is due now, or at a moment of one's choice, and see it through."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cards import clock
from cards.runs import lease
from cards.runs.engine import work_on
from cards.runs.foreground import see_through
from cards.runs.models import ENDED, Run
from cards.runs.queries import tallies
from cards.runs.report import as_json, as_text, report, went_well
from cards.runs.tick import tick


class Command(BaseCommand):
    help = "Do what is due, as the workers' tick does, and see the runs that are due through to their end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", help="do as if it were this moment (ISO 8601; UTC unless it says otherwise)")
        parser.add_argument("--space", help="the short name of the space whose runs are worked on (default: all)")
        parser.add_argument("--json", action="store_true", help="print JSON, one run a line (docs/interfaces.md)")

    def handle(self, *, at: str | None, space: str | None, json: bool, **_options: Any) -> None:
        moment = _moment(at) if at else clock.now()
        with clock.told(moment):
            tick(all_chores=True)
        due = Run.objects.filter(state__in=lease.WORKED_ON, lease_until=None, next_at__lte=moment).order_by("pk")
        well = True
        for run in due.filter(space__slug=space) if space else due:
            # Its time may lie ahead of the present one, so the first slice is not waited for.
            work_on(run.pk, run.task_id)
            run.refresh_from_db()
            see_through(run)
            counted = tallies(run)
            self.stdout.write((as_json if json else as_text)(report(run, counted)))
            well = well and (run.state not in ENDED or went_well(run, counted))
        if not well:
            raise SystemExit(1)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text}” is not a moment in ISO 8601 (2026-10-25T03:00+01:00).", returncode=2) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
