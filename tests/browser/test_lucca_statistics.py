"""The statistics' side of the Lucca pages in the browser: the switch without a script, every page accessible."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from cards.integrations.catalogue.models import Activation
from cards.integrations.lucca import statistics
from cards.integrations.lucca.models import LuccaAccount
from cards.people.models import User
from cards.spaces.models import Space
from lucca_simulator import Simulator, running
from lucca_simulator.custom_data import define_trainings
from tests.browser.watch import assert_accessible, look
from tests.cards.integrations.lucca.conftest import connected_to

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/integrations/lucca/configuration/"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with running() as simulator:
        simulator.reset(employees=12, with_faults=False, calls_per_minute=1000)
        yield simulator


@pytest.fixture
def account(simulator: Simulator, acme: Space, ada: User) -> LuccaAccount:
    Activation.objects.create(space=acme, integration="lucca", activated_at=acme.created_at)
    return connected_to(simulator, acme, ada)


@pytest.mark.requirement("R11", "R72", "R73")
def test_the_switch_shows_the_six_fields_at_once_before_anything_is_saved(
    account: LuccaAccount, ada: User, page_of: Callable[..., Page]
) -> None:
    page = page_of(ada)
    page.goto(ADDRESS)
    expect(page.get_by_label("Title of the training")).to_be_hidden()
    page.get_by_role("switch", name="Activate synchronization").check()
    for label in ("Formations Cards", "Title of the training", "Link to", "Progress of", "Score of", "Date of"):
        expect(page.get_by_label(label)).to_be_visible()
    expect(page.get_by_label("Title of the training")).to_have_attribute("placeholder", "e_title")
    assert_accessible(page)


def test_the_configuration_is_accessible_off_missing_and_ready(
    account: LuccaAccount, simulator: Simulator, ada: User, page_of: Callable[..., Page]
) -> None:
    page = page_of(ada)
    page.goto(ADDRESS)
    look(page, "lucca-configuration-off")
    assert_accessible(page)
    statistics.save_settings(account, is_on=True, codes={}, by=ada)
    page.goto(ADDRESS)
    look(page, "lucca-configuration-missing")
    assert_accessible(page)
    define_trainings(simulator.company.catalogue)
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_text("The fields are ready in Lucca.")).to_be_visible()
    look(page, "lucca-configuration-ready")
    assert_accessible(page)
