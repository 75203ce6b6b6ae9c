"""The six codes: what is typed, what stands for nothing typed, what cannot be a code."""

import pytest

from cards.integrations.lucca.codes import NAMES, CodeFault, codes_of, faults_of
from lucca import FieldCodes


@pytest.mark.requirement("R57", "R59", "R60", "R61", "R62", "R63", "R75")
def test_default_codes_are_those_of_the_founding_document_and_need_not_be_typed() -> None:
    assert codes_of({}) == codes_of(dict.fromkeys(NAMES, "  "))
    assert codes_of({}) == FieldCodes(
        compound="e_formation",
        title="e_title",
        link="e_link",
        progress="e_progress",
        score="e_score",
        completed_on="e_last_completion_date",
    )
    assert not faults_of(codes_of({}))


@pytest.mark.requirement("R74")
def test_a_typed_code_is_used_trimmed_beside_the_defaults() -> None:
    codes = codes_of({"compound": " e_Nom-de-la-formation ", "score": "e_note2"})
    assert (codes.compound, codes.score, codes.title) == ("e_Nom-de-la-formation", "e_note2", "e_title")
    assert not faults_of(codes)


@pytest.mark.parametrize("typed", ["formation", "e_", "E_formation", "e_forma tion", "e_évolution", "e_" + "x" * 254])
def test_what_cannot_be_a_code_is_named(typed: str) -> None:
    assert faults_of(codes_of({"compound": typed})) == {"compound": CodeFault.ILL_FORMED}


@pytest.mark.parametrize("typed", ["e_link", "E_LINK".replace("E", "e", 1)])
def test_a_code_that_stands_twice_is_named_also_when_the_other_is_a_default(typed: str) -> None:
    assert faults_of(codes_of({"score": typed})) == {"score": CodeFault.TWICE}
    assert faults_of(codes_of({"title": typed})) == {"link": CodeFault.TWICE}
