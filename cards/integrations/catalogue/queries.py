"""What a space may use. Never writes."""

from cards.integrations.catalogue.models import Activation
from cards.spaces.models import Space


def is_active(space: Space, slug: str) -> bool:
    """Whether the operator has activated the integration `slug` for `space`."""
    return Activation.objects.filter(space=space, integration=slug).exists()


def active_slugs(space: Space) -> set[str]:
    """The integrations that are activated for `space`."""
    return set(Activation.objects.filter(space=space).values_list("integration", flat=True))
