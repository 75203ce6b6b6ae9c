"""Journeys: a chapter of the founding document each, in a real browser, with the simulator and a real mail server."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.cards.integrations.lucca.conftest import one_simulator, simulator, work
from tests.cards.people.smtp import Inbox, mail_server

__all__ = ["one_simulator", "simulator", "work"]


@pytest.fixture(autouse=True)
def _real_tables(transactional_db: None) -> None:
    """The live server answers in a thread of its own: what a journey writes must be committed."""


@pytest.fixture
def inbox(settings: Settings) -> Iterator[Inbox]:
    """The mails that left."""
    with mail_server() as (inbox, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield inbox
