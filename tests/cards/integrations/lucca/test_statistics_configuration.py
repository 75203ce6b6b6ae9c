"""The right column of the configuration: the switch, the six codes, the check of the fields, the guide."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from cards.integrations.lucca.codes import NAMES
from cards.integrations.lucca.models import LuccaAccount, StatisticsSettings
from cards.people.models import User
from cards.spaces.models import Space
from lucca_simulator import Simulator
from lucca_simulator.custom_data import Definition, define_trainings

ClientOf = Callable[[User], Client]


@pytest.fixture
def fields(simulator: Simulator) -> Definition:
    """The fields of the founding document, made in the pretend Lucca."""
    return define_trainings(simulator.company.catalogue)


def page_of(client: Client) -> str:
    return unescape(client.get(reverse("lucca_configuration")).content.decode())


def save(client: Client, account: LuccaAccount, **sent: str) -> str:
    """Press Save; the page that follows."""
    form = {"url": account.url, "key": "", **sent}
    response = client.post(reverse("lucca_configuration"), form, follow=True)
    return unescape(response.content.decode())


def plain(page: str) -> str:
    """The words of a page without its tags."""
    return " ".join(re.sub(r"<[^>]*>", "", page).split())


# --- the switch and the codes -----------------------------------------------------------------------


@pytest.mark.requirement("R10", "R72")
def test_the_switch_is_in_the_right_column_and_off_at_first(
    account: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    page = page_of(client_of(ada))
    right = page[page.index("<aside") : page.index("</aside>")]
    assert "Statistics synchronization" in right
    assert "Activate synchronization" in right
    assert 'role="switch"' in right
    assert "checked" not in right


@pytest.mark.requirement("R11", "R12", "R73", "R75")
def test_the_switch_brings_six_fields_that_show_their_default_codes(
    account: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    page = page_of(client_of(ada))
    revealed = page[page.index('class="when-on"') : page.index("</aside>")]
    codes = re.findall(r'placeholder="([^"]+)"', revealed)
    assert codes == ["e_formation", "e_title", "e_link", "e_progress", "e_score", "e_last_completion_date"]
    assert 'value="' not in revealed
    labels = [label.strip() for label in re.findall(r"<label[^>]*>([^<]+)</label>", revealed)]
    assert labels[1:] == [
        step.split(" e_")[0] for number, step in STEPS if number in ("R59", "R60", "R61", "R62", "R63")
    ]
    assert "Formations Cards" in labels[0]


@pytest.mark.requirement("R10", "R76")
def test_save_is_all_it_takes(account: LuccaAccount, fields: Definition, ada: User, client_of: ClientOf) -> None:
    page = save(client_of(ada), account, is_on="on")
    assert "The fields are ready in Lucca. Statistics are sent every night." in page
    settings = StatisticsSettings.objects.get(account=account)
    assert settings.is_on
    assert settings.typed_codes == dict.fromkeys(NAMES, "")
    assert settings.nights_go_on


def test_statistics_can_be_switched_on_with_the_first_save(
    activated: Space, simulator: Simulator, fields: Definition, ada: User, client_of: ClientOf
) -> None:
    sent = {"url": simulator.url, "key": simulator.key, "is_on": "on"}
    client_of(ada).post(reverse("lucca_configuration"), sent)
    assert StatisticsSettings.objects.get().nights_go_on


@pytest.mark.requirement("R74")
def test_other_codes_are_kept_used_and_shown_again(
    account: LuccaAccount, simulator: Simulator, ada: User, client_of: ClientOf
) -> None:
    define_trainings(simulator.company.catalogue, code="e_parcours", name="Parcours")
    page = save(client_of(ada), account, is_on="on", compound="e_parcours")
    assert "The fields are ready in Lucca." in page
    assert 'value="e_parcours"' in page
    assert StatisticsSettings.objects.get().codes.compound == "e_parcours"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"compound": "formation"}, "A code begins with e_"),
        ({"score": "e_progress"}, "This code stands in two fields."),
    ],
)
def test_a_code_that_cannot_be_is_refused_and_stays_typed(
    account: LuccaAccount, ada: User, client_of: ClientOf, sent: dict[str, str], sentence: str
) -> None:
    response = client_of(ada).post(
        reverse("lucca_configuration"), {"url": account.url, "key": "", "is_on": "on", **sent}
    )
    assert response.status_code == 422
    page = response.content.decode()
    name, code = next(iter(sent.items()))
    assert sentence in page
    assert f'value="{code}"' in page
    field = next(tag for tag in re.findall(r"<input[^>]*>", page) if f'name="{name}"' in tag)
    assert re.search(r'class="[^"]*\bis-invalid\b', field)
    assert f'aria-describedby="id_{name}_error"' in field
    assert page.index("data-focus") < page.index(f'<a href="#id_{name}">') < page.index('<form class="with-aside')
    assert not StatisticsSettings.objects.exists()


def test_what_is_wrong_in_both_columns_is_said_in_one_summary(
    account: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    sent = {"url": "nothing", "key": "", "is_on": "on", "compound": "formation"}
    page = client_of(ada).post(reverse("lucca_configuration"), sent).content.decode()
    summary = page[page.index("form-errors") : page.index("</ul>", page.index("form-errors"))]
    assert re.findall(r'<a href="#(\w+)">', summary) == ["id_url", "id_compound"]
    assert page.count("data-focus") == 1


def test_switched_off_codes_are_kept_and_nothing_is_asked_of_lucca(
    account: LuccaAccount, simulator: Simulator, fields: Definition, ada: User, client_of: ClientOf
) -> None:
    client = client_of(ada)
    save(client, account, is_on="on", title="e_title")
    simulator.entries.clear()
    save(client, account, title="e_title")
    settings = StatisticsSettings.objects.get()
    assert (settings.is_on, settings.title) == (False, "e_title")
    assert "userproperties" not in str([call["path"] for call in simulator.journal()])


def test_another_lucca_starts_with_statistics_off(
    account: LuccaAccount, fields: Definition, ada: User, client_of: ClientOf
) -> None:
    client = client_of(ada)
    save(client, account, is_on="on")
    sent = {"url": "http://127.0.0.1:9", "key": "k", "is_on": "on", "other_lucca": "on"}
    client.post(reverse("lucca_configuration"), sent)
    settings = StatisticsSettings.objects.get()
    assert not settings.is_on
    assert settings.checked_at is None


# --- the check of the fields ------------------------------------------------------------------------


@pytest.mark.requirement("R41", "R76")
def test_saving_keeps_the_switch_also_when_the_fields_are_missing_and_says_what_to_do(
    account: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    page = plain(save(client_of(ada), account, is_on="on"))
    settings = StatisticsSettings.objects.get()
    assert settings.is_on
    assert not settings.nights_go_on
    assert "not ready in Lucca. Nothing is sent until" in page
    assert "open HR Base, then Settings > Data management, click “New data”, select “Compound data”" in page


BROKEN = [
    ({"kind": "text", "subfields": ()}, "this code belongs to data of another type"),
    ({"is_multiple": False}, "check “Allow multiple occurrences”"),
    ({"is_editable": False}, "check the box in the first column, “Editable”"),
    ({"without": "e_score"}, "open the compound data and click “Add new data”"),
    ({"dated": "e_last_completion_date"}, "data of the type Text, or Hyperlink for the link"),
]


@pytest.mark.requirement("R41")
@pytest.mark.parametrize(("change", "remedy"), BROKEN, ids=lambda change: str(change)[:24])
def test_each_failing_line_names_its_fix_in_luccas_menus(
    account: LuccaAccount,
    simulator: Simulator,
    fields: Definition,
    ada: User,
    client_of: ClientOf,
    change: dict[str, object],
    remedy: str,
) -> None:
    from dataclasses import replace

    subfields = tuple(
        replace(each, kind="date") if each.code == change.get("dated") else each
        for each in fields.subfields
        if each.code != change.get("without")
    )
    plain_change = {name: value for name, value in change.items() if name not in ("without", "dated")}
    simulator.company.catalogue.define(replace(fields, **{"subfields": subfields, **plain_change}))  # type: ignore[arg-type]
    page = plain(save(client_of(ada), account, is_on="on"))
    assert remedy in page
    assert "To be mended" in page
    assert not StatisticsSettings.objects.get().nights_go_on


@pytest.mark.parametrize("status", ["403", "404"])
def test_what_lucca_does_not_let_us_see_could_not_be_checked_and_holds_nothing(
    account: LuccaAccount, simulator: Simulator, fields: Definition, ada: User, client_of: ClientOf, status: str
) -> None:
    simulator.switch(definitions_readable=status)
    page = plain(save(client_of(ada), account, is_on="on"))
    assert "Could not be checked" in page
    assert "To be mended" not in page
    assert StatisticsSettings.objects.get().nights_go_on


def test_checking_again_lifts_the_hold_once_the_fields_exist(
    account: LuccaAccount, simulator: Simulator, ada: User, client_of: ClientOf
) -> None:
    client = client_of(ada)
    save(client, account, is_on="on")
    assert not StatisticsSettings.objects.get().nights_go_on
    define_trainings(simulator.company.catalogue)
    page = unescape(client.post(reverse("lucca_check_fields"), follow=True).content.decode())
    assert "The fields are ready in Lucca." in page
    assert StatisticsSettings.objects.get().nights_go_on


def test_the_check_costs_one_call(
    account: LuccaAccount, simulator: Simulator, fields: Definition, ada: User, client_of: ClientOf
) -> None:
    client = client_of(ada)
    save(client, account, is_on="on")
    simulator.entries.clear()
    client.post(reverse("lucca_check_fields"))
    assert [call["path"] for call in simulator.journal()] == ["/api/v3/userproperties"]


def test_only_the_owner_configures_statistics(
    account: LuccaAccount, eli: User, lou: User, zoe: User, client_of: ClientOf
) -> None:
    for somebody, status in ((eli, 403), (lou, 403), (zoe, 404)):
        assert client_of(somebody).post(reverse("lucca_check_fields")).status_code == status


# --- the guide --------------------------------------------------------------------------------------

# What the founding document says, in its order, and the statement that it is.
STEPS = [
    ("R41", "fields that receive them are configured in Lucca"),
    ("R42", "If you wish, create a section"),
    ("R42", "the completion and score statistics will appear in it"),
    ("R43", "display them in a section that exists already"),
    ("R44", "administrator account, which has the rights to modify sections"),
    ("R45", "HR Base"),
    ("R46", "Settings > HR File"),
    ("R47", "Add a section"),
    ("R48", "Name it Cards, then click Ok"),
    ("R49", "appears in the left menu, where you can move it"),
    ("R50", "default names and codes"),
    ("R51", "administrator account, which has the rights to create custom fields"),
    ("R52", "HR Base"),
    ("R53", "Settings > Data management"),
    ("R54", "New data: a window appears"),
    ("R55", "Compound data"),
    ("R56", "Formations Cards"),
    ("R57", "e_formation"),
    ("R58", "Add new data"),
    ("R59", "Title of the training e_title Text"),
    ("R60", "Link to the training e_link Hyperlink"),
    ("R61", "Progress of the employee e_progress Text"),
    ("R62", "Score of the employee e_score Text"),
    ("R63", "Date of the last completion of the training e_last_completion_date Text"),
    ("R64", "Allow multiple occurrences (one for each training)"),
    ("R65", "Title of the training as sort data"),
    ("R66", "Click Next"),
    ("R67", "choose the section that displays the fields"),
    ("R68", "Select the Cards section created before, or another one"),
    ("R69", "the box in the first column, Editable"),
    ("R70", "Validate with Save"),
    ("R71", "your fields are ready in Lucca"),
    ("R72", "In the right column of this page, turn on Activate synchronization"),
    ("R74", "If you entered other codes in Lucca, enter them here too"),
    ("R75", "otherwise leave the fields empty"),
    ("R76", "Click Save, and that’s it"),
]


@pytest.mark.requirement(
    "R41", "R42", "R43", "R44", "R45", "R46", "R47", "R48", "R49", "R50", "R51", "R52", "R53", "R54", "R55", "R56",
    "R57", "R58", "R59", "R60", "R61", "R62", "R63", "R64", "R65", "R66", "R67", "R68", "R69", "R70", "R71",
)  # fmt: skip
def test_the_guide_says_every_step_of_the_founding_document_in_its_order(
    account: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    page = page_of(client_of(ada))
    guide = re.sub(r"<[^>]*>", " ", page[page.index('id="guide-title"') :])
    words = re.sub(r" ([,.:])", r"\1", " ".join(guide.split()))
    place = 0
    for number, step in STEPS:
        found = words.find(step, place)
        assert found >= 0, f"{number}: “{step}” does not come after {words[place : place + 60]!r}"
        place = found


def test_the_guide_ticks_what_lucca_shows(
    account: LuccaAccount, simulator: Simulator, fields: Definition, ada: User, client_of: ClientOf
) -> None:
    client = client_of(ada)
    assert "seen in Lucca" not in page_of(client)
    assert save(client, account, is_on="on").count("seen in Lucca") == 4
    simulator.company.catalogue.define(Definition("e_formation", "Formations Cards", section_id=1))
    simulator.company.catalogue.definitions.pop("e_formation")
    assert save(client, account, is_on="on").count("seen in Lucca") == 0
