"""An integration that exists in these tests only."""

from collections.abc import Callable

import pytest
from django.test import Client

from cards.integrations.catalogue import registry
from cards.integrations.catalogue.registry import Integration
from cards.people.models import User
from cards.spaces.models import Space

ClientOf = Callable[[User], Client]


@pytest.fixture
def stopped() -> list[tuple[Space, User | None]]:
    """For whom, and by whom, the test's integration was told to stop."""
    return []


@pytest.fixture
def payroll(stopped: list[tuple[Space, User | None]], monkeypatch: pytest.MonkeyPatch) -> Integration:
    integration = Integration(
        slug="payroll",
        name="Payroll",
        description="Knows who is paid.",
        icon="coin",
        url_name="home",
        on_deactivation=lambda space, by: stopped.append((space, by)),
    )
    monkeypatch.setattr(registry, "_integrations", {})
    registry.register(integration)
    return integration
