"""`cards activate`: let a space use an integration, or take it back."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cards.integrations.catalogue import actions
from cards.integrations.catalogue.registry import integrations
from cards.spaces.models import Space


class Command(BaseCommand):
    help = "Activate an integration for a space. What is as asked already stays so."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("integration", choices=[integration.slug for integration in integrations()])
        parser.add_argument("--space", required=True, metavar="SLUG", help="the short name of the space")
        parser.add_argument("--off", action="store_true", help="deactivate instead")
        parser.add_argument("--json", action="store_true", help="answer as one JSON object")

    def handle(self, *, integration: str, space: str, off: bool, **options: Any) -> None:
        found = Space.objects.filter(slug=space).first()
        if found is None:
            raise CommandError(f"There is no space {space}.", returncode=2)
        act = actions.deactivate if off else actions.activate
        has_changed = act(space=found, integration=integration, by=None)
        state = "not active" if off else "active"
        if options["json"]:
            answer = {"integration": integration, "space": space, "active": not off, "changed": has_changed}
            self.stdout.write(json.dumps(answer))
        else:
            self.stdout.write(f"{integration} is {state} for {space}{'' if has_changed else ' already'}.")
