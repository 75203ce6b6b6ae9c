"""Inviting everybody who was not invited yet, as a person's act on the users page."""

from cards.people import outbox
from cards.people.models import User
from cards.people.queries import not_invited
from cards.spaces.models import Space

BATCH = 500


def invite_those_not_yet_invited(*, space: Space, by: User) -> int:
    """Send an invitation to everybody who has none; how many. Each batch is a transaction of its own."""
    total, last = 0, 0
    while users := list(not_invited(space).filter(pk__gt=last).order_by("pk").select_related("space")[:BATCH]):
        total += outbox.invite(users=users, by=by)
        last = users[-1].pk
    return total
