"""The integrations there are. Each is declared by its own app when Django is ready."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Integration:
    """One block of the page. `url_name` is its configuration."""

    slug: str
    name: str | Promise
    description: str | Promise
    icon: str
    url_name: str


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
