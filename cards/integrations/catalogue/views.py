"""The page "Integrations and applications": what there is, what the space may use."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cards.integrations.catalogue.queries import active_slugs
from cards.integrations.catalogue.registry import integrations
from cards.people.access import MANAGERS, SpaceRequest, open_to


@open_to(*MANAGERS)
@require_safe
def catalogue(request: SpaceRequest) -> HttpResponse:
    """A block for each integration, with its configuration or with whom to ask for it (R4, R6)."""
    active = active_slugs(request.space)
    blocks = [(integration, integration.slug in active) for integration in integrations()]
    return render(request, "catalogue/catalogue.html", {"blocks": blocks, "contact_url": settings.CARDS_CONTACT_URL})
