"""API keys and what the role of each may see and change (§3.6 of the evidence). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from secrets import compare_digest, token_hex
from uuid import UUID

from lucca_simulator.company import Employee
from lucca_simulator.custom_data import Definition

PERMISSION = "Collaborators: View / create / edit users"


@dataclass(slots=True)
class Key:
    """An API key; its dedicated role decides what it sees and changes [D].

    None for sections or establishments means all of them. Former and future collaborators are rights of their
    own [T]; sections are readable and editable separately [I].
    """

    name: str
    secret: str
    may_use_collaborators: bool = True
    sees_former: bool = True
    sees_future: bool = True
    read_sections: set[int] | None = None
    write_sections: set[int] | None = None
    establishments: set[int] | None = None

    @property
    def sees_everybody(self) -> bool:
        return self.establishments is None and self.sees_former and self.sees_future

    def sees(self, employee: Employee, today: date) -> bool:
        if self.establishments is not None and employee.establishment_id not in self.establishments:
            return False
        if employee.ends_on is not None and not self.sees_former and employee.has_left(today):
            return False
        return self.sees_future or not employee.is_yet_to_come(today)

    def reads(self, definition: Definition) -> bool:
        """A datum that stands in no section is shown nowhere [D]."""
        return definition.section_id is not None and (
            self.read_sections is None or definition.section_id in self.read_sections
        )

    def writes(self, definition: Definition) -> bool:
        return (
            definition.is_editable
            and definition.section_id is not None
            and (self.write_sections is None or definition.section_id in self.write_sections)
        )


@dataclass(slots=True)
class Keys:
    keys: list[Key] = field(default_factory=list)

    def find(self, authorization: str | None) -> Key | None:
        """The key of an `Authorization: lucca application=KEY` header.

        The syntax is [D]; the scheme's case does not matter [O SDK]; no quotes, no Bearer.
        """
        scheme, _space, rest = (authorization or "").partition(" ")
        kind, _equals, secret = rest.strip().partition("=")
        if scheme.lower() != "lucca" or kind.lower() != "application" or not secret:
            return None
        return next((key for key in self.keys if compare_digest(key.secret.encode(), secret.encode())), None)

    def named(self, name: str) -> Key | None:
        return next((key for key in self.keys if key.name == name), None)


def new_secret() -> str:
    """A key looks like a GUID [D]."""
    return str(UUID(token_hex(16)))


def narrowed(key: Key, establishments: Iterable[int]) -> Key:
    """The key after someone took rights away: few establishments, nobody former or future, no section."""
    return Key(
        name=key.name,
        secret=key.secret,
        may_use_collaborators=key.may_use_collaborators,
        sees_former=False,
        sees_future=False,
        read_sections=set(),
        write_sections=set(),
        establishments=set(establishments),
    )
