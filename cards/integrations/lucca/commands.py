"""What the commands of the integration share: the space they are for, and the end of a run as text and exit status."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cards.integrations.catalogue.queries import is_active
from cards.integrations.lucca import sync
from cards.integrations.lucca.doubt_words import question_about
from cards.integrations.lucca.models import LuccaAccount
from cards.integrations.lucca.plan import ImportOptions
from cards.people.models import ConnectionMode
from cards.runs.actions import cancel
from cards.runs.foreground import see_through
from cards.runs.models import Run, RunState
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
        see_through(run, say=self.stderr.write)
        self.tell(run, json=json)
        if not went_well(run, tallies(run)):
            raise SystemExit(1)

    def tell(self, run: Run, *, json: bool) -> None:
        values = report(run, tallies(run))
        self.stdout.write(as_json(values) if json else as_text(values))


class ImportCommand(SpaceCommand):
    """A command that imports `kind`: all, or `one` by its Lucca id."""

    kind: str
    one: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--plan", action="store_true", help="only say what would be done")
        parser.add_argument("--only", metavar="ID", help=f"import one {self.one}, by Lucca id")
        parser.add_argument("--notify", action="store_true", help="invite those whose account is created")
        parser.add_argument("--connection-mode", choices=ConnectionMode.values, default=ConnectionMode.PASSWORD.value)

    def handle(
        self, *, space: str, plan: bool, only: str | None, notify: bool, connection_mode: str, json: bool, **_: Any
    ) -> None:
        account = self.account(space)
        if connection_mode == ConnectionMode.SSO and not account.space.sso_is_active:
            raise CommandError("This space has no SSO.", returncode=WRONG_USAGE)
        options = ImportOptions(notify=notify, connection_mode=connection_mode)
        run = sync.plan_import(account, by=None, options=options, only=only, kind=self.kind)
        see_through(run, say=self.stderr.write)
        account.refresh_from_db(fields=["doubt"])
        if question := question_about(account):
            self.stderr.write(f"{question.words} The plan goes by what Lucca showed before.")
        if run.state != RunState.DRAFT:
            self.see_through(run, json=json)
        elif only and "planned" not in run.memory:
            cancel(run=run, by=None)
            raise CommandError(f"Lucca shows no {self.one} {only}.", returncode=WRONG_USAGE)
        elif plan:
            self.tell(run, json=json)
            cancel(run=run, by=None)
        else:
            try:
                sync.start_import(run=run, by=None)
            except sync.UnderWay as other:
                cancel(run=run, by=None)
                raise CommandError(f"The same import is under way already: {other}.") from None
            self.see_through(run, json=json)
