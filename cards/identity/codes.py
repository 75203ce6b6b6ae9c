"""The codes of a second factor and of recovery: made, written, compared. No database and no clock of its own."""

import base64
import hashlib
import secrets
from datetime import datetime

import pyotp
import segno

# How many steps of 30 seconds somebody's clock or typing may be off.
TOLERANCE = 1
RECOVERY_CODES = 10


def new_secret() -> str:
    """What the phone and we share: 160 bits, as RFC 4226 recommends."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, *, now: datetime) -> int | None:
    """The number of the 30 seconds whose code this is; None when it is none of those that count at present."""
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(_plain(code), for_time=now, valid_window=TOLERANCE)
    except pyotp.OTPVerificationError:
        return None


def address_for_phones(secret: str, *, account: str, issuer: str) -> str:
    """What the QR code says to the application: otpauth://…"""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def picture(address: str) -> str:
    """The QR code as an image's address, which the content security policy allows."""
    return str(segno.make(address, error="m").svg_data_uri(scale=4, border=4, light="#fff"))


def new_recovery_codes() -> list[str]:
    """Codes of 60 random bits, as people can read and type them: xxxx-xxxx-xxxx."""
    texts = (base64.b32encode(secrets.token_bytes(10)).decode().lower()[:12] for _ in range(RECOVERY_CODES))
    return [f"{text[:4]}-{text[4:8]}-{text[8:]}" for text in texts]


def digest(code: str) -> str:
    """What is kept of a recovery code. It is long enough to need no salt."""
    return hashlib.sha256(_plain(code).encode()).hexdigest()


def _plain(code: str) -> str:
    return "".join(character for character in code.lower() if character.isalnum())
