"""`cards make_key`: a new random key, for the secrets at rest or, longer, for SECRET_KEY."""

import secrets
from argparse import ArgumentParser
from typing import Any

from cryptography.fernet import Fernet
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Print a new random encryption key. It is kept nowhere."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--signing", action="store_true", help="a longer one, for SECRET_KEY")

    def handle(self, *, signing: bool, **_options: Any) -> None:
        self.stdout.write(secrets.token_urlsafe(64) if signing else Fernet.generate_key().decode())
