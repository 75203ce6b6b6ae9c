"""Secrets at rest: sealed with keys that live outside the database, so that a copy of it gives nothing away."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from cards.keys import keys, keys_to_seal_with


class SealBrokenError(Exception):
    """None of this server's keys opens the secret: it was sealed with another one, or changed since."""


def seal(secret: str) -> str:
    """`secret` as text that only this server's keys open; the newest key seals."""
    return _opener(keys_to_seal_with()).encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed, with any of this server's keys."""
    found = keys()
    if not found:
        raise SealBrokenError
    try:
        return _opener(found).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBrokenError from error


def _opener(found: Sequence[str]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in found])
