"""The invented company: repeatable, with the faults of real life in fixed numbers, lean."""

from datetime import date

import pytest

from lucca_simulator.generate import FAULTS, generate
from lucca_simulator.names import FULL_NAMES

TODAY = date(2026, 11, 22)
COUNTS = {
    "former_employees": 13,
    "future_employees": 5,
    "without_mail": 6,
    "with_doubled_mail": 8,
    "doubled_only_by_case": 4,
    "namesakes": 6,
    "without_manager": 1,
    "own_manager": 1,
    "non_latin_names": 4,
    "names_with_apostrophe": 3,
    "names_with_hyphen": 4,
    "sentinel_dates": 6,
    "ends_before_start": 1,
    "departments": 14,
    "inactive_departments": 1,
}


@pytest.mark.parametrize("seed", [1, 2, 77])
@pytest.mark.parametrize("employees", [80, 240, 3000])
def test_the_faults_of_real_life_come_in_the_same_numbers_at_any_size(employees: int, seed: int) -> None:
    company = generate(employees=employees, seed=seed, today=TODAY)
    counts = company.counts(TODAY)
    assert counts == COUNTS | {"employees": employees, "listed_by_default": employees - 13}


def test_the_same_seed_makes_the_same_company_and_another_seed_another() -> None:
    first, again, other = (generate(employees=100, seed=seed, today=TODAY) for seed in (5, 5, 6))
    assert first.employees == again.employees
    assert first.employees != other.employees


def test_the_first_twenty_are_without_fault() -> None:
    company = generate(employees=20, seed=3, today=TODAY)
    counts = company.counts(TODAY)
    assert [
        counts[name] for name in COUNTS if name not in {"without_manager", "departments", "inactive_departments"}
    ] == [0] * (len(COUNTS) - 3)


def test_a_company_without_faults_has_none() -> None:
    counts = generate(employees=300, seed=3, today=TODAY, with_faults=False).counts(TODAY)
    assert counts["listed_by_default"] == 300
    assert counts["without_mail"] == counts["with_doubled_mail"] == counts["namesakes"] == 0


def test_every_size_from_nobody_on_can_be_made() -> None:
    for employees in range(sum(FAULTS.values()) + 25):
        assert len(generate(employees=employees, seed=1, today=TODAY).employees) == employees


def test_more_people_than_names_are_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        generate(employees=FULL_NAMES + 1, seed=1, today=TODAY)


def test_logins_are_unique_and_employee_numbers_only_within_an_establishment() -> None:
    people = list(generate(employees=2000, seed=1, today=TODAY).employees.values())
    assert len({each.login for each in people}) == 2000
    assert len({(each.establishment_id, each.employee_number) for each in people}) == 2000
    assert len({each.employee_number for each in people}) < 2000


def test_every_mail_is_at_an_example_address() -> None:
    people = generate(employees=2000, seed=1, today=TODAY).employees.values()
    assert all(each.mail.casefold().endswith("@acme.example") for each in people if each.mail)


def test_departments_nest_down_to_nine_levels_when_there_are_many() -> None:
    usual = generate(employees=240, seed=1, today=TODAY)
    many = generate(employees=240, seed=1, today=TODAY, departments=250)
    assert max(len(usual.ancestry(each)) for each in usual.departments.values()) == 4
    assert max(len(many.ancestry(each)) for each in many.departments.values()) == 9
    assert sum(each.is_active for each in many.departments.values()) == 250
    assert max(len(many.children(each.id)) for each in many.departments.values()) <= 99


def test_one_department_is_empty_and_two_bear_one_name() -> None:
    company = generate(employees=240, seed=1, today=TODAY)
    active = [each for each in company.departments.values() if each.is_active]
    staffed = {each.department_id for each in company.employees.values()}
    assert [each.code for each in active if each.id not in staffed] == ["INN"]
    assert len({each.name for each in active}) == 13
