"""Custom data of the HR file: their definitions, how they are read, how they are written."""

import json
from typing import Any

import pytest

from lucca.rows import member
from tests.contract.tenant import OURS, PROPERTIES, USERS, Tenant, a_row

belief = pytest.mark.belief


def properties(lucca: Tenant) -> dict[str, dict[str, Any]]:
    """What `userproperties` says, by code in lower case; skips when the key may not look."""
    fields = "id,name,type,isMultivalue,isReadOnly,format[key],collection.count"
    response = lucca.get(PROPERTIES, {"fields": fields, "paging": "0,1000"})
    if response.status_code in {403, 404}:
        pytest.skip("the key may not read definitions here")
    assert response.status_code == 200
    return {one["id"].lower(): one for one in response.json()["data"]["items"]}


def raw_row(lucca: Tenant, number: int = 1) -> dict[str, Any]:
    """Our row exactly as it is read."""
    found = [raw for raw in lucca.occurrences() if f"{OURS}{number}" in json.dumps(raw)]
    assert len(found) == 1
    one: dict[str, Any] = found[0]
    return one


@belief("C1", "D", "DOC user-properties guide")
def test_properties_have_a_type_number(lucca: Tenant) -> None:
    """`userproperties` lists data with `type` 0 boolean, 1 integer or list, 2 number, 3 date, 4 text, 5 compound."""
    listed = properties(lucca)
    assert {one["type"] for one in listed.values()} <= set(range(6))
    if compound := listed.get(lucca.codes.compound):
        assert compound["type"] == 5
        assert compound["isMultivalue"] is True


@belief("C2", "D", "DOC extended-data guide; TAPL")
def test_definitions_are_listed_by_code(lucca: Tenant) -> None:
    """`extensionuserdefinitions` lists custom data, their codes as ids, beginning with `e_`."""
    response = lucca.get("/api/v3/extensionuserdefinitions", {"fields": "id,formatKey", "paging": "0,1000"})
    if response.status_code in {403, 404}:
        pytest.skip("the key may not read definitions here")
    assert all(one["id"].startswith("e_") for one in response.json()["data"]["items"])


@belief("C3", "D", "DOC extended-data guide")
def test_values_stand_under_extended_data_by_code(lucca: Tenant) -> None:
    """`fields=extendedData` gives custom data by code: `{id, value}`, or an array of these when there may be many."""
    for person in lucca.people({"fields": "id,extendedData", "paging": "0,100"}):
        for code, datum in (person["extendedData"] or {}).items():
            assert code.startswith("e_")
            for one in datum if isinstance(datum, list) else [datum] if datum is not None else []:
                assert {"id", "value"} <= set(one)


@belief("C4", "T", "Oyster, Elevo; DOC: rights are per section")
def test_a_closed_section_reads_as_empty(pretend: Tenant) -> None:
    """Data in a section closed to the key are absent, which cannot be told from empty."""
    pretend.write(a_row())
    assert pretend.simulator
    pretend.simulator.keys.keys[0].read_sections = set()
    assert pretend.occurrences() is None


@belief("C5", "I", 'SOON, production: …["value"]["e_street"]["value"]')
def test_an_occurrence_holds_its_subfields_in_value(writable: Tenant) -> None:
    """An occurrence of compound data is `{id, value: {sub-field code: …}}`, in an array."""
    writable.write(a_row())
    raw = raw_row(writable)
    assert isinstance(raw["id"], int)
    assert isinstance(raw["value"], dict)
    assert member(raw["value"], writable.codes.title) is not None


@belief("C6", "D", "DOC extended-data guide: sent at the root; inside extendedData it does not work")
def test_a_write_stands_at_the_root(writable: Tenant) -> None:
    """Custom data are written at the root of the user under their code; inside `extendedData` nothing is written."""
    writable.write(a_row())
    raw = raw_row(writable)
    writable.put({"extendedData": {writable.codes.compound: []}})
    assert raw_row(writable) == raw


@belief("C7", "D", "DOC extended-data guide: create without id, update with the id")
def test_an_id_updates_and_no_id_creates(writable: Tenant) -> None:
    """An element without `id` creates an occurrence; one with its `id` updates it and keeps the id."""
    first = writable.write(a_row()).rows[0]
    second = writable.write(a_row(progress="100 %"), a_row(2))
    assert first is not None
    assert second.is_verified
    assert second.rows[0] is not None
    assert second.rows[0].occurrence_id == first.occurrence_id


@belief("C8", "D", "DOC extended-data guide: `{id, value: null}` deletes; title « delete some values »")
def test_an_occurrence_can_be_removed(writable: Tenant) -> None:
    """An occurrence goes when it is named with a null value, or where that is refused, when it is left out."""
    ids = [row.occurrence_id for row in writable.write(a_row(1), a_row(2)).rows if row]
    receipt = writable.write(a_row(2), remove=[ids[0] or ""])
    assert receipt.is_verified
    assert [row.occurrence_id for row in receipt.rows if row] == ids[1:]


@belief("C9", "D", "DOC: PUT is partial")
def test_a_write_changes_only_what_is_sent(writable: Tenant) -> None:
    """A write of one datum leaves the person's names, mail and other data as they were."""
    person = {"id": writable.employee or "", "formerEmployees": "true"}
    query = person | {"fields": "firstName,lastName,mail,extendedData"}
    [before] = writable.people(query)
    writable.write(a_row())
    [after] = writable.people(query)
    for one in (before, after):
        (one["extendedData"] or {}).pop(writable.codes.compound, None)
    assert after == before


@belief("C10", "D", "DOC update-a-user-by-id: `?fields=` shapes the answer")
def test_the_answer_to_a_write_shows_what_is_there(writable: Tenant) -> None:
    """The answer to a write with `fields=id,extendedData` holds the occurrences as a reading would show them."""
    writable.write(a_row())
    answer = writable.put({writable.codes.compound: writable.occurrences()})
    assert answer.status_code == 200
    assert answer.json()["data"]["extendedData"][writable.codes.compound] == writable.occurrences()


@belief("C11", "?", "none found for v3; v5 tells short-text from long-text without a figure")
def test_a_text_of_255_signs_is_kept_whole(writable: Tenant) -> None:
    """A text of 255 characters, accents and no-break spaces among them, comes back whole."""
    title = "Sécurité\u00a0incendie «\u00a0é\u00a0» " + "x" * 231
    assert len(title) == 255
    receipt = writable.write(a_row(title=title))
    assert receipt.is_verified
    assert receipt.rows[0] is not None
    assert receipt.rows[0].values[writable.codes.title.lower()] == title


@belief("C12", "D", "DOC users: POST answers 200 in v3, 201 in v5; required members")
def test_creating_a_person_answers_200(pretend: Tenant) -> None:
    """`POST /api/v3/users` answers 200 with the person; a missing required member is a 400."""
    person = {
        "firstName": "Zoé", "lastName": "Martin", "mail": "zoe.martin@contract.example", "login": "zoe.contract",
        "legalEntityId": 1, "dtContractStart": "2026-01-01", "departmentId": 1, "rolePrincipalId": 55,
    }  # fmt: skip
    assert pretend.ask("POST", USERS, json=person | {"mail": "other@contract.example"}).status_code == 200
    del person["mail"]
    assert pretend.ask("POST", USERS, json=person).status_code == 400
