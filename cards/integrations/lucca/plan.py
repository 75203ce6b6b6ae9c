"""What should be done about the collaborators of Lucca, as values. Pure: no database, no network, no clock.

There is no word here for removing, deactivating or renaming anybody: a plan cannot say it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Action(StrEnum):
    """What a line of a plan does to one collaborator."""

    CREATE = "create"
    LINK = "link"
    UNCHANGED = "unchanged"
    SKIP = "skip"


class Reason(StrEnum):
    """Why a collaborator is left out."""

    NO_EMAIL = "no_email"
    BAD_EMAIL = "bad_email"
    DOUBLED_EMAIL = "doubled_email"
    LEFT = "left"
    ACCOUNT_TAKEN = "account_taken"
    QUOTA_REACHED = "quota_reached"


@dataclass(frozen=True, slots=True)
class Employee:
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

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email or self.lucca_id

    def has_left(self, today: date) -> bool:
        """The last day of a contract is still a day of work."""
        return self.contract_end_on is not None and self.contract_end_on < today

    def arrives_later(self, today: date) -> bool:
        return self.contract_start_on is not None and self.contract_start_on > today


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the space, as far as an import must know: whose e-mail it is, and whom it is linked to."""

    user_id: int
    linked_to: str | None = None


@dataclass(frozen=True, slots=True)
class CardsSide:
    """What Cards knows: who is linked, which accounts exist by e-mail, how many learners may still be created."""

    linked: Mapping[str, int] = field(default_factory=dict)
    accounts: Mapping[str, Account] = field(default_factory=dict)
    places_left: int | None = None
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the importer chooses in the panel (R20 to R24)."""

    notify: bool = False
    connection_mode: str = "password"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a plan: what to do about one collaborator, and with which facts."""

    action: Action
    employee: Employee
    reason: Reason | None = None
    user_id: int | None = None
    language: str = ""

    def __str__(self) -> str:
        """One line of text, so that plans are compared and read as such."""
        email = f" <{self.employee.email}>" if self.employee.email else ""
        reason = f" ({self.reason})" if self.reason else ""
        return f"{self.action} {self.employee.name}{email}{reason}"


@dataclass(frozen=True)
class Plan:
    """Every collaborator that was read, each with one change: counts add up to what was read."""

    changes: tuple[Change, ...]

    def __init__(self, changes: Iterable[Change]) -> None:
        object.__setattr__(self, "changes", tuple(changes))

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def __str__(self) -> str:
        return "\n".join(map(str, self.changes))

    @property
    def counts(self) -> Counter[Action]:
        return Counter(change.action for change in self.changes)

    @property
    def number_to_carry_out(self) -> int:
        return self.counts[Action.CREATE] + self.counts[Action.LINK]
