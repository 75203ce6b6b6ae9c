"""An integration that exists in these tests only."""

from collections.abc import Callable

import pytest
from django.test import Client

from cards.integrations.catalogue import registry
from cards.integrations.catalogue.registry import Integration
from cards.people.models import User

ClientOf = Callable[[User], Client]


@pytest.fixture
def payroll(monkeypatch: pytest.MonkeyPatch) -> Integration:
    integration = Integration(
        slug="payroll",
        name="Payroll",
        description="Knows who is paid.",
        icon="coin",
        url_name="home",
    )
    monkeypatch.setattr(registry, "_integrations", {})
    registry.register(integration)
    return integration
