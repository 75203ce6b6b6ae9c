"""`cards lucca_connect`: give a space its access to Lucca. The key comes from the environment and is never printed."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from cards.integrations.lucca import connect, words
from cards.integrations.lucca.address import BadAddressError, address_of
from cards.integrations.lucca.commands import WRONG_USAGE, SpaceCommand
from cards.integrations.lucca.connect import Connection
from cards.integrations.lucca.models import LuccaAccount
from cards.runs.report import as_json


class Command(SpaceCommand):
    help = "Test the url and the key of a Lucca account and keep them. Exit status 0 only when Lucca answered."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--url", required=True, help="the url of the Lucca account")
        parser.add_argument("--key-env", required=True, metavar="VAR", help="the environment variable with the key")

    def handle(self, *, space: str, url: str, key_env: str, json: bool, **_options: Any) -> None:
        found = self.space(space)
        key = os.environ.get(key_env, "").strip()
        if not key:
            raise CommandError(f"The environment variable {key_env} is empty.", returncode=WRONG_USAGE)
        try:
            address = address_of(url, also_allowed=settings.CARDS_ALLOWED_LUCCA_HOSTS)
        except BadAddressError as error:
            raise CommandError(str(words.ADDRESS_FAULTS[error.fault]), returncode=WRONG_USAGE) from error
        account = LuccaAccount.objects.filter(space=found).first()
        outcome = connect.save(found, account, address, key, by=None)
        values = {"connection": outcome.value, "host": address.host, "saved": outcome in connect.STATE_AFTER}
        self.stdout.write(as_json(values) if json else str(words.CONNECTIONS[outcome]))
        if outcome is not Connection.WORKS:
            raise SystemExit(1)
