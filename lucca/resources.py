"""What Lucca holds, as frozen values: people, departments, custom data. Ids are text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec


class Employee(msgspec.Struct, frozen=True):
    """A person of the company. Lucca's e-mail may be missing or shared by two people."""

    lucca_id: str
    first_name: str
    last_name: str
    email: str | None = None
    department_id: str | None = None
    department_name: str | None = None
    contract_start_on: date | None = None
    contract_end_on: date | None = None
    culture: str | None = None


@dataclass(frozen=True, slots=True)
class EmployeePage:
    """One page of people, in the order of their ids; `count` is how many Lucca says there are in all.

    While the company changes people may move from page to page: someone may be on two, or on none.
    """

    employees: tuple[Employee, ...]
    count: int | None = None
    next_offset: int | None = None


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


@dataclass(frozen=True, slots=True)
class FieldCodes:
    """The six codes under which training statistics are kept in the HR file; the defaults are R57 and R59–R63."""

    compound: str = "e_formation"
    title: str = "e_title"
    link: str = "e_link"
    progress: str = "e_progress"
    score: str = "e_score"
    completed_on: str = "e_last_completion_date"

    @property
    def subfields(self) -> tuple[str, ...]:
        return (self.title, self.link, self.progress, self.score, self.completed_on)


class SubfieldShape(StrEnum):
    """How a sub-field stands inside an occurrence: `{"value": x}`, with or without its id, or bare `x`."""

    OBJECT = "object"
    BARE = "bare"


class LinkShape(StrEnum):
    """How a hyperlink is written: a text, or `{"url": …, "label": …}`."""

    TEXT = "text"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class RowShape:
    """What has been learned of the form of occurrences; None where nothing was seen yet. Worth remembering."""

    subfield: SubfieldShape | None = None
    link: LinkShape | None = None


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One occurrence of the compound datum. `values` are texts by sub-field code; `raw` is what was read."""

    occurrence_id: str | None
    values: Mapping[str, str]
    raw: Any = field(repr=False)


@dataclass(frozen=True, slots=True)
class EmployeeRows:
    """All occurrences of one person, and the form in which they were read."""

    lucca_id: str
    rows: tuple[FieldRow, ...] = ()
    shape: RowShape = RowShape()


@dataclass(frozen=True, slots=True)
class WantedRow:
    """What one occurrence should say. `occurrence_id` is the one a former receipt told, if any, and the former title
    and link are what stood there then."""

    title: str
    link: str
    progress: str = ""
    score: str = ""
    completed_on: str = ""
    occurrence_id: str | None = None
    former_title: str = field(default="", compare=False)
    former_link: str = field(default="", compare=False)


class WriteFault(StrEnum):
    """What a verified write left otherwise than it should be."""

    MISSING = "missing"  # a row that was sent is not there: often the section is closed to the key
    DIFFERENT = "different"  # it is there and says something else
    STILL_THERE = "still_there"  # a row that was to be removed stayed
    FOREIGN_LOST = "foreign_lost"  # a row of somebody else's is gone or changed
    UNEXPECTED = "unexpected"  # there are rows that nobody asked for


@dataclass(frozen=True, slots=True)
class Receipt:
    """What Lucca holds after a write, as Lucca itself says it.

    `rows` follows the order of the rows wanted, None for one that is not there. `is_sent` is false when nothing
    needed to change and no write was made.
    """

    lucca_id: str
    rows: tuple[FieldRow | None, ...]
    faults: frozenset[WriteFault] = frozenset()
    shape: RowShape = RowShape()
    is_sent: bool = True

    @property
    def is_verified(self) -> bool:
        return not self.faults


class FieldFault(StrEnum):
    """Why a field cannot receive statistics."""

    MISSING = "missing"
    NOT_COMPOUND = "not_compound"
    NOT_MULTIPLE = "not_multiple"
    NOT_TEXT = "not_text"
    READ_ONLY = "read_only"


@dataclass(frozen=True, slots=True)
class FieldCheck:
    """What is definitely wrong with the fields, by code, and the codes of which Lucca says too little to tell."""

    faults: tuple[tuple[str, FieldFault], ...] = ()
    unchecked: tuple[str, ...] = ()
