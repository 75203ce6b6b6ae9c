"""Many accounts at once, for imports: learners without a password, as `actions.create_user` makes one.

The caller holds the space's quota, knows that the e-mails are free, and writes down what it did.
"""

import secrets
from collections.abc import Sequence
from datetime import date

import msgspec
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from cards import bulk, clock
from cards.people.models import Role, User, email_key, login_key, search_key

COLUMNS = (
    "id",
    "password",
    "space_id",
    "login_key",
    "email",
    "email_key",
    "first_name",
    "last_name",
    "search_key",
    "sort_key",
    "role",
    "language",
    "connection_mode",
    "is_operator",
    "is_active",
    "created_at",
    "starts_on",
)


class Newcomer(msgspec.Struct, frozen=True):
    """Who gets an account."""

    email: str
    first_name: str
    last_name: str
    language: str
    starts_on: date | None = None


def add_learners(*, space_id: int, newcomers: Sequence[Newcomer], connection_mode: str) -> list[int]:
    """Open accounts in the caller's transaction, all in one statement; their ids, in the same order (R18, R23)."""
    now, role = clock.now(), Role.LEARNER.value
    ids = bulk.next_ids(User, len(newcomers))
    # What Django's `set_unusable_password` writes, from one draw instead of forty for each.
    drawn = secrets.token_hex(20 * len(newcomers))
    rows = []
    for number, (user_id, one) in enumerate(zip(ids, newcomers, strict=True)):
        email, first_name, last_name = one.email.strip(), one.first_name[:190], one.last_name[:190]
        rows.append(
            (
                user_id,
                UNUSABLE_PASSWORD_PREFIX + drawn[40 * number : 40 * number + 40],
                space_id,
                login_key(space_id, email),
                email,
                email_key(email),
                first_name,
                last_name,
                search_key(first_name, last_name, email)[:720],
                search_key(last_name, first_name)[:420],
                role,
                one.language,
                connection_mode,
                False,
                True,
                now,
                one.starts_on,
            )
        )
    bulk.insert(User, COLUMNS, rows)
    return ids
