"""`cards lucca_refresh`: read Lucca into the directory of a space."""

from typing import Any

from cards.integrations.lucca import sync
from cards.integrations.lucca.commands import SpaceCommand


class Command(SpaceCommand):
    help = "Read Lucca into the directory. Changes no account."

    def handle(self, *, space: str, json: bool, **_options: Any) -> None:
        self.see_through(sync.refresh(self.account(space), by=None), json=json)
