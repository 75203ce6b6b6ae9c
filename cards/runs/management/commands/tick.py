"""`cards tick`: do once what must happen as time goes by."""

from typing import Any

from django.core.management.base import BaseCommand

from cards.runs.tick import tick


class Command(BaseCommand):
    help = "Do once what workers do every few seconds: ring again for runs that nobody works on, and every chore."

    def handle(self, **_options: Any) -> None:
        tick(all_chores=True)
