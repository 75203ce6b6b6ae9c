"""Statistics on the HR file, from the client to the pretend Lucca and back: what was lost on the way is never
doubled, what is not ours is never touched, and what cannot be proven is reported."""

import json
from typing import Any

import pytest

from lucca import (
    EmployeeRows,
    FieldCheck,
    FieldCodes,
    FieldFault,
    LuccaClient,
    NotFound,
    OutcomeUnknown,
    Refused,
    Rejected,
    Throttled,
    Unavailable,
    WantedRow,
    WriteFault,
    check_fields,
)
from lucca.departments import with_parents
from lucca_simulator.rights import Key
from lucca_simulator.simulator import Simulator
from tests.lucca.conftest import RawServer, answer
from tests.lucca.test_writing import TWELVE

CODES = FieldCodes()
FIRE = WantedRow("Fire safety", "https://cards.example/1", "60 %", "80 %", "21/11/2026")
GDPR = WantedRow("GDPR", "https://cards.example/2", "20 %")


def anyone(simulator: Simulator) -> str:
    return str(next(iter(simulator.company.employees)))


def rows_of(lucca: LuccaClient, lucca_id: str) -> EmployeeRows:
    return lucca.rows([lucca_id], CODES)[lucca_id]


def calls(simulator: Simulator) -> list[str]:
    return [f"{call['method']} {call['status']}" for call in simulator.journal()]


@pytest.mark.requirement("R3", "R64")
@pytest.mark.parametrize("positions", TWELVE, ids=lambda positions: "-".join(positions.values()))
def test_the_first_write_teaches_the_form_and_the_following_ones_cost_one_call(
    simulator: Simulator, lucca: LuccaClient, positions: dict[str, str]
) -> None:
    simulator.switch(**positions)
    first, second = (str(number) for number in list(simulator.company.employees)[:2])
    learned = lucca.write_rows(rows_of(lucca, first), [FIRE], CODES)
    assert learned.is_verified
    simulator.entries.clear()
    receipt = lucca.write_rows(rows_of(lucca, second), [FIRE, GDPR], CODES, shape=learned.shape)
    assert receipt.is_verified
    assert calls(simulator) == ["GET 200", "PUT 200"]
    assert [row.values["e_title"] for row in rows_of(lucca, second).rows] == ["Fire safety", "GDPR"]


def test_many_people_are_read_in_one_call_and_who_is_not_shown_is_missing(
    simulator: Simulator, lucca: LuccaClient
) -> None:
    people = [str(number) for number in simulator.company.employees]
    found = lucca.rows([*people, "999999"], CODES)
    assert list(found) == people
    assert len(simulator.journal()) == 1


LOST: list[dict[str, Any]] = [
    {"kind": "reset", "moment": "after"},
    {"kind": "reset", "moment": "before"},
    {"kind": "html", "moment": "after", "status": 200},
    {"kind": "error", "moment": "after", "status": 500},
    {"kind": "error", "moment": "before", "status": 503},
    {"kind": "truncated"},
]


@pytest.mark.parametrize("positions", TWELVE, ids=lambda positions: "-".join(positions.values()))
@pytest.mark.parametrize("fault", LOST, ids=lambda fault: "-".join(str(value) for value in fault.values()))
def test_a_write_whose_answer_was_lost_is_reported_not_repeated_and_not_doubled(
    simulator: Simulator, lucca: LuccaClient, positions: dict[str, str], fault: dict[str, Any]
) -> None:
    simulator.switch(**positions)
    person = anyone(simulator)
    shape = lucca.write_rows(rows_of(lucca, person), [GDPR], CODES).shape
    simulator.entries.clear()
    simulator.faults(method="PUT", count=1, **fault)
    with pytest.raises(OutcomeUnknown):
        lucca.write_rows(rows_of(lucca, person), [FIRE, GDPR], CODES, shape=shape)
    assert [call["method"] for call in simulator.journal()] == ["GET", "PUT"]
    again = lucca.write_rows(rows_of(lucca, person), [FIRE, GDPR], CODES, shape=shape)
    assert again.is_verified
    assert sorted(row.values["e_title"] for row in rows_of(lucca, person).rows) == ["Fire safety", "GDPR"]


def test_a_write_that_certainly_did_not_happen_says_so(simulator: Simulator, lucca: LuccaClient) -> None:
    read = rows_of(lucca, anyone(simulator))
    simulator.faults(kind="throttle", method="PUT", count=1)
    with pytest.raises(Throttled):
        lucca.write_rows(read, [FIRE], CODES)
    with LuccaClient(base_url="http://127.0.0.1:1", key="a-key") as nowhere, pytest.raises(Unavailable):
        nowhere.write_rows(read, [FIRE], CODES)
    with pytest.raises(Rejected):
        lucca.write_rows(read, [FIRE], FieldCodes(compound="e_nobody_made_this"))


def test_a_proof_that_could_not_be_read_leaves_the_outcome_unknown(simulator: Simulator, lucca: LuccaClient) -> None:
    person = anyone(simulator)
    read = rows_of(lucca, person)
    simulator.switch(hidden_section="ignore")
    simulator.keys.keys[0] = Key("Cards", simulator.key, write_sections=set())
    simulator.faults(kind="unauthorized", method="GET")
    with pytest.raises(OutcomeUnknown):
        lucca.write_rows(read, [FIRE], CODES)


def test_an_answer_that_only_repeats_what_was_sent_proves_nothing(server: RawServer) -> None:
    echo = {"value": {"e_title": {"value": "GDPR"}, "e_link": {"value": GDPR.link}, "e_progress": {"value": "20 %"}}}
    server.scripts = [
        answer(json.dumps({"data": {"id": 416, "extendedData": {"e_formation": [echo]}}})),
        answer('{"data":{"items":[{"id":416,"extendedData":{}}]}}'),
    ]
    with server.client() as client:
        receipt = client.write_rows(EmployeeRows("416"), [GDPR], CODES)
    assert receipt.faults == {WriteFault.MISSING}
    assert len(server.requests) == 2


@pytest.mark.parametrize("position", ["refuse", "ignore"])
def test_a_section_closed_to_the_key_is_an_error_or_a_fault_but_never_a_success(
    simulator: Simulator, lucca: LuccaClient, position: str
) -> None:
    simulator.switch(hidden_section=position)
    simulator.keys.keys[0] = Key("Cards", simulator.key, write_sections=set())
    read = rows_of(lucca, anyone(simulator))
    if position == "refuse":
        with pytest.raises(Refused):
            lucca.write_rows(read, [FIRE], CODES)
    else:
        assert lucca.write_rows(read, [FIRE], CODES).faults == {WriteFault.MISSING}


def test_the_other_data_of_a_person_are_as_they_were(simulator: Simulator, lucca: LuccaClient) -> None:
    simulator.reset(employees=60, with_trainings=True)
    before = {one.id: str(one.custom) for one in simulator.company.employees.values() if one.custom}
    assert before
    for number in before:
        assert lucca.write_rows(rows_of(lucca, str(number)), [FIRE], CODES).is_verified
    for number, custom in before.items():
        held = dict(simulator.company.employees[number].custom or {})
        held.pop("e_formation")
        assert str(held) == custom


@pytest.mark.parametrize(("position", "is_checked"), [("listed", True), ("absent", False)])
def test_the_fields_of_the_founding_document_are_found_to_be_right(
    simulator: Simulator, lucca: LuccaClient, position: str, is_checked: bool
) -> None:
    simulator.switch(subfields_in_definitions=position)
    check = check_fields(lucca.field_definitions(), CODES)
    assert check.faults == ()
    assert check.unchecked == (() if is_checked else CODES.subfields)


def test_fields_that_nobody_made_or_nobody_may_see_are_told_apart(simulator: Simulator, lucca: LuccaClient) -> None:
    simulator.reset(with_trainings=False)
    assert check_fields(lucca.field_definitions(), CODES).faults[0] == ("e_formation", FieldFault.MISSING)
    simulator.switch(definitions_readable="403")
    assert check_fields(lucca.field_definitions(), CODES) == FieldCheck(unchecked=("e_formation", *CODES.subfields))


@pytest.mark.parametrize("v4", ["alive", "gone-404"])
@pytest.mark.parametrize("v3", ["alive", "deprecated", "gone-404", "gone-410"])
@pytest.mark.parametrize("segments", ["ranks", "ids"])
@pytest.mark.parametrize("parent", ["null", "filled"])
def test_departments_and_their_parents_are_the_same_in_every_dialect(
    simulator: Simulator, lucca: LuccaClient, v4: str, v3: str, segments: str, parent: str
) -> None:
    simulator.reset(departments=40)
    simulator.switch(departments_v4=v4, departments_v3=v3, hierarchy_segments=segments, parent_lucca_id=parent)
    active = {one.id: one for one in simulator.company.departments.values() if one.is_active}
    if v4 != "alive" and v3.startswith("gone"):
        with pytest.raises(NotFound):
            lucca.departments_page()
        return
    found = {one.lucca_id: one for one in with_parents(lucca.departments_page().departments)}
    assert sorted(found, key=int) == [str(number) for number in sorted(active)]
    for number, one in active.items():
        shown = found[str(number)]
        assert (shown.name, shown.code) == (one.name, one.code)
        assert shown.parent_id in {str(one.parent_id) if one.parent_id else None, None}
    assert sum(one.parent_id is not None for one in found.values()) == sum(
        one.parent_id in active for one in active.values()
    )
