"""Looking up identity providers. Never writes."""

from cards.spaces.models import Space
from cards.sso.models import Provider


def provider_of(space: Space | None) -> Provider | None:
    """The identity provider of `space`, if its SSO is switched on; the one place that looks it up for a sign-in."""
    if space is None or not space.sso_is_active:
        return None
    return Provider.objects.filter(space=space).select_related("space").first()
