"""`cards lucca_push_statistics`: send statistics to Lucca now, or say what would be sent."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from cards.integrations.lucca import nights, statistics
from cards.integrations.lucca.commands import WRONG_USAGE, SpaceCommand
from cards.integrations.lucca.models import LuccaAccount
from cards.integrations.lucca.sides import links_of
from cards.integrations.lucca.wanted import people_of, trainings_of
from cards.runs.report import as_json

PAGE = 500


class Command(SpaceCommand):
    help = "Send statistics to Lucca. Exit status 0 only when the run finished and nothing failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--plan", action="store_true", help="only say what would be sent; Lucca is not asked")
        parser.add_argument("--only", metavar="ID", help="send for one collaborator, by Lucca id")

    def handle(self, *, space: str, json: bool, plan: bool, only: str | None, **_options: Any) -> None:
        account = self.account(space)
        if not statistics.settings_of(account).is_on:
            raise CommandError(f"The synchronization of statistics is off for {space}.", returncode=WRONG_USAGE)
        if only is not None and not links_of(account).filter(lucca_id=only).exists():
            raise CommandError(f"No linked collaborator has the Lucca id {only}.", returncode=WRONG_USAGE)
        if plan:
            values = planned(account, only)
            self.stdout.write(as_json(values) if json else "\n".join(f"{k}: {v}" for k, v in values.items()))
            return
        run = nights.send_now(account, by=None) if only is None else nights.send_one(account, only, by=None)
        self.see_through(run, json=json)


def planned(account: LuccaAccount, only: str | None) -> dict[str, int]:
    """How many people have rows to send, how many rows, and how many people are as Lucca was last seen to show them."""
    compound, trainings = statistics.settings_of(account).codes.compound, trainings_of(account.space)
    links = links_of(account).filter(lucca_id=only) if only else links_of(account)
    lucca_ids = list(links.order_by("pk").values_list("lucca_id", flat=True))
    counts = {"people": 0, "rows": 0, "unchanged": 0}
    for start in range(0, len(lucca_ids), PAGE):
        for person in people_of(account, compound, lucca_ids[start : start + PAGE], trainings).values():
            changed = sum(not person.is_in_lucca(training) for training in person.wanted)
            counts["people" if changed else "unchanged"] += 1
            counts["rows"] += changed
    return counts
