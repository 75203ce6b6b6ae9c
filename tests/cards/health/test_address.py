"""The health address: one word for a load balancer, whatever host it names and by http."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db


@contextmanager
def silent_database() -> Iterator[None]:
    def refuse(*_args: Any) -> None:
        raise OperationalError("no connection to db.cards.example")

    with connection.execute_wrapper(refuse):
        yield


def test_it_answers_by_http_and_at_an_address_that_is_no_host_of_ours(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["acme.example"]
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/health", SERVER_NAME="10.0.0.7")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"well\n", "text/plain")
    assert not answer.cookies
    assert client.get("/", SERVER_NAME="acme.example").status_code == 301


def test_it_says_when_the_database_does_not_answer_and_nothing_of_why(client: Client) -> None:
    with silent_database():
        answer = client.get("/health")
    assert (answer.status_code, answer.content) == (503, b"the database does not answer\n")


def test_it_is_only_read(client: Client) -> None:
    assert client.post("/health").status_code == 405


def test_production_settings_let_it_through_by_http() -> None:
    from cards import settings as production

    assert production.SECURE_REDIRECT_EXEMPT == ["^health$"]
