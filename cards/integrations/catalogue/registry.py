"""The integrations there are. Each is declared by its own app when Django is ready."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from cards.people.models import User
from cards.spaces.models import Space


def _nothing(space: Space, by: User | None) -> None:
    """What most integrations have to do when they are deactivated."""


@dataclass(frozen=True)
class Integration:
    """One block of the page. `url_name` is its configuration; `on_deactivation` stops what would go on by itself."""

    slug: str
    name: str | Promise
    description: str | Promise
    icon: str
    url_name: str
    on_deactivation: Callable[[Space, User | None], None] = _nothing


_integrations: dict[str, Integration] = {}


def register(integration: Integration) -> None:
    """Offer `integration` in the catalogue, once."""
    if _integrations.setdefault(integration.slug, integration) is not integration:
        raise ValueError(f"Two integrations are called {integration.slug}.")


def integrations() -> list[Integration]:
    """All of them, in the order of their names."""
    return sorted(_integrations.values(), key=lambda integration: str(integration.name).casefold())


def integration(slug: str) -> Integration:
    """The one called `slug`; KeyError when there is none."""
    return _integrations[slug]
