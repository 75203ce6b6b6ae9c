"""Secrets are planted, and looked for in everything that leaves the process."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from cards import clock
from cards.integrations.catalogue.actions import activate
from cards.integrations.lucca.models import LuccaAccount
from cards.people.models import User
from cards.seal import seal
from cards.spaces.models import Space
from cards.sso.actions import configure
from cards.sso.models import Provider
from tools.interfaces import addresses

pytestmark = pytest.mark.django_db

CANARY = "canary-5f1c0a"


@pytest.fixture
def planted(acme: Space) -> list[str]:
    """What must be seen nowhere: the secrets, and what they are at rest."""
    activate(space=acme, integration="lucca", by=None)
    account = LuccaAccount.objects.create(
        space=acme,
        url="https://acme.ilucca.net",
        host="acme.ilucca.net",
        encrypted_key=seal(CANARY),
        checked_at=clock.now(),
    )
    provider = Provider(space=acme, name="Acme account", issuer="https://login.example", client_id="cards")
    configure(provider=provider, by=None, client_secret=CANARY, is_active=True)
    return [CANARY, account.encrypted_key, provider.encrypted_secret]


def seen(text: str, planted: list[str]) -> bool:
    return any(secret in text for secret in planted)


def test_no_page_shows_a_secret(
    planted: list[str], ada: User, oscar: User, client_of: Callable[[User], Client]
) -> None:
    provider = Provider.objects.get()
    own = [f"/operator/sso/provider/{provider.pk}/change/", "/operator/audit/entry/", "/operator/"]
    shown = 0
    for user, pages in ((oscar, own), (ada, sorted(pages_without_ids()))):
        client = client_of(user)
        for address in pages:
            answer = client.get(address)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]
            assert not seen(content.decode(errors="replace"), planted), address
            shown += answer.status_code == 200
    assert shown > 10


def pages_without_ids() -> set[str]:
    found = set()
    for name, _address in addresses(get_resolver("cards.urls")):
        try:
            found.add(reverse(name))
        except NoReverseMatch:
            continue
    return found


def test_neither_a_log_line_nor_a_dump_tells_a_secret(planted: list[str]) -> None:
    objects = [Provider.objects.get(), LuccaAccount.objects.get()]
    assert not seen(repr(objects) + str(objects), planted)
    out = StringIO()
    call_command("dumpdata", "sso", "lucca", "audit", "spaces", stdout=out)
    assert CANARY not in out.getvalue()
