"""Addresses inside the server's network: a Lucca host that leads there is not asked, unless the operator allowed it."""

import socket

import pytest
from pytest_django.fixtures import Settings

from cards.integrations.lucca import connect
from cards.integrations.lucca.address import Address
from cards.integrations.lucca.connect import Connection
from cards.integrations.lucca.models import LuccaAccount
from lucca import Unintelligible, UnintelligibleReason
from lucca_simulator import Simulator

pytestmark = pytest.mark.django_db


@pytest.fixture
def leads(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Where names lead; what is not in it leads where it always did."""
    leads: dict[str, str] = {}
    asked = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **more: asked(leads.get(host, host), *rest, **more))
    return leads


def test_a_name_that_leads_inside_is_not_asked_however_the_address_is_written(
    simulator: Simulator, leads: dict[str, str]
) -> None:
    port = simulator.url.rpartition(":")[2]
    for inside in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "::ffff:127.0.0.1", "0.0.0.0"):  # noqa: S104
        leads["acme.ilucca.net"] = inside
        address = Address(f"http://acme.ilucca.net:{port}", f"acme.ilucca.net:{port}")
        assert connect.try_out(address, simulator.key) is Connection.NOT_LUCCA, inside
    assert simulator.journal() == []


def test_a_host_that_the_operator_allowed_may_be_inside_until_the_permission_is_taken_back(
    account: LuccaAccount, simulator: Simulator, settings: Settings
) -> None:
    with connect.client_of(account) as client:
        client.check()
    before = len(simulator.journal())
    settings.CARDS_ALLOWED_LUCCA_HOSTS = [account.host.replace(":", ":9")]
    with connect.client_of(account) as client, pytest.raises(Unintelligible) as caught:
        client.check()
    assert caught.value.reason is UnintelligibleReason.NOT_LUCCA
    assert len(simulator.journal()) == before
