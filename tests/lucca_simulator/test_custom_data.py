"""Custom data over v3: how they are read and what a write does, under every switch of §3.5 of the evidence."""

import itertools
from typing import Any

import pytest

from lucca_simulator import Simulator
from tests.lucca_simulator.conftest import Caller

TRAINING = {"e_title": "Fire safety", "e_link": "https://cards.example/1", "e_progress": "60 %", "e_score": ""}
SHAPES = ("id-value", "value", "bare")
SIX_WAYS = list(itertools.product(("replace", "upsert"), SHAPES))


@pytest.fixture
def lucca(simulator: Simulator, caller: Caller) -> Caller:
    """With the section and the compound datum of the trainings."""
    simulator.reset(with_trainings=True)
    return caller


def written(sub: dict[str, Any], shape: str = "value") -> dict[str, Any]:
    """An occurrence's value in one of the three shapes of sub-fields."""
    if shape == "bare":
        return dict(sub)
    return {code: {"value": value} for code, value in sub.items()}


def plain(occurrence: dict[str, Any]) -> dict[str, Any]:
    """The bare values of an occurrence, whatever the shape they are read in."""
    return {code: each["value"] if isinstance(each, dict) else each for code, each in occurrence["value"].items()}


def trainings(lucca: Caller, number: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = lucca.user(number)["extendedData"].get("e_formation", [])
    return found


def test_each_shape_of_datum_is_read_as_documented(caller: Caller) -> None:
    shown = {}
    for number in range(1, 21):
        shown |= caller.user(number)["extendedData"]
    assert set(shown["e_nickname"]) == {"id", "value"}
    assert [set(each) for each in shown["e_favorite_food"]] == [{"id", "value"}] * 2
    assert shown["e_eyes_color"]["value"] == 84
    assert set(shown["e_address"]["value"]["e_street"]) == {"id", "value"}
    assert set(shown["e_equipment"][0]["value"]) == {"e_item", "e_lent_on"}


def test_the_list_of_users_shows_custom_data_too(caller: Caller) -> None:
    listed = caller.items("/api/v3/users", fields="id,extendedData", id="4")[0]
    assert listed == caller.user(4)


def test_ids_of_occurrences_and_sub_values_are_unique_in_the_tenant(lucca: Caller) -> None:
    for number in (2, 4, 30):
        lucca.put(number, {"e_formation": [{"value": written(TRAINING)}, {"value": written(TRAINING)}]})
    found: list[int] = []

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            found.extend([value["id"]] if "id" in value else [])
            for each in value.values():
                collect(each)
        elif isinstance(value, list):
            for each in value:
                collect(each)

    for user in lucca.items("/api/v3/users", fields="extendedData"):
        collect(user)
    assert len(found) > 50
    assert len(found) == len(set(found))


def test_a_single_value_is_created_updated_by_id_and_deleted_by_null(caller: Caller) -> None:
    created = caller.put(30, {"e_nickname": {"value": "Zaz"}}, fields="id,extendedData").json()["data"]
    number = created["extendedData"]["e_nickname"]["id"]
    assert caller.put(30, {"e_nickname": {"value": "Zoz"}}).status_code == 400
    assert caller.put(30, {"e_nickname": {"id": number, "value": "Zoz"}}).status_code == 200
    assert caller.user(30)["extendedData"]["e_nickname"] == {"id": number, "value": "Zoz"}
    caller.put(30, {"e_nickname": {"id": number, "value": None}})
    assert "e_nickname" not in caller.user(30)["extendedData"]
    assert caller.put(30, {"e_nickname": {"id": 0, "value": "Zuz"}}).status_code == 200


def test_a_datum_without_value_is_absent_or_null(simulator: Simulator, caller: Caller) -> None:
    assert caller.user(30)["extendedData"] == {}
    simulator.switch(datum_without_value="null")
    assert caller.user(30)["extendedData"] == dict.fromkeys(simulator.company.catalogue.definitions)


def test_a_replacing_array_deletes_what_it_does_not_name(lucca: Caller) -> None:
    lucca.put(2, {"e_formation": [{"value": written(TRAINING)}, {"value": written(TRAINING)}]})
    first, second = trainings(lucca, 2)
    lucca.put(2, {"e_formation": [second, {"value": written({"e_title": "GDPR"})}]})
    assert trainings(lucca, 2)[0]["id"] == second["id"]
    assert first["id"] not in {each["id"] for each in trainings(lucca, 2)}
    assert [plain(each)["e_title"] for each in trainings(lucca, 2)] == ["Fire safety", "GDPR"]
    lucca.put(2, {"e_formation": []})
    assert trainings(lucca, 2) == []


def test_an_upserting_array_keeps_what_it_does_not_name(simulator: Simulator, lucca: Caller) -> None:
    simulator.switch(multi_write="upsert")
    lucca.put(2, {"e_formation": [{"value": written(TRAINING)}, {"value": written(TRAINING)}]})
    first, second = trainings(lucca, 2)
    lucca.put(2, {"e_formation": [{"value": written({"e_title": "GDPR"})}]})
    assert [each["id"] for each in trainings(lucca, 2)][:2] == [first["id"], second["id"]]
    lucca.put(2, {"e_formation": [{"id": first["id"], "value": None}]})
    assert first["id"] not in {each["id"] for each in trainings(lucca, 2)}
    assert len(trainings(lucca, 2)) == 2


def test_a_null_in_a_replacing_array_deletes_or_is_refused(simulator: Simulator, lucca: Caller) -> None:
    lucca.put(2, {"e_formation": [{"value": written(TRAINING)}]})
    row = trainings(lucca, 2)[0]
    simulator.switch(null_value_in_array="refuse")
    assert lucca.put(2, {"e_formation": [{"id": row["id"], "value": None}]}).status_code == 400
    assert trainings(lucca, 2) == [row]
    simulator.switch(null_value_in_array="delete")
    assert lucca.put(2, {"e_formation": [{"id": row["id"], "value": None}]}).status_code == 200
    assert trainings(lucca, 2) == []


@pytest.mark.parametrize(("multi_write", "shape"), SIX_WAYS)
@pytest.mark.parametrize("strictness", ["any", "as-read"])
def test_what_was_read_can_be_written_back_with_one_value_changed(
    simulator: Simulator, lucca: Caller, multi_write: str, shape: str, strictness: str
) -> None:
    simulator.switch(multi_write=multi_write, subfield_read=shape, subfield_write=strictness)
    new = {"value": written(TRAINING, shape if shape == "bare" else "value")}
    assert lucca.put(2, {"e_formation": [new]}).status_code == 200
    rows = trainings(lucca, 2)
    assert plain(rows[0]) == TRAINING
    progress = rows[0]["value"]["e_progress"]
    rows[0]["value"]["e_progress"] = "100 %" if shape == "bare" else progress | {"value": "100 %"}
    assert lucca.put(2, {"e_formation": rows}).status_code == 200
    assert trainings(lucca, 2) == rows


@pytest.mark.parametrize(("read", "wrote"), [(a, b) for a in SHAPES for b in ("value", "bare")])
def test_only_a_strict_lucca_refuses_sub_fields_in_another_shape(
    simulator: Simulator, lucca: Caller, read: str, wrote: str
) -> None:
    simulator.switch(subfield_read=read)
    body = {"e_formation": [{"value": written(TRAINING, wrote)}]}
    assert lucca.put(2, body).status_code == 200
    simulator.switch(subfield_write="as-read")
    # A new sub-value has no id yet, so {value} is the first form of {id, value}.
    accepted = wrote == read or (read, wrote) == ("id-value", "value")
    assert (lucca.put(3, body).status_code == 200) == accepted


def test_a_strict_lucca_wants_the_ids_of_existing_sub_values(simulator: Simulator, lucca: Caller) -> None:
    lucca.put(2, {"e_formation": [{"value": written(TRAINING)}]})
    row = trainings(lucca, 2)[0]
    without_ids = {"id": row["id"], "value": written(plain(row))}
    assert lucca.put(2, {"e_formation": [without_ids]}).status_code == 200
    assert trainings(lucca, 2) == [row]
    simulator.switch(subfield_write="as-read")
    assert lucca.put(2, {"e_formation": [without_ids]}).status_code == 400


def test_a_sub_field_left_out_of_an_update_is_kept_or_erased(simulator: Simulator, lucca: Caller) -> None:
    lucca.put(2, {"e_formation": [{"value": written(TRAINING)}]})
    row = trainings(lucca, 2)[0]
    short = {"id": row["id"], "value": {"e_title": row["value"]["e_title"]}}
    lucca.put(2, {"e_formation": [short]})
    assert trainings(lucca, 2) == [row]
    simulator.switch(omitted_subfield="erase")
    lucca.put(2, {"e_formation": [short]})
    assert plain(trainings(lucca, 2)[0]) == {"e_title": "Fire safety"}


def test_empty_text_is_kept_or_becomes_null(simulator: Simulator, lucca: Caller) -> None:
    lucca.put(2, {"e_formation": [{"value": written(TRAINING)}]})
    assert plain(trainings(lucca, 2)[0])["e_score"] == ""
    simulator.switch(empty_text="null")
    lucca.put(3, {"e_formation": [{"value": written(TRAINING)}]})
    assert "e_score" not in plain(trainings(lucca, 3)[0])


def test_a_text_may_have_a_longest_length(simulator: Simulator, caller: Caller) -> None:
    assert caller.put(30, {"e_nickname": {"value": "x" * 256}}).status_code == 200
    simulator.switch(text_length="255")
    assert caller.put(31, {"e_nickname": {"value": "x" * 256}}).status_code == 400
    assert caller.put(31, {"e_nickname": {"value": "x" * 255}}).status_code == 200


def test_a_simple_datum_may_be_read_bare(simulator: Simulator, caller: Caller) -> None:
    before = caller.user(20)["extendedData"]
    simulator.switch(simple_read="bare")
    after = caller.user(20)["extendedData"]
    assert after["e_nickname"] == before["e_nickname"]["value"]
    assert after["e_equipment"] == before["e_equipment"]


def test_custom_data_inside_extended_data_have_no_effect(simulator: Simulator, caller: Caller) -> None:
    body = {"extendedData": {"e_nickname": {"value": "Zaz"}}}
    assert caller.put(30, body).status_code == 200
    assert caller.user(30)["extendedData"] == {}
    simulator.switch(write_under_extended_data="refuse")
    assert caller.put(30, body).status_code == 400


def test_an_unknown_code_is_refused_or_ignored(simulator: Simulator, lucca: Caller) -> None:
    inside = {"e_formation": [{"value": written(TRAINING | {"e_unknown": "x"})}]}
    assert lucca.put(30, {"e_unknown": {"value": "x"}}).status_code == 400
    assert lucca.put(30, inside).status_code == 400
    simulator.switch(unknown_code="ignore")
    assert lucca.put(30, {"e_unknown": {"value": "x"}}).status_code == 200
    assert lucca.put(30, inside).status_code == 200
    assert plain(trainings(lucca, 30)[0]) == TRAINING


def test_a_closed_section_is_absent_on_read_and_refused_or_ignored_on_write(
    simulator: Simulator, lucca: Caller
) -> None:
    section = simulator.company.catalogue.definitions["e_formation"].section_id
    others = set(simulator.company.catalogue.sections) - {section}
    body = {"e_formation": [{"value": written(TRAINING)}]}
    lucca.put(2, body)
    simulator.keys.keys[0].read_sections = simulator.keys.keys[0].write_sections = others
    assert trainings(lucca, 2) == []
    assert "e_nickname" in lucca.user(2)["extendedData"]
    assert lucca.put(3, body).status_code == 403
    simulator.switch(hidden_section="ignore")
    assert lucca.put(3, body).status_code == 200
    simulator.keys.keys[0].read_sections = None
    assert (len(trainings(lucca, 2)), len(trainings(lucca, 3))) == (1, 0)


@pytest.mark.parametrize(
    "value",
    [
        [{"id": 9999999, "value": {"e_title": {"value": "x"}}}],
        [{"value": {"e_title": {"id": 9999999, "value": "x"}}}],
        [{"value": {"e_title": {"value": 5}}}],
        [{"value": {"e_link": {"value": {"url": "https://cards.example/1"}}}}],
        [{"value": "x"}],
        [{"e_title": "x"}],
        ["x"],
        None,
        "x",
        [{"id": "51001", "value": {}}],
        [{"id": True, "value": {}}],
        [{"id": [], "value": {}}],
    ],
)
def test_a_write_that_cannot_be_is_refused_and_changes_nothing(lucca: Caller, value: object) -> None:
    lucca.put(2, {"e_formation": [{"value": written(TRAINING)}]})
    before = lucca.user(2, "lastName,extendedData")
    assert lucca.put(2, {"lastName": "Changed", "e_formation": value}).status_code == 400
    assert lucca.user(2, "lastName,extendedData") == before


def test_the_same_occurrence_named_twice_is_refused(lucca: Caller) -> None:
    lucca.put(2, {"e_formation": [{"value": written(TRAINING)}]})
    row = trainings(lucca, 2)[0]
    assert lucca.put(2, {"e_formation": [row, row]}).status_code == 400


def test_an_occurrence_of_somebody_else_is_400_or_404(simulator: Simulator, lucca: Caller) -> None:
    lucca.put(2, {"e_formation": [{"value": written(TRAINING)}]})
    foreign = {"e_formation": trainings(lucca, 2)}
    assert lucca.put(3, foreign).status_code == 400
    simulator.switch(foreign_occurrence_id="404")
    assert lucca.put(3, foreign).status_code == 404


def test_a_hyperlink_may_be_an_object(simulator: Simulator, lucca: Caller) -> None:
    simulator.switch(hyperlink="object")
    link = {"url": "https://cards.example/1", "label": "Fire safety"}
    assert lucca.put(2, {"e_formation": [{"value": written(TRAINING)}]}).status_code == 400
    assert lucca.put(2, {"e_formation": [{"value": written(TRAINING | {"e_link": link})}]}).status_code == 200
    assert plain(trainings(lucca, 2)[0])["e_link"] == link


def test_a_list_takes_entry_ids_and_a_date_takes_dates(caller: Caller) -> None:
    assert caller.put(30, {"e_eyes_color": {"value": 85}}).status_code == 200
    assert caller.put(31, {"e_eyes_color": {"value": 999}}).status_code == 400
    assert caller.put(31, {"e_eyes_color": {"value": "Blue"}}).status_code == 400
    assert caller.put(30, {"e_diploma_date": {"value": "2016-09-01T00:00:00"}}).status_code == 200
    assert caller.put(31, {"e_diploma_date": {"value": "soon"}}).status_code == 400
    assert caller.put(31, {"e_nickname": [{"value": "x"}]}).status_code == 400


def test_the_definitions_tell_compound_multiple_and_kinds(lucca: Caller) -> None:
    fields = "id,name,isMultivalue,isReadOnly,category,type,format[key]"
    query = {"fields": fields, "paging": "0,100", "orderBy": "id,asc"}
    shown = {each["id"]: each for each in lucca.items("/api/v3/userproperties", **query)}
    assert shown["e_formation"] == {
        "id": "e_formation",
        "name": "Formations Cards",
        "isMultivalue": True,
        "isReadOnly": False,
        "category": 3,
        "type": 5,
        "format": {"key": "composite"},
    }
    assert (shown["e_link"]["type"], shown["e_link"]["format"]) == (4, {"key": "hyperlink"})
    assert (shown["e_diploma_date"]["type"], shown["e_eyes_color"]["type"]) == (3, 1)
    assert shown["mail"]["category"] == 0


def test_the_entries_of_a_list_are_in_its_definition(caller: Caller) -> None:
    fields = "id,formatKey,extensionUserPropertyListEntries[id,name],collection.count"
    data = caller.get("/api/v3/extensionuserdefinitions", formatKey="select", fields=fields).json()["data"]
    assert data["count"] == 1
    assert data["items"][0]["extensionUserPropertyListEntries"][0] == {"id": 84, "name": "Blue"}
    one = caller.get("/api/v3/extensionuserdefinitions/e_Eyes_Color", fields="id").json()
    assert one == {"data": {"id": "e_eyes_color"}}
    assert caller.get("/api/v3/extensionuserdefinitions/e_none").status_code == 404


def test_sub_fields_may_be_left_out_of_the_definitions(simulator: Simulator, lucca: Caller) -> None:
    path = "/api/v3/extensionuserdefinitions"
    assert "e_title" in {each["id"] for each in lucca.items(path, paging="0,100")}
    simulator.switch(subfields_in_definitions="absent")
    assert "e_title" not in {each["id"] for each in lucca.items(path, paging="0,100")}


@pytest.mark.parametrize("status", ["403", "404"])
def test_the_key_may_lack_the_right_to_read_definitions(simulator: Simulator, caller: Caller, status: str) -> None:
    simulator.switch(definitions_readable=status)
    for path in ("/api/v3/userproperties", "/api/v3/extensionuserdefinitions"):
        assert caller.get(path).status_code == int(status)
    assert caller.get("/api/v3/users").status_code == 200
