"""The cast of the tests, and the two spaces they live in."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import timezone, translation
from hypothesis import HealthCheck, settings

from cards import clock
from cards.identity.sessions import SEEN
from cards.people.models import Role, User
from cards.spaces.models import Space
from tests.browser.fixtures import browser, context_of, page_at, page_of
from tools.messages import compile_all

__all__ = ["browser", "context_of", "page_at", "page_of"]

PASSWORD = "correct horse battery"

# How long an example takes tells of the machine, which others use too. A simulator or a space that all examples of a
# test share is begun anew by each.
unsuitable = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("here", deadline=None, suppress_health_check=unsuitable)
settings.load_profile("here")


def pytest_configure(config: pytest.Config) -> None:
    """Pages are tested with the translations as they stand in the catalogues."""
    if not hasattr(config, "workerinput"):
        compile_all()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True)
def _no_reader_yet() -> Iterator[None]:
    """The language and the time zone that one test's pages spoke are not the next one's."""
    with translation.override("en"), timezone.override(None):
        yield


def a_user(space: Space, first_name: str, role: Role = Role.LEARNER, **fields: object) -> User:
    """A user of `space` with the tests' password, at a `.example` address."""
    user = User(
        space=space,
        email=f"{first_name.lower()}@{space.slug}.example".replace("é", "e"),
        first_name=first_name,
        last_name="Martin",
        role=role,
        language="en",
        **fields,
    )
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def acme(db: None) -> Space:
    return Space.objects.create(slug="acme", name="Acme", host="acme.example", language="en")


@pytest.fixture
def birch(db: None) -> Space:
    """The other customer."""
    return Space.objects.create(slug="birch", name="Birch", host="birch.example", language="en")


@pytest.fixture
def ada(acme: Space) -> User:
    """Owns Acme."""
    return a_user(acme, "Ada", Role.OWNER)


@pytest.fixture
def eli(acme: Space) -> User:
    """Edits at Acme."""
    return a_user(acme, "Eli", Role.EDITOR)


@pytest.fixture
def lou(acme: Space) -> User:
    """Learns at Acme."""
    return a_user(acme, "Lou")


@pytest.fixture
def zoe(birch: Space) -> User:
    """Owns another space; must see nothing of Acme."""
    return a_user(birch, "Zoé", Role.OWNER)


@pytest.fixture
def oscar(db: None) -> User:
    """Operates the server; belongs to no space."""
    return User.objects.create_superuser(
        email="oscar@cards.example", password=PASSWORD, first_name="Oscar", last_name="Martin", language="en"
    )


@pytest.fixture
def client_class() -> type[Client]:
    """The browser without a screen that `client_of` opens; the tests of pages use a stricter one."""
    return Client


@pytest.fixture
def client_of(client_class: type[Client]) -> Callable[[User], Client]:
    """A browser in which somebody is signed in, at the host of their space."""

    def client(user: User) -> Client:
        client = client_class(SERVER_NAME=user.space.host if user.space else "acme.example")
        client.force_login(user)
        # As on any page but the first: when they were last seen is written down already.
        session, moment = client.session, clock.now().isoformat()
        session[SEEN] = {"since": moment, "at": moment, "device": "", "address": "127.0.0.1"}
        session.save()
        return client

    return client
