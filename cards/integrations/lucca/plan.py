"""What should be done about the collaborators and departments of Lucca, as values. Pure: no database, network, clock.

There is no word here for removing, deactivating or renaming anybody: a plan of an import cannot say it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import msgspec


class Action(StrEnum):
    """What a line of a plan does to one collaborator."""

    CREATE = "create"
    LINK = "link"
    # Has an account that is linked; only joins the group of the department.
    JOIN = "join"
    UNCHANGED = "unchanged"
    SKIP = "skip"


class GroupAction(StrEnum):
    """What a line of a plan does about the group of one department."""

    CREATE_GROUP = "create_group"
    REUSE_GROUP = "reuse_group"
    RENAME_GROUP = "rename_group"
    UNCHANGED = "unchanged"
    SKIP = "skip_group"


class Reason(StrEnum):
    """Why a collaborator, or a department, is left out; of a link, what to know about the account."""

    NO_EMAIL = "no_email"
    BAD_EMAIL = "bad_email"
    DOUBLED_EMAIL = "doubled_email"
    LEFT = "left"
    ACCOUNT_TAKEN = "account_taken"
    FORMER_FILE = "former_file"
    QUOTA_REACHED = "quota_reached"
    NO_DEPARTMENT = "no_department"
    NO_GROUP = "no_group"
    CLOSED_DEPARTMENT = "closed_department"
    DEACTIVATED = "deactivated"


class Employee(msgspec.Struct, frozen=True):
    """What the directory says of one person at Lucca. `email_key` is empty where no mail could be sent to `email`."""

    lucca_id: str
    first_name: str
    last_name: str
    email: str
    email_key: str
    is_doubled: bool = False
    contract_start_on: date | None = None
    contract_end_on: date | None = None
    culture: str = ""
    department_id: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email or self.lucca_id

    def has_left(self, today: date) -> bool:
        """The last day of a contract is still a day of work."""
        return self.contract_end_on is not None and self.contract_end_on < today


class Department(msgspec.Struct, frozen=True):
    """What the directory says of one department; `people` is how many are in it directly and have not left."""

    lucca_id: str
    name: str
    code: str = ""
    is_active: bool = True
    people: int = 0


@dataclass(frozen=True, slots=True)
class LinkedGroup:
    """The group of a department: its name now, and the names it and the department had when Cards named it."""

    group_id: int
    name: str
    given_name: str
    department_name: str


@dataclass(frozen=True, slots=True)
class GroupsSide:
    """What Cards knows of groups: those linked to departments, and the free ones by the key of their name."""

    linked: Mapping[str, LinkedGroup] = field(default_factory=dict)
    free: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the space, as far as an import must know: whose e-mail it is, and whom it is linked to."""

    user_id: int
    linked_to: str | None = None
    # Whom it is linked to has left: it may be the same person under a new id.
    is_of_former_file: bool = False
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class CardsSide:
    """What Cards knows: who is linked, which accounts exist by e-mail, how many learners may still be created.

    `members` are the users in the group of each department, by the department's id.
    """

    linked: Mapping[str, int] = field(default_factory=dict)
    accounts: Mapping[str, Account] = field(default_factory=dict)
    places_left: int | None = None
    language: str = "fr"
    members: Mapping[str, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the importer chooses in the panel (R20 to R24)."""

    notify: bool = False
    connection_mode: str = "password"


class Change(msgspec.Struct, frozen=True):
    """One line of a plan: what to do about one collaborator, and with which facts."""

    action: Action
    employee: Employee
    reason: Reason | None = None
    user_id: int | None = None
    language: str = ""
    # The department whose group is joined; empty when nothing but the account matters, or they are in it already.
    joins: str = ""

    def __str__(self) -> str:
        """One line of text, so that plans are compared and read as such."""
        email = f" <{self.employee.email}>" if self.employee.email else ""
        reason = f" ({self.reason})" if self.reason else ""
        joins = f" into {self.joins}" if self.joins else ""
        return f"{self.action} {self.employee.name}{email}{joins}{reason}"


class GroupChange(msgspec.Struct, frozen=True):
    """One line of a plan: what to do about the group of one department, and the name the group has then."""

    action: GroupAction
    department: Department
    name: str = ""
    group_id: int | None = None
    reason: Reason | None = None
    # What a renaming replaces.
    former: LinkedGroup | None = None

    def __str__(self) -> str:
        reason = f" ({self.reason})" if self.reason else ""
        name = f" as {self.name}" if self.name and self.name != self.department.name else ""
        return f"{self.action} {self.department.name}{name}{reason}"


@dataclass(frozen=True)
class Plan:
    """Every collaborator that was read, each with one change: counts add up to what was read."""

    changes: Sequence[Change]

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __str__(self) -> str:
        return "\n".join(map(str, self.changes))

    @property
    def counts(self) -> Counter[Action]:
        return Counter(change.action for change in self.changes)
