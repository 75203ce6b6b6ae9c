"""Adding to the audit log: the only way anything is written to it."""

from typing import TYPE_CHECKING, Any

from cards import clock
from cards.audit import origin
from cards.audit.models import Entry

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from cards.spaces.models import Space


def record(
    action: str,
    *,
    space: "Space | None",
    by: "AbstractBaseUser | None",
    target: str = "",
    address: str | None = None,
    **details: Any,
) -> None:
    """Add an entry: `by` did `action` to `target`. `details` must hold no secret; None as `by` is Cards itself.

    The address is the one that the request in hand comes from, if there is a request.
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
