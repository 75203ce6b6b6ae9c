"""Reading a whole company: the calls it costs, and nobody lost."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lucca import Employee, LuccaClient, Refused, Unavailable
from lucca_simulator.generate import generate
from lucca_simulator.simulator import Simulator
from tests.lucca.conftest import RawServer, answer


def read(lucca: LuccaClient, *, limit: int = 1000) -> list[Employee]:
    """Everyone, page by page."""
    people: list[Employee] = []
    offset: int | None = 0
    while offset is not None:
        page = lucca.employee_page(offset, limit=limit)
        people += page.employees
        offset = page.next_offset
    return people


def ids(lucca: LuccaClient) -> list[str]:
    return [one.lucca_id for one in read(lucca)]


def everyone(simulator: Simulator) -> list[str]:
    return [str(number) for number in sorted(simulator.company.employees)]


@pytest.mark.parametrize(("people", "calls"), [(0, 1), (1, 1), (999, 1), (1000, 1), (1001, 2), (2000, 2), (2300, 3)])
def test_reading_everyone_costs_one_call_for_each_thousand_and_one_for_nobody(
    simulator: Simulator, lucca: LuccaClient, people: int, calls: int
) -> None:
    simulator.reset(employees=people)
    assert ids(lucca) == everyone(simulator)
    assert len(simulator.journal()) == calls


def test_people_who_left_are_read_too(simulator: Simulator, lucca: LuccaClient) -> None:
    simulator.reset(employees=200)
    today = simulator.today()
    left = {str(one.id) for one in simulator.company.employees.values() if one.has_left(today)}
    assert left
    assert left <= set(ids(lucca))


def test_one_person_is_read_by_id_also_when_they_left_and_nobody_is_none(
    simulator: Simulator, lucca: LuccaClient
) -> None:
    one = next(iter(simulator.company.employees.values()))
    simulator.company.end(one, date(2020, 1, 1), simulator.clock.local())
    found = lucca.employee(str(one.id))
    assert found is not None
    assert (found.lucca_id, found.contract_end_on) == (str(one.id), date(2020, 1, 1))
    assert lucca.employee("999999") is None


def test_a_person_that_a_deaf_filter_gives_instead_is_not_taken_for_the_one_asked(server: RawServer) -> None:
    server.scripts = [answer('{"data":{"items":[{"id":1}]}}')]
    with server.client() as client:
        assert client.employee("416") is None


def test_a_good_key_passes_the_check_in_one_call_and_a_wrong_one_is_refused(
    simulator: Simulator, lucca: LuccaClient
) -> None:
    lucca.check()
    assert len(simulator.journal()) == 1
    with LuccaClient(base_url=simulator.url, key="wrong") as stranger, pytest.raises(Refused):
        stranger.check()


def test_half_a_page_loses_nobody(simulator: Simulator, lucca: LuccaClient) -> None:
    simulator.reset(employees=2300)
    simulator.faults(kind="half_page", count=1)
    assert ids(lucca) == everyone(simulator)


def test_a_page_that_breaks_off_ends_the_reading_with_an_error(simulator: Simulator, lucca: LuccaClient) -> None:
    simulator.reset(employees=2300)
    simulator.faults(kind="truncated", skip=1)
    with pytest.raises(Unavailable):
        ids(lucca)


people = st.lists(
    st.tuples(st.integers(1, 2**40), st.text(), st.text(), st.none() | st.emails() | st.text()),
    max_size=15,
    unique_by=lambda person: person[0],
).map(sorted)


@given(people=people, limit=st.integers(1, 6))
@settings(max_examples=40)
def test_projection_and_paging_never_lose_change_or_repeat_a_person(
    simulator: Simulator, lucca: LuccaClient, people: list[tuple[int, str, str, str | None]], limit: int
) -> None:
    template = next(iter(generate(employees=1, departments=1, seed=1, today=simulator.today()).employees.values()))
    simulator.company.employees = {
        number: replace(template, id=number, first_name=first, last_name=last, mail=mail)
        for number, first, last, mail in people
    }
    found = read(lucca, limit=limit)
    assert [(one.lucca_id, one.first_name, one.last_name, one.email) for one in found] == [
        (str(number), bare(first), bare(last), bare(mail or "") or None) for number, first, last, mail in people
    ]


def bare(text: str) -> str:
    return text.replace("\x00", "").strip()
