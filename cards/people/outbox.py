"""The outbox: mails are written here, in the transaction that makes them due, and leave later."""

from cards import clock
from cards.people.models import Mail, MailKind, email_key
from cards.spaces.models import Space


def request(*, space: Space, typed_email: str, kind: MailKind) -> None:
    """Somebody typed an address to get a link. Whether it belongs to an account is looked up when the mail leaves."""
    now = clock.now()
    Mail.objects.create(space=space, typed_email_key=email_key(typed_email), kind=kind, release_at=now, created_at=now)
