"""Adding to the audit log: the only way anything is written to it. And the two ways in which anything leaves it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models, transaction

from cards import clock
from cards.audit import origin
from cards.audit.models import Entry

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from cards.spaces.models import Space

BATCH = 2000


def record(
    action: str,
    *,
    space: "Space | None",
    by: "AbstractBaseUser | None",
    target: str = "",
    address: str | None = None,
    **details: Any,
) -> None:
    """Add an entry: `by` did `action` to `target`. None as `by` is Cards itself.

    `details` hold no secret, and of people nothing but their numbers: erasing a person leaves them as they are. Each
    action has its words in `audit.words`. The address is that of the request in hand, if there is one.
    """
    Entry.objects.create(
        space=space,
        actor_id=by.pk if by else None,
        action=action,
        target=target,
        details=details,
        address=address or origin.address(),
        happened_at=clock.now(),
    )


def forget_addresses(user_id: int) -> None:
    """Take away from where somebody did what they did: all that the log says of a person beside their number."""
    _written().filter(actor_id=user_id).update(address=None)
    _written().filter(target=f"user {user_id}", actor=None).update(address=None)


def older_than(moment: datetime) -> "models.QuerySet[Entry]":
    return Entry.objects.filter(happened_at__lt=moment)


def prune(moment: datetime) -> int:
    """Delete at most a batch of what happened before `moment`, and note how far the log reaches back; how many."""
    with transaction.atomic():
        old = list(older_than(moment).order_by("happened_at").values_list("pk", flat=True)[:BATCH])
        _written().filter(pk__in=old).delete()
        if old and reaches_back_to(moment - timedelta(microseconds=1)):
            record("audit.pruned", space=None, by=None, before=moment.isoformat())
    return len(old)


def reaches_back_to(moment: datetime) -> bool:
    """Whether everything that happened since `moment` is still in the log."""
    pruned = Entry.objects.filter(space=None, action="audit.pruned").first()
    return pruned is None or datetime.fromisoformat(pruned.details["before"]) <= moment


def _written() -> "models.QuerySet[Entry]":
    return models.QuerySet(Entry)
