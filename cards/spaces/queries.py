"""Looking up spaces. Never writes."""

from cards.spaces.models import Space


def space_of_host(host: str) -> Space | None:
    """The space that answers at `host` (with or without a port).

    A deployment with one space answers on any host that ALLOWED_HOSTS lets in.
    """
    host = host.lower()
    spaces = list(Space.objects.filter(host__in=[host, host.rsplit(":", 1)[0]])) or list(Space.objects.all()[:2])
    if len(spaces) == 1:
        return spaces[0]
    return next((space for space in spaces if space.host == host), None)
