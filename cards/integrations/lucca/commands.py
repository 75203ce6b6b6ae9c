"""What the commands of the integration share: the space they are for, and the end of a run as text and exit status."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from cards.integrations.catalogue.queries import is_active
from cards.integrations.lucca.models import LuccaAccount
from cards.runs.foreground import see_through
from cards.runs.models import Run
from cards.runs.queries import tallies
from cards.runs.report import as_json, as_text, report, went_well
from cards.spaces.models import Space

# Exit status of wrong usage: the command did nothing and never will like this.
WRONG_USAGE = 2


class SpaceCommand(BaseCommand):
    """A command for one space that uses Lucca."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--space", required=True, help="the short name of the space")
        parser.add_argument("--json", action="store_true", help="print JSON (docs/interfaces.md)")

    def space(self, slug: str) -> Space:
        space = Space.objects.filter(slug=slug).first()
        if space is None:
            raise CommandError(f"There is no space {slug}.", returncode=WRONG_USAGE)
        if not is_active(space, "lucca"):
            raise CommandError(
                f"Lucca is not activated for {slug}: cards activate lucca --space {slug}", returncode=WRONG_USAGE
            )
        return space

    def account(self, slug: str) -> LuccaAccount:
        account = LuccaAccount.objects.select_related("space").filter(space=self.space(slug)).first()
        if account is None:
            raise CommandError(
                f"{slug} is not connected to Lucca: cards lucca_connect --space {slug} …", returncode=WRONG_USAGE
            )
        return account

    def see_through(self, run: Run, *, json: bool) -> None:
        """Wait for the run (or do it here), print what came of it; exit status 1 unless it went well."""
        see_through(run)
        self.tell(run, json=json)
        if not went_well(run, tallies(run)):
            raise SystemExit(1)

    def tell(self, run: Run, *, json: bool) -> None:
        values = report(run, tallies(run))
        self.stdout.write(as_json(values) if json else as_text(values))
