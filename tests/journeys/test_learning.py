"""Learning, from the first word of a training to the figures of who did it."""

import csv
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from cards.integrations.lucca import sync
from cards.integrations.lucca.models import LuccaAccount
from cards.integrations.lucca.plan import ImportOptions
from cards.people.models import Group, User
from cards.statistics.queries import statistics_of
from cards.trainings.models import Attempt, Training
from lucca_simulator import Simulator
from tests.browser.watch import assert_accessible, look
from tests.cards.integrations.lucca.conftest import account, activated, directory, reading, work
from tests.cards.trainings.conftest import a_training

__all__ = ["account", "activated", "directory"]
PHONE = {"width": 390, "height": 844}
TEXT = "Raise the alarm **first**.\n\n1. Press the red button.\n2. Call 112.\n\nThen leave by the stairs."


@pytest.fixture
def workshop(lou: User, directory: LuccaAccount, simulator: Simulator, ada: User) -> Group:
    """The group that a department of Lucca became, with Lou in it, who had an account before."""
    colleague = next(iter(simulator.company.employees.values()))
    colleague.mail = lou.email
    reading(directory, ada)
    options = ImportOptions(notify=False, connection_mode="password")
    sync.import_department(directory, str(colleague.department_id), by=ada, options=options)
    work()
    return lou.groups.get()


def shown(page: Page, name: str) -> None:
    look(page, f"learning-{name}")
    assert_accessible(page)


def write(page: Page, group: Group) -> None:
    """Eli writes a training of two chapters, the second with a quiz, gives it to a group and publishes it."""
    page.goto("/trainings/")
    shown(page, "trainings-empty")
    page.get_by_role("main").get_by_role("link", name="New training").first.click()
    page.get_by_label("Title").fill("Fire safety")
    page.get_by_label("Description").fill("What to do in the first three minutes.")
    shown(page, "training-form")
    page.get_by_label("Title").fill("Fire safety")
    page.get_by_label("Description").fill("What to do in the first three minutes.")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Add a chapter").click()
    page.get_by_label("Title").fill("Raise the alarm")
    page.get_by_label("Text").fill(TEXT)
    expect(page.locator("#text-preview strong")).to_have_text("first")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The chapter is saved.")).to_be_visible()
    shown(page, "chapter")
    page.get_by_role("link", name="Fire safety").click()
    page.get_by_role("link", name="Add a chapter").click()
    page.get_by_label("Title").fill("Leave the building")
    page.get_by_role("button", name="Save").click()
    for words, choices in (("What comes first?", ("The alarm", "My coat")), ("Which way?", ("The lift", "The stairs"))):
        page.get_by_role("link", name="Add a question").click()
        page.get_by_label("Question").fill(words)
        for number, choice in enumerate(choices, 1):
            page.get_by_label(f"Choice {number}", exact=False).first.fill(choice)
        page.get_by_label(f"Choice {1 if words.startswith('What') else 2} is right").check()
        page.get_by_label("Explanation").fill("Every second counts.")
        page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#quiz-card tbody tr")).to_have_count(2)
    shown(page, "chapter-with-quiz")
    page.get_by_role("link", name="Preview").click()
    shown(page, "preview")
    page.get_by_role("link", name="Back to writing").click()
    page.get_by_label("Group").select_option(group.name)
    page.get_by_role("button", name="Give", exact=True).click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published. Those it is given to can start now.")).to_be_visible()
    shown(page, "training")


def take(page: Page, answers: tuple[str, str]) -> None:
    """Lou goes through the chapters and answers the quiz, from the training's page."""
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Go on").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Leave the building")
    for place, choice in enumerate(answers):
        question = page.locator("form.question").nth(place)
        question.get_by_label(choice).check()
        question.get_by_role("button", name="Answer").click()
        expect(question.get_by_text("Every second counts.")).to_be_visible()


def test_a_training_is_written_given_failed_and_done_again_and_every_figure_agrees(
    eli: User, lou: User, workshop: Group, page_of: Callable[..., Page], client_of: Callable[[User], Client]
) -> None:
    desk = page_of(eli)
    write(desk, workshop)
    training = Training.objects.get()

    phone = page_of(lou)
    phone.set_viewport_size(PHONE)
    phone.goto("/")
    shown(phone, "home")
    phone.get_by_role("link", name="Fire safety").click()
    shown(phone, "not-started")
    take(phone, ("The alarm", "The lift"))
    expect(phone.get_by_text("Not quite.")).to_be_visible()
    shown(phone, "answered")
    phone.get_by_role("button", name="Finish the training").click()
    expect(phone.get_by_text("50%")).to_be_visible()
    assert standing(lou, training) == (100, 50)
    shown(phone, "failed")

    take(phone, ("The alarm", "The stairs"))
    assert standing(lou, training) == (100, 50), "what was completed counts until the next is complete"
    phone.get_by_role("button", name="Finish the training").click()
    expect(phone.get_by_text("2 points of 2")).to_be_visible()
    shown(phone, "done-again")

    assert standing(lou, training) == (100, 100)
    desk.goto("/statistics/")
    shown(desk, "statistics")
    desk.get_by_role("link", name="Fire safety").click()
    row = desk.get_by_role("row").filter(has_text="lou@acme.example")
    expect(row.get_by_role("cell")).to_contain_text(["Lou Martin", "Completed", "100%", "100%", ""])
    shown(desk, "statistics-training")
    row.get_by_role("link").click()
    expect(desk.get_by_text("2 attempts")).to_be_visible()
    desk.get_by_text("2 attempts").click()
    shown(desk, "statistics-person")
    for name in ("groups", "people"):
        desk.goto(f"/statistics/{name}/")
        shown(desk, f"statistics-{name}")
    lines = csv_of(client_of(eli), f"/statistics/trainings/{training.pk}/csv/")
    (line,) = [line for line in lines if line[2] == lou.email]
    day = str(Attempt.objects.get(number=2).completed_on)
    assert line == ["Martin", "Lou", "lou@acme.example", "Completed", "100", "100", day]


def standing(user: User, training: Training) -> tuple[int, int | None]:
    assert user.space
    found = statistics_of(user.space, [user.pk])[user.pk][training.pk]
    return found.progress, found.score


def csv_of(client: Client, address: str) -> list[list[str]]:
    """The lines of a CSV file, without its head."""
    text = client.get(address).getvalue().decode().removeprefix("\ufeff")
    return list(csv.reader(text.splitlines(), delimiter=";"))[1:]


def test_a_lost_connection_is_said_and_loses_nothing(lou: User, page_of: Callable[..., Page]) -> None:
    assert lou.space
    a_training(lou.space)
    page = page_of(lou, expect=(0,))
    page.set_viewport_size(PHONE)
    page.goto("/")
    page.get_by_role("link", name="Fire safety").click()
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Go on").click()
    question = page.locator("form.question").first
    question.get_by_label("Raise the alarm").check()
    page.context.set_offline(True)
    question.get_by_role("button", name="Answer").click()
    expect(page.get_by_role("alert").get_by_text("The connection was lost")).to_be_visible()
    page.context.set_offline(False)
    question.get_by_role("button", name="Answer").click()
    expect(question.get_by_text("Right!")).to_be_visible()
    expect(page.get_by_text("The connection was lost")).to_be_hidden()
