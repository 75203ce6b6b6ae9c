"""Secrets at rest: sealed with keys that live outside the database, so that a copy of it gives nothing away."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class SealBrokenError(Exception):
    """None of this server's keys opens the secret: it was sealed with another one, or changed since."""


def seal(secret: str) -> str:
    """`secret` as text that only this server's keys open; the newest key seals."""
    return _keys().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed, with any of this server's keys."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBrokenError from error


def _keys() -> MultiFernet:
    if not settings.CARDS_ENCRYPTION_KEYS:
        raise ImproperlyConfigured("CARDS_ENCRYPTION_KEYS is empty: set it to a Fernet key (docs/operating.md).")
    return MultiFernet([Fernet(key) for key in settings.CARDS_ENCRYPTION_KEYS])
