"""Activating and deactivating an integration for a space: the operator's acts, audited (R5)."""

from django.db import transaction

from cards import clock
from cards.audit.actions import record
from cards.integrations.catalogue.models import Activation
from cards.integrations.catalogue.registry import integration as registered
from cards.people.models import User
from cards.spaces.models import Space


@transaction.atomic
def activate(*, space: Space, integration: str, by: User | None) -> bool:
    """Let `space` use `integration`; False when it could already. `by` None is a command's doing."""
    slug = registered(integration).slug
    _activation, is_new = Activation.objects.get_or_create(
        space=space, integration=slug, defaults={"activated_by": by, "activated_at": clock.now()}
    )
    if is_new:
        record("integration_activated", space=space, by=by, target=slug)
    return is_new


@transaction.atomic
def deactivate(*, space: Space, integration: str, by: User | None) -> bool:
    """Take `integration` from `space`; what it does by itself looks there. False when it was not activated."""
    slug = registered(integration).slug
    deleted, _of = Activation.objects.filter(space=space, integration=slug).delete()
    if deleted:
        record("integration_deactivated", space=space, by=by, target=slug)
    return bool(deleted)
