"""Which space answers at a host."""

import pytest

from cards.spaces.models import Space
from cards.spaces.queries import space_of_host


def found(host: str) -> str | None:
    space = space_of_host(host)
    return space.slug if space else None


@pytest.mark.parametrize(
    ("host", "slug"),
    [
        ("acme.example", "acme"),
        ("ACME.example", "acme"),
        ("Acme.example:8000", "acme"),
        ("birch.example:443", "birch"),
        ("birch.example:8443", "cedar"),
        ("BIRCH.example:8443", "cedar"),
        ("www.acme.example", None),
        ("localhost:8000", None),
        ("[::1]", None),
        ("[::1]:8000", None),
    ],
)
def test_a_space_is_found_by_its_host_with_or_without_the_port(
    acme: Space, birch: Space, host: str, slug: str | None
) -> None:
    Space.objects.create(slug="cedar", name="Cedar", host="birch.example:8443")
    assert found(host) == slug


def test_the_only_space_answers_at_any_host_and_of_two_neither(acme: Space) -> None:
    assert (found("localhost:8000"), found("[::1]")) == ("acme", "acme")
    Space.objects.create(slug="birch", name="Birch", host="birch.example")
    assert found("localhost:8000") is None


def test_without_a_space_nothing_answers(db: None) -> None:
    assert found("acme.example") is None
