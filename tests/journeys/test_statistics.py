"""The chapter of statistics: the founding document's steps in the pretend Lucca's own screens, learning, sending, and
the employee's file as it then looks. Once with the codes of the document, once with others."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from cards.integrations.catalogue.models import Activation
from cards.integrations.lucca import sync
from cards.integrations.lucca.field_plan import day_in_words
from cards.integrations.lucca.models import Link
from cards.people.models import User
from cards.spaces.models import Space
from cards.trainings.models import Training
from lucca_simulator import Simulator
from tests.browser.watch import assert_accessible, look
from tests.cards.integrations.lucca.conftest import carried_out, connected_to, planned
from tests.cards.trainings.conftest import a_training
from tests.journeys.conftest import work

NAMES = (
    ("title", "Title of the training", "Text"),
    ("link", "Link to the training", "Hyperlink"),
    ("progress", "Progress of the employee", "Text"),
    ("score", "Score of the employee", "Text"),
    ("completed_on", "Date of the last completion of the training", "Text"),
)


@dataclass(frozen=True)
class Codes:
    """The codes that somebody chose in Lucca, and the section they put the data in."""

    compound: str
    title: str
    link: str
    progress: str
    score: str
    completed_on: str
    section: str


DOCUMENT = Codes("e_formation", "e_title", "e_link", "e_progress", "e_score", "e_last_completion_date", section="Cards")
OTHERS = Codes("e_parcours", "e_titre", "e_lien", "e_avancement", "e_note", "e_acheve-le", section="Everyday life")


@pytest.fixture
def linked(acme: Space, ada: User, simulator: Simulator) -> list[Link]:
    """A connected space whose collaborators are imported; Lucca has no field for statistics yet."""
    simulator.reset(employees=12, with_faults=False)
    Activation.objects.create(space=acme, integration="lucca", activated_at=acme.created_at)
    account = connected_to(simulator, acme, ada)
    sync.refresh(account, by=ada)
    work()
    carried_out(planned(account, ada), ada)
    return list(Link.objects.order_by("pk"))


def make_the_section(lucca: Page) -> None:
    """The five steps of the founding document for a section (R44 to R49)."""
    lucca.get_by_role("link", name="HR Base").click()
    lucca.get_by_role("link", name="Settings").click()
    lucca.get_by_role("link", name="HR File").click()
    lucca.get_by_role("link", name="Add a section").click()
    lucca.get_by_label("Name").fill("Cards")
    lucca.get_by_role("button", name="Ok").click()
    lucca.get_by_role("button", name="Move Cards up").click()
    expect(lucca.get_by_role("rowheader", name="Cards")).to_be_visible()


def make_the_data(lucca: Page, codes: Codes) -> None:
    """The steps of the founding document for the fields (R51 to R71)."""
    lucca.get_by_role("link", name="HR Base").click()
    lucca.get_by_role("link", name="Settings").click()
    lucca.get_by_role("link", name="Data management").click()
    lucca.get_by_role("link", name="New data").click()
    lucca.get_by_label("Compound data").check()
    lucca.get_by_role("button", name="Next").click()
    lucca.get_by_label("Name").fill("Formations Cards")
    lucca.get_by_label("Code").fill(codes.compound)
    for number, (name, words, kind) in enumerate(NAMES, start=1):
        lucca.get_by_role("button", name="Add new data").click()
        data = lucca.get_by_role("group", name=f"Data {number}")
        data.get_by_label("Name").fill(words)
        data.get_by_label("Code").fill(getattr(codes, name))
        data.get_by_label("Type").select_option(label=kind)
    lucca.get_by_label("Allow multiple occurrences").check()
    lucca.get_by_label("Sort data").select_option(label="Title of the training")
    lucca.get_by_role("button", name="Next").click()
    lucca.get_by_label("Section").select_option(label=codes.section)
    lucca.get_by_label("Editable").check()
    lucca.get_by_role("button", name="Save").click()
    expect(lucca.get_by_role("cell", name=codes.compound, exact=True)).to_be_visible()


def activate(owner: Page, codes: Codes) -> None:
    """Back in Cards: the switch, the codes where they are others, Save (R72 to R76)."""
    owner.goto("/integrations/")
    owner.get_by_role("link", name="Configuration").click()
    owner.get_by_role("switch", name="Activate synchronization").check()
    if codes is not DOCUMENT:
        owner.get_by_label("Formations Cards").fill(codes.compound)
        for name, words, _kind in NAMES:
            owner.get_by_label(words).fill(getattr(codes, name))
    owner.get_by_role("complementary").get_by_role("button", name="Save").click()
    expect(owner.get_by_text("The fields are ready in Lucca.")).to_be_visible()


def learn(page: Page, training: Training) -> None:
    """A collaborator takes the training: two chapters, a quiz of two questions, one of them answered wrongly."""
    page.goto(f"/t/{training.pk}/")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Go on").click()
    questions = page.locator("form:has(input[name=choice]:enabled)")
    for left, answer in ((1, "Raise the alarm"), (0, "Finish the e-mail")):
        questions.first.get_by_label(answer).check()
        questions.first.get_by_role("button", name="Answer").click()
        expect(questions).to_have_count(left)
    page.get_by_role("button", name="Finish the training").click()


@pytest.mark.requirement(
    "R3", "R10", "R11", "R12", "R40", "R41", "R42", "R43", "R44", "R45", "R46", "R47", "R48", "R49", "R50", "R51",
    "R52", "R53", "R54", "R55", "R56", "R57", "R58", "R59", "R60", "R61", "R62", "R63", "R64", "R65", "R66", "R67",
    "R68", "R69", "R70", "R71", "R72", "R73", "R74", "R75", "R76", "R78",
)  # fmt: skip
@pytest.mark.parametrize("codes", [DOCUMENT, OTHERS], ids=["default codes", "other codes"])
def test_results_are_seen_on_the_employees_file(
    codes: Codes,
    acme: Space,
    ada: User,
    simulator: Simulator,
    linked: list[Link],
    page_of: Callable[..., Page],
    context_of: Callable[..., BrowserContext],
) -> None:
    learner, somebody = linked[0], linked[1]
    training = a_training(acme, quizzes=((), (3, 1)))

    lucca = context_of(acme).new_page()
    lucca.goto(simulator.url)
    if codes is DOCUMENT:
        make_the_section(lucca)
    make_the_data(lucca, codes)

    owner = page_of(ada)
    activate(owner, codes)
    look(owner, "journey-statistics-activated", as_it_stands=True)

    learn(page_of(learner.user), training)

    owner.get_by_role("link", name="Statistics", exact=True).last.click()
    owner.get_by_role("button", name="Send now").click()
    work()
    expect(owner.get_by_role("heading", name="Report of the sending")).to_be_visible()
    assert_accessible(owner)
    owner.get_by_role("link", name=learner.user.full_name).click()
    expect(owner.get_by_text("The same on both sides").first).to_be_visible()

    lucca.goto(f"{simulator.url}/collaborators/{learner.lucca_id}")
    section = lucca.get_by_role("region", name=codes.section)
    expect(section.get_by_role("heading", name="Formations Cards")).to_be_visible()
    row = section.locator(f'table[data-code="{codes.compound}"] tbody tr')
    expect(row).to_have_count(1)
    for text in ("Fire safety", "100\u00a0%", "75\u00a0%", training_day(learner)):
        expect(row).to_contain_text(text)
    expect(row.get_by_role("link")).to_have_attribute("href", f"https://acme.example/t/{training.pk}/")
    look(lucca, "journey-statistics-file", as_it_stands=True)
    lucca.goto(f"{simulator.url}/collaborators/{somebody.lucca_id}")
    expect(lucca.locator(f'table[data-code="{codes.compound}"]')).to_have_count(0)


def training_day(link: Link) -> str:
    """The day of completion as Lucca is told it, in a space that speaks English."""
    completed = link.user.attempts.get().completed_at
    assert completed is not None
    return day_in_words(completed, "en")
