"""Start-up checks: what is missing or wrong about the settings and the keys is said loudly, and what to do about it.

No key is shown.
"""

import re
from collections.abc import Iterator, Sequence
from email.utils import parseaddr
from math import inf
from typing import Any

from cryptography.fernet import Fernet
from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, models

from cards.keys import KeyFileError, keys
from cards.seal import SealBrokenError, unseal


@register(Tags.security)
def sessions_are_signed(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Django itself would notice with the first visitor only."""
    try:
        present = bool(settings.SECRET_KEY)
    except ImproperlyConfigured:
        present = False
    hint = "Set it to what `cards make_key --signing` prints."
    return [] if present else [Error("SECRET_KEY is empty.", hint=hint, id="cards.E004")]


@register
def settings_are_possible(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Numbers and addresses that would stop the work, or have it do nothing, without a word."""
    numbers = [
        # A file is read and written with the calls of one minute.
        ("CARDS_CALLS_PER_MINUTE", settings.CARDS_CALLS_PER_MINUTE, 2, inf),
        ("CARDS_MAIL_HOLD_SECONDS", settings.CARDS_MAIL_HOLD_SECONDS, 0, 86_400),
        ("CARDS_LEASE_SECONDS", settings.CARDS_LEASE_SECONDS, 1, 3600),
        ("CARDS_BREATH_SECONDS", settings.CARDS_BREATH_SECONDS, 0, 10),
        ("CARDS_SLICE_SECONDS", settings.CARDS_SLICE_SECONDS, 0.1, 3600),
        ("CARDS_KEEP_RUNS_MONTHS", settings.CARDS_KEEP_RUNS_MONTHS, 0, 1200),
        ("CARDS_KEEP_MAILS_MONTHS", settings.CARDS_KEEP_MAILS_MONTHS, 0, 1200),
        ("CARDS_KEEP_AUDIT_MONTHS", settings.CARDS_KEEP_AUDIT_MONTHS, 0, 1200),
        ("CARDS_LINK_DAYS", settings.PASSWORD_RESET_TIMEOUT // 86_400, 1, 365),
        ("HSTS_SECONDS", settings.SECURE_HSTS_SECONDS, 0, inf),
    ]
    wrong = [
        f"{name} should be {f'from {least} to {most}' if most < inf else f'at least {least}'}, not {value}."
        for name, value, least, most in numbers
        if not least <= value <= most
    ]
    wrong += [
        sentence
        for sentence, pattern, values in _addresses()
        if not all(re.fullmatch(pattern, value) for value in values)
    ]
    return [Error(sentence, id="cards.E006") for sentence in wrong]


def _addresses() -> list[tuple[str, str, list[str]]]:
    """What each should be, the pattern of that, and what is set."""
    host = r"[^\s/{}]+"
    queues = [settings.CARDS_QUEUE_URL] if settings.CARDS_QUEUE_URL else []
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return [
        (
            "CARDS_PUBLIC_URL should begin with https:// (or http://), as in https://{host}.",
            r"https?://([^\s{}]|\{host\})+",
            [settings.CARDS_PUBLIC_URL],
        ),
        ("CARDS_QUEUE_URL should be redis://host:port/0 or unix:///path.", r"(rediss?|unix)://.+", queues),
        (
            "CARDS_LUCCA_FILE_PATH should begin with / and hold {id}, as in /collaborators/{id}.",
            r"/[^\s{}]*\{id\}[^\s{}]*",
            [settings.CARDS_LUCCA_FILE_PATH],
        ),
        (
            "CARDS_CONTACT_URL should begin with https:// (or http://, or mailto:).",
            r"(https?://|mailto:)\S+",
            [settings.CARDS_CONTACT_URL],
        ),
        ("DEFAULT_FROM_EMAIL should be an e-mail address.", r"[^\s@]+@[^\s@]+", [sender]),
        (
            "ALLOWED_HOSTS should be names of hosts, separated by commas, without https:// and without a port.",
            r"[^\s/:]+|\[[\da-fA-F:.]+\]",
            settings.ALLOWED_HOSTS,
        ),
        *(
            (
                f"{name} should be host or host:port, separated by commas, without https://.",
                host,
                getattr(settings, name),
            )
            for name in ("CARDS_ALLOWED_LUCCA_HOSTS", "CARDS_ALLOWED_SSO_HOSTS")
        ),
        ("STATIC_ROOT should name a folder.", ".+", [settings.STATIC_ROOT]),
    ]


@register(Tags.security)
def keys_are_keys(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ARG001
    """What cannot be used must be known before somebody types a secret. With no key yet, the first start makes one."""
    try:
        present = keys()
    except KeyFileError as error:
        return [Error(str(error), id="cards.E001")]
    found: list[CheckMessage] = []
    for number, key in enumerate(present, start=1):
        try:
            Fernet(key)
        except ValueError:
            hint = "Each is what `cards make_key` prints; in CARDS_ENCRYPTION_KEYS they are separated by commas."
            found.append(Error(f"Encryption key {number} is not one.", hint=hint, id="cards.E002"))
    return found


@register(Tags.database)
def keys_are_right(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001
    databases: Sequence[str] | None,
    **_options: Any,
) -> list[CheckMessage]:
    """Whether this server's keys open the secrets that are kept. Checked where a database is named: by `serve`."""
    if not databases or keys_are_keys(None):
        return []
    try:
        closed = sum(not opens(secret) for _row, _name, secret in secrets_at_rest())
    except (DatabaseError, ImproperlyConfigured):
        # The tables are not there yet.
        return []
    hint = (
        "Put the key they were encrypted with back, after the present one; only where it is lost for good, "
        "`cards rotate_keys --forget` (docs/operating.md, Secrets)."
    )
    return [Error(f"Kept secrets that none of the keys opens: {closed}.", hint=hint, id="cards.E003")] if closed else []


def secrets_at_rest() -> Iterator[tuple[models.Model, str, str]]:
    """Every secret that is kept: its row, its field, its sealed text. By their names: `encrypted_…`."""
    for model in apps.get_models():
        names = [field.name for field in model._meta.concrete_fields if field.name.startswith("encrypted_")]
        for row in model._default_manager.order_by("pk") if names else ():
            for name in names:
                if getattr(row, name):
                    yield row, name, getattr(row, name)


def opens(sealed: str) -> bool:
    """Whether one of this server's keys opens it."""
    try:
        unseal(sealed)
    except SealBrokenError:
        return False
    return True
