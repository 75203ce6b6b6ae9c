"""POST and PUT of `/api/v3/users` (§2.8 and 3.4 of the evidence): all of a write takes effect, or nothing does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from lucca_simulator.collections_v3 import answer_item
from lucca_simulator.company import Company, Employee
from lucca_simulator.custom_data import Definition
from lucca_simulator.gate import Answer, Call
from lucca_simulator.life import hire
from lucca_simulator.occurrences import Occurrence, RefusedError, Writing
from lucca_simulator.resources import LOOSE_PROPERTIES, Resources
from lucca_simulator.users import visible_user

# What POST requires [D].
REQUIRED = (
    "firstName", "lastName", "mail", "login", "legalEntityId", "dtContractStart", "departmentId", "rolePrincipalId",
)  # fmt: skip
LOOSE = {name.lower(): name for name in (*LOOSE_PROPERTIES, "rolePrincipalID")}


@dataclass(slots=True)
class Change:
    """What a body asks for, checked and ready to be applied."""

    native: dict[str, Any] = field(default_factory=dict)
    loose: dict[str, Any] = field(default_factory=dict)
    custom: dict[str, list[Occurrence]] = field(default_factory=dict)


def update_user(call: Call) -> Answer:
    """Partial: only what is sent changes [D]. 200 with the user, shaped by `fields` [D]."""
    employee = visible_user(call)
    change = _read_body(call, employee)
    _refuse_taken(call, change, employee)
    for name, value in change.native.items():
        setattr(employee, name, value)
    _apply_rest(employee, change)
    employee.modified_at = call.simulator.clock.local()
    return _shown(call, employee)


def create_user(call: Call) -> Answer:
    """200, not 201 [D]. Custom data at creation are probable [?] and accepted; `?contract=false` makes none [D]."""
    sent = {name.lower() for name, value in _plain_body(call).items() if value is not None}
    if missing := [name for name in REQUIRED if name.lower() not in sent]:
        raise RefusedError(400, f"Required: {', '.join(missing)}")
    change = _read_body(call, None)
    _refuse_taken(call, change, None)
    company = call.simulator.company
    employee = hire(company, call.simulator.clock, **change.native)
    _apply_rest(employee, change)
    if (call.asked("contract") or "").lower() == "false":
        company.without_contract.add(employee.id)
    return _shown(call, employee)


def _shown(call: Call, employee: Employee) -> Answer:
    return answer_item(call, Resources(call.simulator, call.key, call.base_url).users, employee)


def _apply_rest(employee: Employee, change: Change) -> None:
    if change.loose:
        employee.extra = (employee.extra or {}) | change.loose
    if change.custom:
        values = (employee.custom or {}) | change.custom
        employee.custom = {code: each for code, each in values.items() if each}


def _plain_body(call: Call) -> Mapping[str, Any]:
    """The user object. One version of the documentation wraps it in `data`, the others do not [D, contradictory]."""
    body = call.body
    if not isinstance(body, Mapping):
        raise RefusedError(400, "The body is an object")
    if set(body) == {"data"} and isinstance(body["data"], Mapping):
        if call.simulator.switches.body_wrapped_in_data == "refuse":
            raise RefusedError(400, "Unknown property data")
        return body["data"]
    return body


def _read_body(call: Call, employee: Employee | None) -> Change:
    change = Change()
    natives = _natives(call.simulator.company)
    for name, value in _plain_body(call).items():
        lower = name.lower()
        if lower in natives:
            attribute, read = natives[lower]
            change.native[attribute] = read(name, value)
        elif lower in LOOSE:
            change.loose[LOOSE[lower]] = value
        elif lower == "extendeddata":
            # Custom data written here "do not work" [D]: silently or not, see the switch.
            if call.simulator.switches.write_under_extended_data == "refuse":
                raise RefusedError(400, "extendedData cannot be written")
        elif not _is_computed(call, name):
            _read_custom(call, employee, name, value, change)
    return change


def _is_computed(call: Call, name: str) -> bool:
    """A property that exists and cannot be written, such as `name`; sent back as read, it is ignored [?]."""
    return Resources(call.simulator, call.key, call.base_url).users.find(name) is not None


def _read_custom(call: Call, employee: Employee | None, code: str, value: Any, change: Change) -> None:
    """Custom data stand at the root of the user, under their code [D]."""
    simulator = call.simulator
    definition = simulator.company.catalogue.find(code)
    if definition is None:
        if simulator.switches.unknown_code == "refuse":
            raise RefusedError(400, f"Unknown property {code}")
        return
    is_kept = employee is not None or simulator.switches.custom_data_at_creation == "accept"
    if not is_kept or not _may_write(call, definition):
        return
    existing = (employee.custom or {}).get(definition.code, []) if employee else []
    writing = Writing(definition, simulator.switches, simulator.company.value_ids)
    change.custom[definition.code] = writing.apply(existing, value)


def _may_write(call: Call, definition: Definition) -> bool:
    """A closed section is a 403, or the write is silently without effect [?]."""
    if call.key.writes(definition):
        return True
    if call.simulator.switches.hidden_section == "refuse":
        raise RefusedError(403, f"{definition.code} cannot be edited")
    return False


Read = Callable[[str, Any], Any]


def _natives(company: Company) -> dict[str, tuple[str, Read]]:
    """Lower-case property → the attribute it changes and how its value is checked."""
    department, place = _reference(company.departments), _reference(company.establishments)
    manager = _optional(_reference(company.employees))
    return {
        "firstname": ("first_name", _text),
        "lastname": ("last_name", _text),
        "mail": ("mail", _optional(_text)),
        "login": ("login", _text),
        "employeenumber": ("employee_number", _text),
        "jobtitle": ("job_title", _optional(_text)),
        "gender": ("gender", _text),
        "departmentid": ("department_id", department),
        "department": ("department_id", department),
        "legalentityid": ("establishment_id", place),
        "legalentity": ("establishment_id", place),
        "managerid": ("manager_id", manager),
        "manager": ("manager_id", manager),
        "cultureid": ("culture_id", _number),
        "birthdate": ("birth_on", _optional(_day)),
        "dtcontractstart": ("starts_on", _day),
        "dtcontractend": ("ends_on", _optional(_day)),
    }


def _optional(read: Read) -> Read:
    return lambda name, value: None if value is None else read(name, value)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise RefusedError(400, f"{name} is a text")
    return value


def _number(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise RefusedError(400, f"{name} is a number")
    return value


def _day(name: str, value: Any) -> date:
    try:
        return datetime.fromisoformat(value).date()
    except (TypeError, ValueError) as error:
        raise RefusedError(400, f"{name} is a date") from error


def _reference(known: Mapping[int, object]) -> Read:
    """An id, or an object with an id."""

    def read(name: str, value: Any) -> int:
        number = _number(name, value.get("id") if isinstance(value, Mapping) else value)
        if number not in known:
            raise RefusedError(400, f"{name}: there is no {number}")
        return number

    return read


def _refuse_taken(call: Call, change: Change, employee: Employee | None) -> None:
    """A login, a mail or a number that another has: undocumented, most likely a 400 with a message [?]."""
    position = call.simulator.switches.duplicate
    place = change.native.get("establishment_id", employee.establishment_id if employee else None)
    for name in ("login", "mail", "employee_number"):
        wanted = change.native.get(name)
        is_its_own = employee is not None and getattr(employee, name) == wanted
        if position == "accept" or not wanted or is_its_own:
            continue
        for other in call.simulator.company.employees.values():
            # The number is unique within an establishment only [D].
            elsewhere = name == "employee_number" and other.establishment_id != place
            if other is not employee and not elsewhere and getattr(other, name) == wanted:
                raise RefusedError(int(position), f"{name} is already used")
