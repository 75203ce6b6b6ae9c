"""What Lucca holds, as frozen values: people, departments, custom data. Ids are text."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Employee:
    """A person of the company. Lucca's e-mail may be missing or shared by two people."""

    lucca_id: str
    first_name: str
    last_name: str
    email: str | None = None
    department_id: str | None = None
    department_name: str | None = None
    establishment_id: str | None = None
    establishment_name: str | None = None
    contract_start_on: date | None = None
    contract_end_on: date | None = None
    culture: str | None = None


@dataclass(frozen=True, slots=True)
class EmployeePage:
    """One page of people, in the order of their ids.

    `count` is how many Lucca says there are in all. `moved` tells that this figure changed since the first
    page of the reading: nobody was seen twice, but someone may have slipped between two pages, so absence
    from such a reading proves nothing.
    """

    employees: tuple[Employee, ...]
    count: int | None = None
    next_offset: int | None = None
    moved: bool = False
