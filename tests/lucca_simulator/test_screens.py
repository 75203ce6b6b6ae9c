"""The screens: the founding document's steps can be followed with its words, and every page says what it is."""

import re
from collections.abc import Sequence

import httpx2
import pytest

from lucca_simulator import Simulator
from tests.lucca_simulator.conftest import Caller

NEW_DATA = "/settings/data-management/new"
PAGES = [
    "/collaborators",
    "/collaborators?state=all&page=2",
    "/collaborators?search=nobody-at-all",
    "/collaborators/new",
    "/collaborators/2",
    "/departments",
    "/settings",
    "/settings/hr-file",
    "/settings/hr-file?add=1",
    "/settings/data-management",
    NEW_DATA,
    "/settings/api-keys",
    "/settings/api-keys/Cards",
]
SUBFIELDS = (
    ("Title of the training", "e_title", "text"),
    ("Link to the training", "e_link", "hyperlink"),
    ("Progress of the employee", "e_progress", "text"),
    ("Score of the employee", "e_score", "text"),
    ("Date of the last completion of the training", "e_last_completion_date", "text"),
)

Fields = dict[str, str | Sequence[str]]


def post(caller: Caller, path: str, fields: Fields, **headers: str) -> httpx2.Response:
    return caller.http.post(path, data=fields, headers=headers)


def draft(**fields: str | Sequence[str]) -> Fields:
    """The second step of "New data" as the founding document fills it in."""
    names, codes, kinds = zip(*SUBFIELDS, strict=True)
    typed: Fields = {
        "kind": "compound",
        "name": "Formations Cards",
        "code": "e_formation",
        "sub_name": names,
        "sub_code": codes,
        "sub_kind": kinds,
        "is_multiple": "1",
        "sort_code": "e_title",
    }
    return typed | fields


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_that_it_is_a_simulator_and_needs_no_account(caller: Caller, path: str) -> None:
    answer = caller.http.get(path, headers={"Authorization": ""})
    assert answer.status_code == 200
    assert "This is not Lucca" in answer.text
    assert answer.text.count("<h1") == 1
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert not re.search(r"<script|<style| style=| on\w+=", answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_every_field_has_a_label(caller: Caller, path: str) -> None:
    text = caller.http.get(path).text
    for field in re.findall(r"<(?:input|select)\b[^>]*>", text):
        named = re.search(r'\bid="([^"]+)"', field)
        is_choice = 'type="radio"' in field or 'type="checkbox"' in field
        assert 'type="hidden"' in field or is_choice or (named and f'for="{named[1]}"' in text), field


def test_an_unknown_address_is_a_page_that_leads_back(caller: Caller) -> None:
    for path in ("/nonsense", "/collaborators/999", "/settings/api-keys/Nobody"):
        answer = caller.http.get(path)
        assert (answer.status_code, "the collaborators" in answer.text) == (404, True)


def test_the_style_sheet_comes_from_the_package(caller: Caller) -> None:
    assert caller.http.get("/static/style.css").headers["content-type"].startswith("text/css")


@pytest.mark.requirement("R45", "R46", "R47", "R48")
def test_a_section_is_added_under_settings_hr_file(caller: Caller) -> None:
    assert "HR File" in caller.http.get("/settings").text
    assert "Add a section" in caller.http.get("/settings/hr-file").text
    assert ">Ok</button>" in caller.http.get("/settings/hr-file?add=1").text
    assert post(caller, "/settings/hr-file", {"name": "Cards"}).status_code == 303
    assert '<a href="#section-4">Cards</a>' in caller.http.get("/collaborators/2").text
    for wrong in ("", "  ", "cards"):
        assert post(caller, "/settings/hr-file", {"name": wrong}).status_code == 422


@pytest.mark.requirement("R49")
def test_a_section_appears_in_the_left_menu_and_can_be_moved(caller: Caller) -> None:
    post(caller, "/settings/hr-file", {"name": "Cards"})
    for _turn in range(3):
        assert post(caller, "/settings/hr-file/4/up", {}).status_code == 303
    assert post(caller, "/settings/hr-file/4/up", {}).status_code == 303
    menu = re.findall(r'<a href="#section-\d+">([^<]+)</a>', caller.http.get("/collaborators/2").text)
    assert menu[0] == "Cards"
    assert len(menu) == 4
    post(caller, "/settings/hr-file/4/down", {})
    menu = re.findall(r'<a href="#section-\d+">([^<]+)</a>', caller.http.get("/collaborators/2").text)
    assert menu[1] == "Cards"
    assert post(caller, "/settings/hr-file/99/up", {}).status_code == 404


@pytest.mark.requirement("R53", "R54", "R55", "R56", "R57", "R58", "R59", "R60", "R61")
@pytest.mark.requirement("R62", "R63", "R64", "R65", "R66", "R67", "R68", "R69", "R70")
def test_the_compound_data_is_made_step_by_step_with_the_words_of_the_document(
    simulator: Simulator, caller: Caller
) -> None:
    post(caller, "/settings/hr-file", {"name": "Cards"})
    assert "New data" in caller.http.get("/settings/data-management").text
    assert "Compound data" in caller.http.get(NEW_DATA).text
    second = post(caller, NEW_DATA, {"kind": "compound", "action": "data"}).text
    assert "Add new data" in second
    assert "Allow multiple occurrences" in second
    for number in range(1, 6):
        second = post(caller, NEW_DATA, {"kind": "compound", "action": "add", **rows(number - 1)}).text
        assert f"<legend>Data {number}</legend>" in second
    assert "Hyperlink" in second
    assert "Sort data" in second
    third = post(caller, NEW_DATA, draft(action="place")).text
    assert "Editable" in third
    assert ">Save</button>" in third
    saved = post(caller, NEW_DATA, draft(action="save", section_id="4", is_editable="1"))
    assert saved.status_code == 303
    made = simulator.company.catalogue.definitions["e_formation"]
    assert (made.name, made.kind, made.is_multiple, made.is_editable) == ("Formations Cards", "compound", True, True)
    assert (made.sort_code, made.section_id) == ("e_title", 4)
    assert [(each.name, each.code, each.kind) for each in made.subfields] == list(SUBFIELDS)


def rows(number: int) -> Fields:
    names, codes, kinds = zip(*SUBFIELDS, strict=True)
    return {"sub_name": names[:number], "sub_code": codes[:number], "sub_kind": kinds[:number]}


def test_what_was_typed_survives_each_press_of_a_button(caller: Caller) -> None:
    for action in ("add", "type", "data", "place"):
        text = post(caller, NEW_DATA, draft(action=action)).text
        for name, code, _kind in SUBFIELDS:
            assert f'value="{name}"' in text, action
            assert f'value="{code}"' in text, action
    assert 'value="e_score"' not in post(caller, NEW_DATA, draft(action="remove3")).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"code": "formation"},
        {"code": "e_"},
        {"code": "e_a b"},
        {"code": "e_NickName"},
        {"code": "e_title"},
        {"sub_name": (), "sub_code": (), "sub_kind": ()},
        {"sub_code": ("e_title", "e_title", "e_progress", "e_score", "e_last")},
        {"sub_code": ("e_street", "e_link", "e_progress", "e_score", "e_last")},
        {"sub_name": ("", "b", "c", "d", "e")},
        {"sub_kind": ("compound", "text", "text", "text", "text")},
        {"sort_code": "e_other"},
        {"section_id": "99"},
        {"section_id": ""},
    ],
)
def test_data_that_cannot_be_are_refused_with_what_was_typed(
    simulator: Simulator, caller: Caller, wrong: Fields
) -> None:
    typed = draft(action="save", section_id="1") | wrong
    answer = post(caller, NEW_DATA, typed)
    assert answer.status_code == 422
    assert 'class="problem"' in answer.text
    assert "e_formation" not in simulator.company.catalogue.definitions


def test_data_that_are_not_editable_cannot_be_written(simulator: Simulator, caller: Caller) -> None:
    post(caller, NEW_DATA, draft(action="save", section_id="1"))
    row = {"value": {"e_title": {"value": "x"}}}
    assert caller.put(2, {"e_formation": [row]}).status_code == 403
    shown = caller.items("/api/v3/userproperties", id="e_formation", fields="isReadOnly")
    assert shown == [{"isReadOnly": True}]


@pytest.mark.requirement("R78")
def test_what_the_api_wrote_is_seen_on_the_file_sorted_and_escaped(simulator: Simulator, caller: Caller) -> None:
    simulator.reset(with_trainings=True)
    titles = ("Zones at risk", "<b>Fire</b>")
    values = [{"e_title": {"value": title}, "e_link": {"value": "https://cards.example/1"}} for title in titles]
    values.append({"e_title": {"value": "Middle"}, "e_link": {"value": "javascript:alert(1)"}})
    caller.put(2, {"e_formation": [{"value": each} for each in values]})
    text = caller.http.get("/collaborators/2").text
    assert text.index("&lt;b&gt;Fire") < text.index("Middle") < text.index("Zones at risk")
    assert '<a href="https://cards.example/1"' in text
    assert 'href="javascript' not in text


def test_collaborators_are_searched_by_name_and_mail_without_accents(simulator: Simulator, caller: Caller) -> None:
    simulator.company.employees[5].first_name, simulator.company.employees[5].last_name = "Hélène", "Neuvaine"
    simulator.company.employees[6].last_name = "Καρυδάκη"
    for search, number in (("helene neuv", 5), ("HÉLÈNE", 5), ("καρυ", 6), (simulator.company.employees[7].mail, 7)):
        assert f'href="/collaborators/{number}"' in caller.get("/collaborators", search=search).text


def test_a_collaborator_is_added_moved_ended_and_brought_back(simulator: Simulator, caller: Caller) -> None:
    typed: Fields = {"first_name": "Zoé", "last_name": "Neuvaine", "department_id": "6", "starts_on": "2026-01-05"}
    assert post(caller, "/collaborators/new", typed).headers["location"] == "/collaborators/81"
    employee = simulator.company.employees[81]
    assert (employee.name, employee.mail, employee.department_id) == ("Zoé Neuvaine", None, 6)
    post(caller, "/collaborators/81/move", {"department_id": "4"})
    assert employee.department_id == 4
    post(caller, "/collaborators/81/end", {"on": "2026-02-01"})
    assert "Left on 1 February 2026" in caller.http.get("/collaborators/81").text
    assert 81 not in caller.ids()
    post(caller, "/collaborators/81/return", {"on": "2026-03-01"})
    assert 81 in caller.ids()


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/collaborators/new", {"first_name": "Zoé"}),
        ("/collaborators/2/move", {"department_id": "99"}),
        ("/collaborators/2/end", {"on": "soon"}),
        ("/collaborators/2/return", {"on": ""}),
        ("/departments/4", {"name": " "}),
        ("/settings/api-keys", {"name": ""}),
        ("/settings/api-keys", {"name": "Cards"}),
    ],
)
def test_what_cannot_be_is_said_on_the_page(caller: Caller, path: str, fields: Fields) -> None:
    answer = post(caller, path, fields)
    assert (answer.status_code, 'class="problem"' in answer.text) == (422, True)


def test_a_department_is_renamed(caller: Caller) -> None:
    assert post(caller, "/departments/4", {"name": "Formation continue"}).status_code == 303
    assert caller.get("/api/v3/departments/4", fields="name").json()["data"]["name"] == "Formation continue"


def test_a_key_is_generated_with_its_permission_and_narrowed_by_its_role(simulator: Simulator, caller: Caller) -> None:
    assert "Collaborators: View / create / edit users" in caller.http.get("/settings/api-keys").text
    made = post(caller, "/settings/api-keys", {"name": "Cards 2", "may_use_collaborators": "1"}).text
    secret = re.findall(r'id="secret">([^<]+)<', made)[0]
    other = Caller(simulator, secret)
    with other.http:
        assert len(other.ids(formerEmployees="true")) == 80
        role: Fields = {"may_use_collaborators": "1", "establishments": ["2"], "read_sections": ["1", "2", "3"]}
        post(caller, "/settings/api-keys/Cards%202", role)
        assert {each["legalEntityID"] for each in other.items("/api/v3/users", fields="legalEntityId")} == {2}
        assert other.put(other.ids()[0], {"e_nickname": {"value": "x"}}).status_code == 403


def test_a_page_of_another_site_changes_nothing(caller: Caller) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert caller.http.post("/departments/4", data={"name": "x"}, headers=foreign).status_code == 403
    assert caller.http.post("/_simulator/reset", headers=foreign).status_code == 403


def test_screens_cost_no_calls(simulator: Simulator, caller: Caller) -> None:
    caller.http.get("/collaborators")
    assert simulator.journal() == []
