"""Two filled spaces, and browsers of everybody."""

import logging
from collections.abc import Callable

import pytest
from django.test import Client

from cards.people.models import User
from tests.cards.walk.filled import Filled, fill

CANARY = "Quetzal"


@pytest.fixture(autouse=True)
def _no_line_for_each_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A walk is refused hundreds of times, and writing the way to each takes longer than the walk."""
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)


@pytest.fixture
def filled(db: None) -> Filled:
    """Acme, of which nothing may be seen elsewhere."""
    return fill("acme", CANARY, 810_000_000)


@pytest.fixture
def twin(filled: Filled) -> Filled:
    """Zoé's space, filled alike."""
    return fill("birch", "Wombat", 820_000_000)


@pytest.fixture
def client_as(filled: Filled, oscar: User, client_class: type[Client]) -> Callable[[str], Client]:
    """A browser at Acme's host of somebody in the table of docs/roles.md."""

    def client(who: str) -> Client:
        client = client_class(SERVER_NAME=filled.space.host)
        if who != "stranger":
            client.force_login(oscar if who == "operator" else filled.who(who))
        return client

    return client
