"""The resources of v3 as tables: each property's native casing and how it is read.

Facts: §2.7 and 2.9 of the evidence; the casing is that of real answers (`departmentID`, `managerID`,
`legalEntityID`, `cultureID`, `headID`) [I].
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from lucca_simulator.company import Department, Employee, Establishment
from lucca_simulator.filters import moment
from lucca_simulator.occurrences import show
from lucca_simulator.projection import Property, Resource, resource
from lucca_simulator.rights import Key
from lucca_simulator.simulator import Simulator

# Windows language numbers [D/I].
CULTURES = {
    1036: "Français",
    1033: "English (United States)",
    1031: "Deutsch",
    1034: "Español",
    1040: "Italiano",
}
ROLES = {55: "Collaborator", 56: "Manager", 57: "HR administrator"}
NATIONALITIES = {250: "Française", 276: "Allemande"}

# Native properties that hold whatever was written into them, null until then [D/I, rights-dependent].
LOOSE_PROPERTIES = (
    "civilTitle", "seniorityDate", "externalId", "address", "directLine", "professionalMobile",
    "personalEmail", "personalMobile", "quote", "bankName", "iban", "bic", "rib", "allowsElectronicPayslip",
    "insuranceNumber", "frenchCarTaxHorsePower", "frenchMotocyclesTaxHorsePower", "csp", "cspId",
)  # fmt: skip

Link = tuple[int, str]


def _named(name: str, path: str, base_url: str) -> Resource[Link]:
    """A small thing that is only an id and a name."""
    return resource(
        name,
        Property("id", lambda link: link[0]),
        Property("name", lambda link: link[1]),
        Property("url", lambda link: f"{base_url}{path}/{link[0]}"),
    )


class Resources:
    """The tables for one call: what they show depends on the host called and on the key's sections."""

    def __init__(self, simulator: Simulator, key: Key, base_url: str) -> None:
        self.company = simulator.company
        self.switches = simulator.switches
        self.key = key
        self.base_url = base_url
        self.users = self._users()
        self.departments = self._departments()
        self.legal_entities = self._legal_entities()
        self.roles = _named("Role", "/api/v3/roles", base_url)
        self.cultures = _named("Culture", "/api/v3/cultures", base_url)
        self.nationalities = _named("Country", "/api/v3/countries", base_url)
        self.calendars = _named("Calendar", "/api/v3/calendars", base_url)

    def _users(self) -> Resource[Employee]:
        loose = [Property(name, _loose(name)) for name in LOOSE_PROPERTIES]
        return resource(
            "User",
            *self._identity(),
            *self._surroundings(),
            # Asked for as one, answered with one key for each analytic axis [I].
            Property("userAxisValues", _axis_values, spreads=True),
            Property("profile_figgo", lambda _user: (156, "Collaborator"), lambda: self.roles),
            Property("profile_cleemy_1", lambda _user: (157, "Collaborator"), lambda: self.roles),
            Property("attributes", lambda _user: {}),
            Property("extendedData", self.extended_data),
            *loose,
            full=FULL_USER,
        )

    def _identity(self) -> list[Property[Employee]]:
        base_url = self.base_url
        return [
            Property("id", lambda user: user.id),
            Property("name", lambda user: user.name),
            Property("url", lambda user: f"{base_url}/api/v3/users/{user.id}"),
            Property("displayName", lambda user: f"{user.last_name} {user.first_name}"),
            Property("modifiedAt", lambda user: moment(user.modified_at)),
            Property("modifiedOn", lambda user: moment(user.modified_at)),  # the older pages' name for it
            Property("lastName", lambda user: user.last_name),
            Property("firstName", lambda user: user.first_name),
            Property("login", lambda user: user.login),
            Property("mail", lambda user: user.mail),
            Property("dtContractStart", lambda user: moment(user.starts_on)),
            Property("dtContractEnd", lambda user: moment(user.ends_on)),
            Property("birthDate", lambda user: moment(user.birth_on)),
            Property("employeeNumber", lambda user: user.employee_number),
            Property("jobTitle", lambda user: user.job_title),
            Property("gender", lambda user: user.gender),
            Property("picture", lambda user: _picture(user, base_url)),
        ]

    def _surroundings(self) -> list[Property[Employee]]:
        """What a user refers to, each under its id and as an object."""
        company = self.company
        return [
            Property("calendarId", lambda _user: 1),
            Property("calendar", lambda _user: (1, "Calendrier français"), lambda: self.calendars),
            Property("cultureID", lambda user: user.culture_id),
            Property("culture", _culture, lambda: self.cultures),
            Property("legalEntityID", lambda user: user.establishment_id),
            Property(
                "legalEntity",
                lambda user: company.establishments.get(user.establishment_id),
                self._legal_entities,
            ),
            Property("departmentID", lambda user: user.department_id),
            Property(
                "department",
                lambda user: company.departments.get(user.department_id),
                lambda: self.departments,
            ),
            Property("managerID", lambda user: user.manager_id),
            Property("manager", lambda user: company.employees.get(user.manager_id or 0), lambda: self.users),
            Property("nationalityId", lambda user: 276 if user.establishment_id == 3 else 250),
            Property("nationality", _nationality, lambda: self.nationalities),
            Property("rolePrincipalID", _role_id),
            Property("rolePrincipal", lambda user: (_role_id(user), ROLES[_role_id(user)]), lambda: self.roles),
            Property("habilitedRoles", lambda _user: [(55, ROLES[55])], lambda: self.roles),
            Property("userWorkCycles", _work_cycles),
            Property("applicationData", lambda _user: {}),
        ]

    def extended_data(self, user: Employee) -> dict[str, Any]:
        """Custom data by code; what stands in a closed section is absent, as if it were empty [D]/[T]."""
        shown: dict[str, Any] = {}
        values = user.custom or {}
        for code, definition in self.company.catalogue.definitions.items():
            if self.key.reads(definition):
                value = show(values.get(code), definition, self.switches)
                if value is not None or self.switches.datum_without_value == "null":
                    shown[code] = value
        return shown

    def _departments(self) -> Resource[Department]:
        base_url, company = self.base_url, self.company
        return resource(
            "Department",
            Property("id", lambda unit: unit.id),
            Property("name", lambda unit: unit.name),
            Property("url", lambda unit: f"{base_url}/api/v3/departments/{unit.id}"),
            Property("code", lambda unit: unit.code),
            Property("hierarchy", self.hierarchy),
            Property("parentId", self.parent_path),
            Property("position", self._position),
            Property("sortOrder", lambda unit: unit.rank),
            Property("level", lambda unit: len(company.ancestry(unit))),
            Property("isActive", lambda unit: unit.is_active),
            Property("headID", lambda unit: unit.head_id),
            Property("head", lambda unit: company.employees.get(unit.head_id or 0), lambda: self.users),
            Property("users", self._members, lambda: self.users),
            Property("currentUsers", self._members, lambda: self.users),
            Property("currentUsersCount", lambda unit: len(self._members(unit))),
            full=FULL_DEPARTMENT,
        )

    def _members(self, unit: Department) -> list[Employee]:
        return [each for each in self.company.employees.values() if each.department_id == unit.id]

    def hierarchy(self, unit: Department) -> str:
        """A path; whether its segments are ranks among siblings or ids is not known [?]."""
        ids = self.switches.hierarchy_segments == "ids"
        return "/" + "".join(f"{each.id if ids else each.rank}/" for each in self.company.ancestry(unit))

    def parent_path(self, unit: Department) -> str:
        """The parent's hierarchy, "/" for a root: a text, not a number [D]."""
        return "/" if unit.parent_id is None else self.hierarchy(self.company.departments[unit.parent_id])

    def _position(self, unit: Department) -> int:
        """A sort key beyond 64 bits [D]: two digits for each level, from the left."""
        ranks = [each.rank for each in self.company.ancestry(unit)]
        return int("".join(f"{rank:02d}" for rank in ranks).ljust(18, "0").rjust(19, "1") + "0")

    def _legal_entities(self) -> Resource[Establishment]:
        base_url = self.base_url
        return resource(
            "LegalEntity",
            Property("id", lambda place: place.id),
            Property("name", lambda place: place.name),
            Property("url", lambda place: f"{base_url}/api/v3/legalentities/{place.id}"),
            Property("code", lambda place: place.code),
            Property("legalIdentificationNumber", lambda place: place.number),
            full=("id", "name", "url", "code", "legalIdentificationNumber"),
        )


FULL_USER = (
    "id", "name", "url", "displayName", "modifiedAt", "lastName", "firstName", "login", "mail",
    "dtContractStart", "dtContractEnd", "birthDate", "employeeNumber", "calendarId", "calendar",
    "cultureID", "culture", "picture", "legalEntityID", "legalEntity", "departmentID", "department",
    "managerID", "manager", "rolePrincipalID", "rolePrincipal", "habilitedRoles", "userWorkCycles",
    "applicationData", "extendedData",
)  # fmt: skip
FULL_DEPARTMENT = (
    "id", "name", "url", "code", "hierarchy", "parentId", "position", "sortOrder", "level", "isActive",
    "headID", "head", "currentUsersCount",
)  # fmt: skip


def _loose(name: str) -> Callable[[Employee], Any]:
    return lambda user: (user.extra or {}).get(name)


def _culture(user: Employee) -> Link:
    return user.culture_id, CULTURES.get(user.culture_id, "")


def _nationality(user: Employee) -> Link:
    number = 276 if user.establishment_id == 3 else 250
    return number, NATIONALITIES[number]


def _role_id(user: Employee) -> int:
    return int(str((user.extra or {}).get("rolePrincipalID", 55)))


def _picture(user: Employee, base_url: str) -> dict[str, str]:
    number = str(UUID(int=user.id))
    address = f"{base_url}/api/v3/files/{number}"
    return {"id": number, "url": address, "name": "portrait.png", "href": address, "mimetype": "image/png"}


def _axis_values(user: Employee) -> dict[str, Any]:
    return {"userAxisValues_1": {"id": user.establishment_id, "name": f"CC-{user.establishment_id:03d}"}}


def _work_cycles(user: Employee) -> list[dict[str, Any]]:
    cycle = {"id": user.id, "ownerID": user.id, "workCycleID": 9}
    return [cycle | {"startsOn": "1920-01-01T00:00:00", "endsOn": "2220-01-01T00:00:00"}]
