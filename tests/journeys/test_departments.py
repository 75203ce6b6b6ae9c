"""The chapter of departments: the tree, the plan, the groups, coming back later, and taking it all back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cards import clock
from cards.integrations.catalogue.actions import activate
from cards.integrations.lucca import sync
from cards.integrations.lucca.models import DirectoryEmployee, Link
from cards.people.models import Group, User
from cards.runs.models import Run
from cards.spaces.models import Space
from lucca_simulator import Simulator
from tests.browser.watch import assert_accessible, look
from tests.cards.integrations.lucca.conftest import connected_to, reading
from tests.cards.integrations.lucca.test_departments import department_of, hire
from tests.journeys.conftest import work


def seen(page: Page, name: str) -> None:
    """The page as it stands is one that everybody can use."""
    look(page, name)
    assert_accessible(page)


@pytest.mark.requirement("R2", "R13", "R30", "R31", "R32", "R33", "R34", "R35", "R36", "R39")
def test_a_companys_departments_become_groups_and_stay_up_to_date(
    acme: Space, ada: User, simulator: Simulator, page_of: Callable[..., Page]
) -> None:
    simulator.reset(employees=240, with_faults=True)
    activate(space=acme, integration="lucca", by=None)
    account = connected_to(simulator, acme, ada)
    page = page_of(ada)
    page.goto("/integrations/lucca/users/")
    work()
    page.get_by_role("link", name="Synchro departments").click()
    expect(page.get_by_text("14 departments")).to_be_visible()
    expect(page.get_by_text("will be “Support (SUP-CL)”")).to_be_visible()
    seen(page, "departments-tab")

    page.get_by_role("searchbox").fill("develop")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("searchbox").fill("")
    expect(page.locator("tbody tr")).to_have_count(14)

    page.get_by_role("button", name="Import Recrutement").click()
    expect(page.get_by_text("Being imported…").first).to_be_visible()
    work()
    expect(page.get_by_role("row", name=re.compile("Recrutement")).get_by_text("Imported", exact=True)).to_be_visible()
    assert Group.objects.get().name == "Recrutement"

    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Import all departments").click()
    work()
    expect(page.get_by_role("heading", name="What the import will do")).to_be_visible()
    page.get_by_text("The e-mail they will get").click()
    expect(page.locator(".letter-sample")).to_contain_text("Acme")
    seen(page, "departments-plan")
    page.get_by_role("searchbox").fill("Innovation")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="Leave out Innovation").click()
    expect(page.get_by_role("button", name="Take in Innovation again")).to_be_focused()
    page.get_by_role("button", name=re.compile("^Import [0-9]")).click()
    work()
    expect(page.get_by_role("heading", name="Report of the import")).to_be_visible()
    seen(page, "departments-report")
    assert Group.objects.count() == 13

    company = simulator.company
    mover = next(one for one in company.employees.values() if one.department_id == department_of(simulator, "COM"))
    company.move(mover, department_of(simulator, "DEV"), simulator.clock.now())
    hire(simulator, department_of(simulator, "COM"))
    reading(account, ada)
    page.goto("/integrations/lucca/departments/")
    expect(page.get_by_text("1 new person in Lucca since the last import.")).to_be_visible()
    seen(page, "departments-tab-later")
    page.get_by_role("link", name="1 person of the group is not in the department any more").click()
    seen(page, "department")
    page.get_by_role("button", name=re.compile("Remove .* from the group")).click()
    expect(page.get_by_text("is no longer in the group Commerce.")).to_be_visible()

    person = DirectoryEmployee.objects.get(lucca_id=str(mover.id))
    page.goto(f"/integrations/lucca/users/{person.pk}/")
    expect(page.get_by_role("heading", name="Why?")).to_be_visible()
    seen(page, "collaborator")
    page.get_by_role("button", name="Remove the link").click()
    expect(page.get_by_text("The link is removed.")).to_be_visible()
    seen(page, "collaborator-without-link")

    page.goto("/integrations/lucca/quality/")
    seen(page, "data-quality")
    page.goto("/integrations/lucca/history/")
    seen(page, "history")
    page.get_by_role("link", name="Import of all departments", exact=True).click()
    page.get_by_role("button", name="Undo…").click()
    work()
    expect(page.get_by_role("heading", name="What undoing the import will do")).to_be_visible()
    seen(page, "undo-plan")
    User.objects.filter(pk=Link.objects.latest("pk").user_id).update(last_login=clock.now())
    page.get_by_role("button", name="Undo", exact=True).click()
    work()
    expect(page.get_by_role("heading", name="Report of undoing the import")).to_be_visible()
    seen(page, "undo-report")
    assert Run.objects.filter(kind=sync.UNDO, state="finished").exists()

    for path in ("disconnect", "forget"):
        page.goto(f"/integrations/lucca/{path}/")
        seen(page, f"lucca-{path}")


def test_a_doubtful_answer_is_asked_about_with_the_keyboard_alone(
    acme: Space, ada: User, simulator: Simulator, page_of: Callable[..., Page]
) -> None:
    activate(space=acme, integration="lucca", by=None)
    account = connected_to(simulator, acme, ada)
    reading(account, ada)
    simulator.company.employees.clear()
    reading(account, ada)
    page = page_of(ada)
    page.goto("/integrations/lucca/departments/")
    expect(page.get_by_role("heading", name="Lucca shows only 0 of the 40 collaborators")).to_be_visible()
    seen(page, "doubt")
    button = page.get_by_role("button", name="Yes, that is right")
    for _ in range(60):
        page.keyboard.press("Tab")
        if button.evaluate("element => element === document.activeElement"):
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")
    work()
    expect(page.get_by_text("Is that right?")).to_have_count(0)
