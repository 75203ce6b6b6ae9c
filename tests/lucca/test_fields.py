"""The fields of the HR file: what is definitely wrong is told, what Lucca does not say is not held against it."""

from dataclasses import replace
from typing import Any

import pytest

from lucca import FieldCheck, FieldCodes, FieldDefinition, FieldFault, FieldKind, check_fields, parse
from tests.lucca.conftest import RawServer, answer

CODES = FieldCodes()
COMPOUND = FieldDefinition("e_formation", kind=FieldKind.COMPOUND, is_multiple=True, is_read_only=False)
SUBFIELDS = tuple(FieldDefinition(code, kind=FieldKind.TEXT, is_read_only=False) for code in CODES.subfields)


@pytest.mark.requirement("R57", "R59", "R60", "R61", "R62", "R63")
def test_the_codes_are_those_of_the_founding_document_unless_others_are_told() -> None:
    assert FieldCodes() == FieldCodes(
        compound="e_formation",
        title="e_title",
        link="e_link",
        progress="e_progress",
        score="e_score",
        completed_on="e_last_completion_date",
    )


def test_the_fields_of_the_founding_document_have_no_fault() -> None:
    assert check_fields((COMPOUND, *SUBFIELDS), CODES) == FieldCheck()


def test_codes_are_compared_without_their_case() -> None:
    shouted = [replace(one, code=one.code.upper()) for one in (COMPOUND, *SUBFIELDS)]
    assert check_fields(shouted, CODES) == FieldCheck()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"kind": FieldKind.TEXT}, FieldFault.NOT_COMPOUND),
        ({"is_multiple": False}, FieldFault.NOT_MULTIPLE),
        ({"is_read_only": True}, FieldFault.READ_ONLY),
    ],
)
def test_a_compound_datum_of_another_make_is_told(change: dict[str, Any], fault: FieldFault) -> None:
    assert check_fields((replace(COMPOUND, **change), *SUBFIELDS), CODES).faults == (("e_formation", fault),)


def test_a_subfield_of_another_kind_is_told() -> None:
    date = replace(SUBFIELDS[4], kind=FieldKind.DATE)
    assert check_fields((COMPOUND, *SUBFIELDS[:4], date), CODES).faults == (
        ("e_last_completion_date", FieldFault.NOT_TEXT),
    )


def test_fields_nobody_made_are_missing() -> None:
    assert check_fields(SUBFIELDS, CODES).faults == (("e_formation", FieldFault.MISSING),)
    assert check_fields((COMPOUND, *SUBFIELDS[1:]), CODES).faults == (("e_title", FieldFault.MISSING),)


def test_what_lucca_does_not_say_is_unchecked_and_no_fault() -> None:
    assert check_fields(None, CODES) == FieldCheck(unchecked=("e_formation", *CODES.subfields))
    assert check_fields((COMPOUND,), CODES) == FieldCheck(unchecked=CODES.subfields)
    assert check_fields((FieldDefinition("e_formation"), *SUBFIELDS), CODES) == FieldCheck(unchecked=("e_formation",))


def test_a_definition_is_read_in_its_documented_form() -> None:
    item = {"id": "e_formation", "name": "Formations Cards", "ismultivalue": True, "isreadonly": False, "type": 5}
    found, next_offset = parse.field_definitions({"data": {"items": [item], "count": 1}}, offset=0)
    assert found == (replace(COMPOUND, name="Formations Cards"),)
    assert next_offset is None


@pytest.mark.parametrize(("kind", "expected"), [(0, FieldKind.BOOLEAN), (4, FieldKind.TEXT), (9, None), ("4", None)])
def test_a_kind_that_is_not_documented_is_not_guessed(kind: Any, expected: FieldKind | None) -> None:
    [[found], _] = parse.field_definitions({"data": {"items": [{"id": "e_x", "type": kind}]}}, offset=0)
    assert found.kind is expected


@pytest.mark.parametrize("status", ["403 Forbidden", "404 Not Found", "400 Bad Request"])
def test_definitions_that_the_key_may_not_read_are_unknown_and_no_error(server: RawServer, status: str) -> None:
    server.scripts = [answer("", status=status)]
    with server.client() as client:
        assert client.field_definitions() is None
