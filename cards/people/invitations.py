"""Inviting people by hand, from the users pages. By itself Cards invites an account once; again is a person's act."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from cards import clock
from cards.audit.actions import record
from cards.people.errors import Refused
from cards.people.models import Mail, MailKind, MailState, User
from cards.people.queries import not_invited
from cards.spaces.models import Space

BATCH = 1_000


@transaction.atomic
def invite_user(*, space: Space, user: User, by: User) -> None:
    """Send `user` of `space` an invitation, be it the first or another one."""
    if not user.is_active:
        raise Refused(_("This account is deactivated. Activate it first."))
    _make_due(space, [user])
    record("user_invited", space=space, by=by, target=f"user {user.pk}")


@transaction.atomic
def invite_those_not_yet_invited(*, space: Space, by: User) -> int:
    """Send an invitation to everybody who has none; how many."""
    total = 0
    while users := list(not_invited(space).only("pk", "starts_on")[:BATCH]):
        _make_due(space, users)
        total += len(users)
    if total:
        record("users_invited", space=space, by=by, number=total)
    return total


def _make_due(space: Space, users: list[User]) -> None:
    """An invitation for each of `users`: their former one again, else a new one. One that already waits stays."""
    now = clock.now()
    ids = [user.pk for user in users]
    former = Mail.objects.filter(user__in=ids, kind=MailKind.INVITATION)
    invited = set(former.values_list("user_id", flat=True))
    former.exclude(state=MailState.HELD).update(
        state=MailState.HELD, release_at=now, run_number=None, attempts=0, last_error="", sent_at=None
    )
    Mail.objects.bulk_create(
        Mail(
            space=space,
            user=user,
            kind=MailKind.INVITATION,
            release_at=_release(space, user, now),
            created_at=now,
        )
        for user in users
        if user.pk not in invited
    )


def _release(space: Space, user: User, now: datetime) -> datetime:
    """Now; for somebody who arrives later, the morning of their first day."""
    if user.starts_on is None:
        return now
    return max(now, datetime.combine(user.starts_on, time(7), ZoneInfo(space.time_zone)))
