"""`cards make_key`: a new random key, for SECRET_KEY or CARDS_ENCRYPTION_KEYS."""

from typing import Any

from cryptography.fernet import Fernet
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Print a new random key, good for SECRET_KEY and for CARDS_ENCRYPTION_KEYS. It is kept nowhere."
    requires_system_checks: list[str] = []

    def handle(self, **_options: Any) -> None:
        self.stdout.write(Fernet.generate_key().decode())
