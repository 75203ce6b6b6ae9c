"""`cards rotate_keys`: seal every kept secret again with the newest key, so that the former ones can go."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cards.audit.actions import record
from cards.seal import seal, unseal
from cards.spaces.checks import opens, secrets_at_rest


class Command(BaseCommand):
    help = (
        "Encrypt every kept secret again with the first encryption key. Afterwards the others can be taken "
        "away. Nothing is changed when one of the secrets opens with no key."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether all of them open")

    @transaction.atomic
    def handle(self, *, check: bool, **_options: Any) -> None:
        kept = list(secrets_at_rest())
        closed = sum(not opens(secret) for _row, _name, secret in kept)
        if closed:
            raise CommandError(f"{closed} of {len(kept)} secrets open with none of the keys; nothing was changed.")
        if check:
            self.stdout.write(f"All {len(kept)} secrets open.")
            return
        for row, name, secret in kept:
            # Only if nobody typed another one meanwhile.
            rows = type(row)._default_manager.filter(pk=row.pk, **{name: secret})
            rows.update(**{name: seal(unseal(secret))})
        record("keys_rotated", space=None, by=None, number=len(kept))
        self.stdout.write(f"{len(kept)} secrets are encrypted with the first key.")
