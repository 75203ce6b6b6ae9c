"""A space whose people sign in at a provider."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from cards.people.models import ConnectionMode, User
from cards.spaces.models import Space
from cards.sso.actions import configure
from cards.sso.models import Protocol, Provider
from tests.cards.sso.openid_provider import CLIENT_ID, SECRET, OpenIdProvider, openid_provider
from tests.conftest import a_user


@pytest.fixture(autouse=True)
def _loopback_providers(settings: Settings) -> None:
    settings.CARDS_ALLOWED_SSO_HOSTS = ["127.0.0.1"]


@pytest.fixture(scope="session")
def one_openid_provider() -> Iterator[OpenIdProvider]:
    with openid_provider() as provider:
        yield provider


@pytest.fixture
def openid(one_openid_provider: OpenIdProvider) -> OpenIdProvider:
    """The provider as it should be."""
    fresh = OpenIdProvider(issuer=one_openid_provider.issuer, key=one_openid_provider.key)
    vars(one_openid_provider).update(vars(fresh))
    return one_openid_provider


@pytest.fixture
def at_acme(acme: Space, openid: OpenIdProvider) -> Provider:
    """Acme's people sign in at the provider."""
    provider = Provider(
        space=acme, protocol=Protocol.OPENID, name="Acme account", issuer=openid.issuer, client_id=CLIENT_ID
    )
    configure(provider=provider, by=None, client_secret=SECRET, is_active=True)
    acme.refresh_from_db()
    return provider


@pytest.fixture
def sam(at_acme: Provider) -> User:
    """Learns at Acme, and signs in by SSO."""
    return a_user(at_acme.space, "Sam", connection_mode=ConnectionMode.SSO)
