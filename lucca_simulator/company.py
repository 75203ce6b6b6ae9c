"""The invented company: its people, departments and establishments, and what may happen to them.

Plain slots and shared strings, so that a hundred thousand people fit; it knows no HTTP and checks no rights.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import count

from lucca_simulator.custom_data import Catalogue
from lucca_simulator.occurrences import Occurrence

FIRST_SENTINEL = date(1900, 1, 1)
LAST_SENTINEL = date(9999, 12, 31)


@dataclass(slots=True)
class Employee:
    """One collaborator as Lucca keeps them.

    `extra` holds rarely used native fields under their native names.
    """

    id: int
    first_name: str
    last_name: str
    mail: str | None
    login: str
    employee_number: str
    department_id: int
    establishment_id: int
    manager_id: int | None
    starts_on: date | None
    ends_on: date | None
    culture_id: int
    gender: str
    job_title: str | None
    birth_on: date | None
    modified_at: datetime
    extra: dict[str, object] | None = None
    custom: dict[str, list[Occurrence]] | None = None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def has_left(self, today: date) -> bool:
        """Whether the contract ended: `dtContractEnd` before today [T]; access is cut at the end date [D]."""
        return self.ends_on is not None and self.ends_on < today

    def is_yet_to_come(self, today: date) -> bool:
        return self.starts_on is not None and self.starts_on > today


@dataclass(slots=True)
class Department:
    """A unit of the company. `rank` is its place among its siblings, from 1."""

    id: int
    name: str
    code: str
    parent_id: int | None
    rank: int
    is_active: bool = True
    head_id: int | None = None


@dataclass(slots=True)
class Establishment:
    """What v3 calls a legalEntity and v5 a business-establishment [D establishments-migration]."""

    id: int
    name: str
    code: str
    legal_unit_id: int
    number: str


@dataclass(slots=True)
class LegalUnit:
    id: int
    name: str
    code: str
    country_id: int
    headquarters_id: int


@dataclass(slots=True)
class Contract:
    """A work contract that was replaced when its owner came back."""

    owner_id: int
    establishment_id: int
    starts_on: date | None
    ends_on: date | None


@dataclass(slots=True)
class Company:
    employees: dict[int, Employee] = field(default_factory=dict)
    departments: dict[int, Department] = field(default_factory=dict)
    establishments: dict[int, Establishment] = field(default_factory=dict)
    legal_units: dict[int, LegalUnit] = field(default_factory=dict)
    earlier_contracts: list[Contract] = field(default_factory=list)
    without_contract: set[int] = field(default_factory=set)
    catalogue: Catalogue = field(default_factory=Catalogue)
    # Ids of occurrences and of sub-values are unique in the tenant [D, by Lucca's samples].
    value_ids: Iterator[int] = field(default_factory=lambda: count(51001))

    def add(self, employee: Employee) -> Employee:
        self.employees[employee.id] = employee
        return employee

    def next_employee_id(self) -> int:
        return max(self.employees, default=0) + 1

    def end(self, employee: Employee, on: date, at: datetime) -> None:
        """The contract ends on that day, which still belongs to it."""
        employee.ends_on = on
        employee.modified_at = at

    def bring_back(self, employee: Employee, on: date, at: datetime, rehire: str) -> Employee:
        """A new contract from that day. What Lucca does with a rehire is not known [?]: see the switch `rehire`."""
        if rehire == "new-id":
            number = self.next_employee_id()
            again = replace(employee, id=number, login=f"{employee.login}.{number}", custom=None)
            again.employee_number = f"N{number:05d}"
            employee = self.add(again)
        else:
            self.earlier_contracts.append(
                Contract(employee.id, employee.establishment_id, employee.starts_on, employee.ends_on)
            )
        if rehire != "same-id-first-start":
            employee.starts_on = on
        employee.ends_on = None
        employee.modified_at = at
        return employee

    def move(self, employee: Employee, department_id: int, at: datetime) -> None:
        employee.department_id = self.departments[department_id].id
        employee.modified_at = at

    def children(self, department_id: int | None) -> list[Department]:
        """The departments right below, in their order; below None stand the roots."""
        found = [each for each in self.departments.values() if each.parent_id == department_id]
        return sorted(found, key=lambda each: each.rank)

    def ancestry(self, department: Department) -> list[Department]:
        """From the root down to the department itself."""
        line = [department]
        while (parent_id := line[0].parent_id) is not None:
            line.insert(0, self.departments[parent_id])
        return line

    def counts(self, today: date) -> dict[str, int]:
        """The faults of real life in this company, counted, so that a test can state what it expects."""
        people = list(self.employees.values())
        mails = Counter((each.mail or "").strip() for each in people)
        folded = Counter((each.mail or "").strip().casefold() for each in people)
        mails.pop("", None)
        folded.pop("", None)
        exact = {mail.casefold() for mail, number in mails.items() if number > 1}
        names = Counter((each.first_name, each.last_name) for each in people)
        return {
            "employees": len(people),
            "former_employees": sum(each.has_left(today) for each in people),
            "future_employees": sum(each.is_yet_to_come(today) for each in people),
            "listed_by_default": sum(not each.has_left(today) for each in people),
            "without_mail": sum(not (each.mail or "").strip() for each in people),
            "with_doubled_mail": sum(number for number in folded.values() if number > 1),
            "doubled_only_by_case": sum(n for mail, n in folded.items() if n > 1 and mail not in exact),
            "namesakes": sum(number for number in names.values() if number > 1),
            "without_manager": sum(each.manager_id is None for each in people),
            "own_manager": sum(each.manager_id == each.id for each in people),
            "non_latin_names": sum(_is_non_latin(each.last_name) for each in people),
            "names_with_apostrophe": sum("'" in each.last_name or "’" in each.last_name for each in people),
            "names_with_hyphen": sum("-" in each.name for each in people),
            "sentinel_dates": sum(each.starts_on == FIRST_SENTINEL or each.ends_on == LAST_SENTINEL for each in people),
            "ends_before_start": sum(
                bool(each.starts_on and each.ends_on and each.ends_on < each.starts_on) for each in people
            ),
            "departments": sum(each.is_active for each in self.departments.values()),
            "inactive_departments": sum(not each.is_active for each in self.departments.values()),
        }


def _is_non_latin(text: str) -> bool:
    """Whether the first letter lies beyond the Latin blocks of Unicode."""
    return ord(text[0]) > 0x024F
