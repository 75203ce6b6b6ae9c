"""Looking up spaces. Never writes."""

from cards.spaces.models import Space


def space_of_host(host: str) -> Space | None:
    """The space that answers at `host` (with or without a port).

    A deployment with one space answers on any host that ALLOWED_HOSTS lets in.
    """
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    spaces = list(Space.objects.filter(host__in=[host.lower(), name.lower()])[:2]) or list(Space.objects.all()[:2])
    by_host = {space.host: space for space in spaces}
    return by_host.get(host.lower()) or by_host.get(name.lower()) or (spaces[0] if len(spaces) == 1 else None)
