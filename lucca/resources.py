"""What Lucca holds, as frozen values: people, departments, custom data. Ids are text."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Department:
    """A unit of the company. `parent_id` is filled only when Lucca's answer proves it.

    `path` and `parent_path` are Lucca's own: what their segments mean is not documented, so no id is read from
    them.
    """

    lucca_id: str
    name: str
    code: str | None = None
    is_active: bool | None = None
    parent_id: str | None = None
    path: str | None = None
    parent_path: str | None = None


@dataclass(frozen=True, slots=True)
class DepartmentPage:
    """One page of departments; `next_token` asks for the next one while there is one."""

    departments: tuple[Department, ...]
    count: int | None = None
    next_token: str | None = None


class FieldKind(StrEnum):
    """What a datum of the HR file holds (the number `type` of `userproperties`)."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    COMPOUND = "compound"


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """What Lucca says of a datum; None where it does not say."""

    code: str
    name: str | None = None
    kind: FieldKind | None = None
    format_key: str | None = None
    is_multiple: bool | None = None
    is_read_only: bool | None = None
