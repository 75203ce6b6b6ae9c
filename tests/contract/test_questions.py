"""The open questions find out, on the pretend Lucca, every position of every switch; on a real one, the truth."""

import itertools

import pytest

from lucca_simulator.switches import choices
from tests.contract.conftest import REAL, VERDICTS
from tests.contract.questions import QUESTIONS
from tests.contract.tenant import Tenant

POSITIONS = [(switch, position) for switch, positions in choices().items() for position in positions]


def prepare(pretend: Tenant, switch: str) -> None:
    """A small window, so that bursts are short; ids and ranks of departments that are not alike."""
    assert pretend.simulator
    if QUESTIONS[switch].bursts:
        pretend.simulator.limits.calls, pretend.simulator.limits.window_seconds = 3, 1.5
    company = pretend.simulator.company
    if not any(not one.is_active for one in company.departments.values()):
        list(company.departments.values())[-1].is_active = False


def test_every_switch_has_its_question_and_every_question_its_switch() -> None:
    assert set(QUESTIONS) == set(choices())


@pytest.mark.parametrize(("switch", "position"), POSITIONS)
def test_a_question_finds_the_position_of_its_switch(pretend: Tenant, switch: str, position: str) -> None:
    assert pretend.simulator
    prepare(pretend, switch)
    pretend.simulator.switch(**{switch: position})
    assert QUESTIONS[switch].ask(pretend) == position


UNKNOWN_TOGETHER = ("multi_write", "subfield_read", "subfield_write", "hyperlink", "empty_text")


@pytest.mark.parametrize(
    "positions",
    list(itertools.product(*(choices()[switch] for switch in UNKNOWN_TOGETHER))),
    ids="-".join,
)
def test_questions_about_writing_do_not_lean_on_one_another(pretend: Tenant, positions: tuple[str, ...]) -> None:
    assert pretend.simulator
    truth = dict(zip(UNKNOWN_TOGETHER, positions, strict=True))
    pretend.simulator.switch(**truth)
    for switch, position in truth.items():
        assert QUESTIONS[switch].ask(pretend) == position
        pretend.clean()


@pytest.mark.parametrize("switch", list(QUESTIONS) if REAL else [])
def test_a_real_lucca_answers(switch: str) -> None:
    assert REAL is not None
    one = QUESTIONS[switch]
    if one.only_pretend:
        pytest.skip("asking would leave something behind")
    if one.bursts and not REAL.may_burst:
        pytest.skip("asking uses up the minute's calls: LUCCA_SANDBOX_BURST=1")
    if one.writes and REAL.employee is None:
        pytest.skip("asking needs LUCCA_SANDBOX_WRITE=1 and LUCCA_SANDBOX_EMPLOYEE")
    if one.writes:
        REAL.clean()
    try:
        position = one.ask(REAL)
    finally:
        if one.writes:
            REAL.clean()
    default = choices()[switch][0]
    is_known = position in choices()[switch]
    VERDICTS[switch] = (
        f"{position or 'cannot be told here'}"
        f"{'' if position == default or not is_known else f' (the simulator starts with {default})'}"
    )
    assert position is None or is_known, f"{switch}: the simulator has no position for {position}"
