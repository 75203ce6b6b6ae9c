"""Looking up spaces. Never writes."""

from cards.spaces.models import Space


def space_of_host(host: str) -> Space | None:
    """The space that answers at `host` (with or without a port).

    A deployment with one space answers on any host that ALLOWED_HOSTS lets in.
    """
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    spaces = list(Space.objects.filter(host__in=[host.lower(), name.lower()])[:2]) or list(Space.objects.all()[:2])
    exact = [space for space in spaces if space.host == host.lower()]
    if exact:
        return exact[0]
    named = [space for space in spaces if space.host == name.lower()]
    if named:
        return named[0]
    return spaces[0] if len(spaces) == 1 else None
