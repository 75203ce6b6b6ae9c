"""The pretend Lucca in a real browser: an owner rehearses the founding document's steps, on a desk and on a phone."""

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from lucca_simulator import Simulator, running
from tests.browser.watch import Watch, assert_accessible

SUBFIELDS = (
    ("Title of the training", "e_title", "Text"),
    ("Link to the training", "e_link", "Hyperlink"),
    ("Progress of the employee", "e_progress", "Text"),
    ("Score of the employee", "e_score", "Text"),
    ("Date of the last completion of the training", "e_last_completion_date", "Text"),
)


@pytest.fixture(scope="module")
def lucca() -> Iterator[Simulator]:
    with running(employees=80, calls_per_minute=0) as simulator:
        yield simulator


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desk", "phone"])
def page(lucca: Simulator, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """An empty simulator in a browser of that size; whatever goes wrong in the page fails the test."""
    lucca.reset()
    width, height = request.param
    context = browser.new_context(base_url=lucca.url, viewport={"width": width, "height": height}, locale="en-GB")
    context.set_default_timeout(10_000)
    watch = Watch(context, expected=())
    yield context.new_page()
    context.close()
    assert not watch.faults, "\n".join(watch.faults)


def add_section(page: Page, name: str) -> None:
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="HR File").click()
    page.get_by_role("link", name="Add a section").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Ok").click()


def add_trainings(page: Page) -> None:
    page.get_by_role("link", name="Settings").first.click()
    page.get_by_role("link", name="Data management").click()
    page.get_by_role("link", name="New data").click()
    page.get_by_label("Compound data").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Name").fill("Formations Cards")
    page.get_by_label("Code").fill("e_formation")
    for number, (name, code, kind) in enumerate(SUBFIELDS, start=1):
        page.get_by_role("button", name="Add new data").click()
        row = page.get_by_role("group", name=f"Data {number}")
        row.get_by_label("Name").fill(name)
        row.get_by_label("Code").fill(code)
        row.get_by_label("Type").select_option(kind)
    page.get_by_label("Allow multiple occurrences").check()
    page.get_by_label("Sort data").select_option("Title of the training")
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Section").select_option("Cards")
    page.get_by_label("Editable").check()
    page.get_by_role("button", name="Save").click()


@pytest.mark.requirement(*(f"R{number}" for number in (*range(45, 49), *range(52, 71), 78)))
def test_the_documents_steps_lead_to_a_place_where_statistics_arrive(lucca: Simulator, page: Page) -> None:
    page.goto("/")
    add_section(page, "Cards")
    add_trainings(page)
    expect(page.get_by_role("rowheader", name="Formations Cards")).to_be_visible()
    value = {code: {"value": name} for name, code, _kind in SUBFIELDS} | {
        "e_link": {"value": "https://cards.example/1"}
    }
    key = {"Authorization": f"lucca application={lucca.key}"}
    answer = httpx2.put(f"{lucca.url}/api/v3/users/2", json={"e_formation": [{"value": value}]}, headers=key)
    assert answer.status_code == 200
    page.goto("/collaborators/2")
    section = page.get_by_role("region", name="Cards")
    expect(section.get_by_role("link", name="https://cards.example/1")).to_be_visible()
    expect(section).to_contain_text("Score of the employee")


def test_someone_is_added_moved_ended_and_brought_back(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Add a collaborator").click()
    page.get_by_label("First name").fill("Zoé")
    page.get_by_label("Last name").fill("Neuvaine")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Zoé Neuvaine")).to_be_visible()
    page.get_by_label("Department").select_option(label="    Formation")
    page.get_by_role("button", name="Move").click()
    expect(page.locator(".under")).to_contain_text("Formation")
    page.get_by_role("button", name="End the contract").click()
    expect(page.locator(".under")).to_contain_text("Left on")
    page.get_by_role("button", name="Bring back").click()
    expect(page.locator(".under")).to_contain_text("Present")


@pytest.mark.parametrize(
    "path",
    [
        "/collaborators",
        "/collaborators/4",
        "/collaborators/new",
        "/departments",
        "/settings",
        "/settings/hr-file?add=1",
        "/settings/data-management",
        "/settings/data-management/new",
        "/settings/api-keys",
        "/settings/api-keys/Cards",
    ],
)
@pytest.mark.parametrize("page", [(1440, 900)], indirect=True, ids=["both"])
def test_every_screen_can_be_used_by_everybody(page: Page, path: str) -> None:
    page.goto(path)
    assert_accessible(page)
