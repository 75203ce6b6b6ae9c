"""Links to a space for whoever is not on its pages: mails, and what Cards writes into Lucca."""

from django.conf import settings

from cards.spaces.models import Space


def absolute(space: Space, path: str) -> str:
    """The address of `path` on the host of `space`, as CARDS_PUBLIC_URL says ("https://{host}")."""
    return f"{settings.CARDS_PUBLIC_URL.replace('{host}', space.host).rstrip('/')}{path}"
