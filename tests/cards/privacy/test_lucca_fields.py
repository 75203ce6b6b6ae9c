"""The page of personal data names every field that is read of a person in Lucca, and no other."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs

import pytest
from django.test import Client

from cards.integrations.lucca import nights, sync
from cards.people.models import User
from cards.privacy.lucca_fields import LUCCA_FIELDS
from tests.cards.integrations.lucca.conftest import work
from tests.cards.integrations.lucca.learning import World

ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db


def asked_of_people(world: World) -> set[str]:
    """Every field of a person that Lucca was asked for, as `name` or `name[member]`."""
    fields = set()
    for call in world.simulator.journal():
        if call["path"].lower().startswith("/api/v3/users"):
            for projection in parse_qs(call["query"])["fields"]:
                for name, members in re.findall(r"([\w.]+)(?:\[([\w,]+)\])?", projection):
                    fields |= {f"{name}[{member}]" for member in members.split(",")} if members else {name}
    return fields - {"collection.count"}


def test_what_is_asked_of_lucca_is_what_the_page_names(world: World, ada: User) -> None:
    world.forget_calls()
    sync.refresh(world.account, by=ada)
    work()
    (lucca_id,) = world.learn(world.training(), people=1)
    world.see_through(nights.send_one(world.account, lucca_id, by=ada))
    named = [name for field in LUCCA_FIELDS for name in field.asked]
    assert sorted(asked_of_people(world)) == sorted(named)


def test_the_page_shows_each_field_and_the_settings_of_this_server(
    ada: User, eli: User, client_of: ClientOf, settings: object
) -> None:
    settings.CARDS_KEEP_MAILS_MONTHS, settings.CARDS_KEEP_AUDIT_MONTHS = 7, 0  # type: ignore[attr-defined]
    page = client_of(ada).get("/settings/personal-data/").content.decode()
    for field in LUCCA_FIELDS:
        assert ", ".join(field.asked) in page
    assert "7 months." in page
    assert "Without limit." in page
    assert client_of(eli).get("/settings/personal-data/").status_code == 403
