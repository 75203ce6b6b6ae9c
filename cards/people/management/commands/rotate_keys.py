"""`cards rotate_keys`: seal every kept secret again with the newest key, so that the former ones can go. Where one
is lost, forget what only it opened."""

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction

from cards.audit.actions import record
from cards.seal import seal, unseal
from cards.spaces.checks import opens, secrets_at_rest


class Command(BaseCommand):
    help = (
        "Encrypt every kept secret again with the first encryption key. Afterwards the others can be taken "
        "away. Nothing is changed when one of the secrets opens with no key."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        either = parser.add_mutually_exclusive_group()
        either.add_argument("--check", action="store_true", help="only say whether all of them open")
        either.add_argument(
            "--forget", action="store_true", help="where a key is lost: forget the secrets that open with none"
        )

    @transaction.atomic
    def handle(self, *, check: bool, forget: bool, **_options: Any) -> None:
        kept = list(secrets_at_rest())
        closed = [each for each in kept if not opens(each[2])]
        if forget:
            self._forget(closed)
            return
        if closed:
            raise CommandError(
                f"Secrets that none of the keys opens: {len(closed)} of {len(kept)}. Nothing was changed."
            )
        if check:
            self.stdout.write(f"Secrets that open: {len(kept)} of {len(kept)}.")
            return
        for row, name, secret in kept:
            # Only if nobody typed another one meanwhile.
            rows = type(row)._default_manager.filter(pk=row.pk, **{name: secret})
            rows.update(**{name: seal(unseal(secret))})
        record("keys_rotated", space=None, by=None, number=len(kept))
        self.stdout.write(f"Secrets encrypted with the first key: {len(kept)}.")

    def _forget(self, closed: Sequence[tuple[models.Model, str, str]]) -> None:
        """Empty them, so that Cards starts again; what they belong to stays, and asks for another secret."""
        for row, name, secret in closed:
            type(row)._default_manager.filter(pk=row.pk, **{name: secret}).update(**{name: ""})
            self.stdout.write(f"Forgotten: {row._meta.verbose_name}, {row}")
        if closed:
            record("secrets_forgotten", space=None, by=None, number=len(closed))
        self.stdout.write(f"Secrets forgotten: {len(closed)}.")
