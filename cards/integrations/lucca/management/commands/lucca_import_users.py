"""`cards lucca_import_users`: import the collaborators of a space, all or one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from cards.integrations.lucca import sync
from cards.integrations.lucca.commands import WRONG_USAGE, SpaceCommand
from cards.integrations.lucca.plan import ImportOptions
from cards.people.models import ConnectionMode
from cards.runs.actions import cancel
from cards.runs.foreground import see_through
from cards.runs.models import RunState


class Command(SpaceCommand):
    help = "Import collaborators as users. Exit status 0 only when the run finished and nothing failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--plan", action="store_true", help="only say what would be done")
        parser.add_argument("--only", metavar="ID", help="import one collaborator, by Lucca id")
        parser.add_argument("--notify", action="store_true", help="invite those whose account is created")
        parser.add_argument("--connection-mode", choices=ConnectionMode.values, default=ConnectionMode.PASSWORD.value)

    def handle(
        self, *, space: str, plan: bool, only: str | None, notify: bool, connection_mode: str, json: bool, **_: Any
    ) -> None:
        account = self.account(space)
        if connection_mode == ConnectionMode.SSO and not account.space.sso_is_active:
            raise CommandError("This space has no SSO.", returncode=WRONG_USAGE)
        options = ImportOptions(notify=notify, connection_mode=connection_mode)
        run = sync.plan_import(account, by=None, options=options, only=only)
        see_through(run)
        if run.state != RunState.DRAFT:
            self.see_through(run, json=json)
        elif only and not run.unchanged and not run.lines.exists():
            cancel(run=run, by=None)
            raise CommandError(f"Lucca shows no collaborator {only}.", returncode=WRONG_USAGE)
        elif plan:
            self.tell(run, json=json)
            cancel(run=run, by=None)
        else:
            sync.start_import(run=run, by=None)
            self.see_through(run, json=json)
