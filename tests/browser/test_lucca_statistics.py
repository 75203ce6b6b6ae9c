"""The statistics' side of the Lucca pages in the browser: the switch without a script, every page accessible."""

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from cards.integrations.catalogue.models import Activation
from cards.integrations.lucca import nights, statistics, sync
from cards.integrations.lucca.models import DirectoryEmployee, LuccaAccount
from cards.people.models import User
from cards.spaces.models import Space
from lucca_simulator import Simulator, running
from lucca_simulator.custom_data import define_trainings
from tests.browser.watch import assert_accessible, look
from tests.cards.integrations.lucca.conftest import carried_out, connected_to, planned, work
from tests.cards.integrations.lucca.learning import World

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


@pytest.mark.parametrize("tab", ["users", "departments", "quality"])
def test_the_keyboard_stays_on_the_button_while_lucca_is_read(
    tab: str, account: LuccaAccount, ada: User, page_of: Callable[..., Page]
) -> None:
    sync.refresh(account, by=ada)
    work()
    page = page_of(ada)
    page.goto(f"/integrations/lucca/{tab}/")
    button = page.get_by_role("button", name="Refresh")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Reading Lucca…")).to_be_visible()
    expect(button).to_be_focused()
    expect(button).to_be_disabled()
    work()
    expect(page.get_by_text("Reading Lucca…")).to_be_hidden()
    expect(button).to_be_enabled()
    expect(button).to_be_focused()
    expect(page).to_have_url(re.compile(f"/integrations/lucca/{tab}/$"))


def test_the_pages_of_what_is_sent_are_accessible(
    account: LuccaAccount, simulator: Simulator, ada: User, page_of: Callable[..., Page]
) -> None:
    define_trainings(simulator.company.catalogue)
    statistics.save_settings(account, is_on=True, codes={}, by=ada)
    sync.refresh(account, by=ada)
    work()
    carried_out(planned(account, ada), ada)
    world = World(simulator, account, ada)
    page = page_of(ada)
    page.goto("/integrations/lucca/statistics/")
    look(page, "lucca-statistics-empty")
    assert_accessible(page)
    world.learn(world.training(), people=5, points=8)
    world.learn(world.training("Protecting personal data in daily work"), people=3, done=5)
    left = world.links[1]
    DirectoryEmployee.objects.filter(lucca_id=left.lucca_id).update(contract_end_on=date(2020, 1, 1))
    del simulator.company.employees[int(world.links[2].lucca_id)]
    world.put_by_hand(world.links[0].lucca_id)
    push = world.send()
    world.learn(world.training("First aid"), people=1)
    for name, address in (
        ("statistics", "/integrations/lucca/statistics/"),
        ("statistics-person", f"/integrations/lucca/statistics/people/{world.links[0].pk}/"),
        ("statistics-person-read", f"/integrations/lucca/statistics/people/{world.links[0].pk}/?read=1"),
        ("statistics-remove", "/integrations/lucca/statistics/remove/"),
        ("push", f"/integrations/lucca/statistics/runs/{push.pk}/"),
    ):
        page.goto(address)
        look(page, f"lucca-{name}")
        assert_accessible(page)
    page.goto("/integrations/lucca/statistics/")
    page.get_by_role("searchbox").fill(world.links[0].user.email)
    expect(page.locator("#people tbody tr")).to_have_count(1)
    expect(page.get_by_role("searchbox")).to_be_focused()
    removal = nights.plan_removing(account, by=ada)
    world.see_through(removal)
    page.goto(f"/integrations/lucca/statistics/runs/{removal.pk}/")
    look(page, "lucca-removal")
    assert_accessible(page)
