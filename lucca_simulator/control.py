"""`/_simulator/`: the remote control of the simulator, in JSON.

Not part of Lucca: free of budget, key and journal.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from lucca_simulator.company import Company, Employee
from lucca_simulator.custom_data import define_trainings
from lucca_simulator.filters import moment
from lucca_simulator.life import hire
from lucca_simulator.pages import is_foreign
from lucca_simulator.simulator import Simulator

Act = Callable[[Simulator, dict[str, Any], dict[str, str]], Any]
EDITABLE_DATES = ("starts_on", "ends_on", "birth_on")
EDITABLE = (
    "first_name", "last_name", "mail", "login", "employee_number", "department_id", "establishment_id",
    "manager_id", "culture_id", "gender", "job_title", *EDITABLE_DATES,
)  # fmt: skip
LISTED_RIGHTS = ("read_sections", "write_sections", "establishments")
RIGHTS = ("may_use_collaborators", "sees_former", "sees_future", *LISTED_RIGHTS)
RESETTABLE = (
    "employees",
    "departments",
    "seed",
    "with_faults",
    "with_trainings",
    "calls_per_minute",
    "window_seconds",
)


def control_routes(simulator: Simulator) -> list[BaseRoute]:
    acts: tuple[tuple[str, str, Act], ...] = (
        ("GET", "state", lambda it, _sent, _parts: it.state()),
        ("GET", "journal", lambda it, _sent, _parts: {"calls": it.journal()}),
        ("POST", "reset", _reset),
        ("GET", "faults", lambda it, _sent, _parts: {"faults": [each.shown() for each in it.troubles]}),
        ("POST", "faults", _add_faults),
        ("DELETE", "faults", _clear_faults),
        ("GET", "switches", lambda it, _sent, _parts: asdict(it.switches)),
        ("POST", "switches", _set_switches),
        ("GET", "settings", lambda it, _sent, _parts: it.settings() | asdict(it.limits)),
        ("POST", "settings", _set_settings),
        (
            "GET",
            "employees",
            lambda it, _sent, _parts: {"employees": [shown(e) for e in it.company.employees.values()]},
        ),
        ("POST", "employees", _add_employee),
        ("GET", "employees/{id:int}", lambda it, _sent, parts: shown(_employee(it.company, parts))),
        ("PATCH", "employees/{id:int}", _change_employee),
        ("POST", "employees/{id:int}/end", _end_employee),
        ("POST", "employees/{id:int}/return", _bring_back_employee),
        ("GET", "departments", _departments),
        ("PATCH", "departments/{id:int}", _change_department),
        ("PATCH", "keys/{name}", _change_key),
        ("POST", "trainings", _define_trainings),
    )
    return [Route(f"/_simulator/{path}", _endpoint(simulator, act), methods=[verb]) for verb, path, act in acts]


def _endpoint(simulator: Simulator, act: Act) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> JSONResponse:
        received = await request.body()
        if is_foreign(request):
            return JSONResponse({"error": "a page of another site may not do this"}, 403)
        try:
            sent = _object(received)
            with simulator.lock:
                return JSONResponse(act(simulator, sent, request.path_params))
        except LookupError as missing:
            return JSONResponse({"error": str(missing.args[0])}, 404)
        except (ValueError, TypeError) as refused:
            return JSONResponse({"error": str(refused)}, 400)

    return endpoint


def _object(received: bytes) -> dict[str, Any]:
    sent = json.loads(received) if received else {}
    if not isinstance(sent, dict):
        raise TypeError("what is sent is a JSON object")
    return sent


def _reset(simulator: Simulator, sent: dict[str, Any], _parts: dict[str, str]) -> Any:
    if strangers := set(sent) - set(RESETTABLE):
        raise ValueError(f"a reset takes {', '.join(RESETTABLE)}, not {', '.join(sorted(strangers))}")
    simulator.reset(**sent)
    return simulator.state()


def _add_faults(simulator: Simulator, sent: dict[str, Any], _parts: dict[str, str]) -> Any:
    simulator.faults(**sent)
    return {"faults": [each.shown() for each in simulator.troubles]}


def _clear_faults(simulator: Simulator, _sent: dict[str, Any], _parts: dict[str, str]) -> Any:
    simulator.clear_faults()
    return {"faults": []}


def _set_switches(simulator: Simulator, sent: dict[str, Any], _parts: dict[str, str]) -> Any:
    simulator.switch(**sent)
    return asdict(simulator.switches)


def _set_settings(simulator: Simulator, sent: dict[str, Any], _parts: dict[str, str]) -> Any:
    simulator.set_settings(sent)
    return simulator.settings() | asdict(simulator.limits)


def shown(employee: Employee) -> dict[str, Any]:
    """An employee in the words of the control, dates as days."""
    values = {name: getattr(employee, name) for name in ("id", *EDITABLE)}
    for name in EDITABLE_DATES:
        values[name] = values[name].isoformat() if values[name] else None
    return values | {"modified_at": moment(employee.modified_at)}


def _employee(company: Company, parts: dict[str, str]) -> Employee:
    found = company.employees.get(int(parts["id"]))
    if found is None:
        raise LookupError("there is no such employee")
    return found


def _edited(company: Company, sent: dict[str, Any]) -> dict[str, Any]:
    """What was sent, dates read and references checked. Raises ValueError."""
    if strangers := set(sent) - set(EDITABLE):
        raise ValueError(f"an employee has no {', '.join(sorted(strangers))}; it has {', '.join(EDITABLE)}")
    read = {
        name: date.fromisoformat(value) if name in EDITABLE_DATES and value else value for name, value in sent.items()
    }
    for name, known in (("department_id", company.departments), ("establishment_id", company.establishments)):
        if name in read and read[name] not in known:
            raise ValueError(f"there is no {name} {read[name]}")
    return read


def _add_employee(simulator: Simulator, sent: dict[str, Any], _parts: dict[str, str]) -> Any:
    return shown(hire(simulator.company, simulator.clock, **_edited(simulator.company, sent)))


def _change_employee(simulator: Simulator, sent: dict[str, Any], parts: dict[str, str]) -> Any:
    employee = _employee(simulator.company, parts)
    for name, value in _edited(simulator.company, sent).items():
        setattr(employee, name, value)
    employee.modified_at = simulator.clock.local()
    return shown(employee)


def _departments(simulator: Simulator, _sent: dict[str, Any], _parts: dict[str, str]) -> Any:
    return {"departments": [asdict(each) for each in simulator.company.departments.values()]}


def _change_department(simulator: Simulator, sent: dict[str, Any], parts: dict[str, str]) -> Any:
    department = simulator.company.departments.get(int(parts["id"]))
    if department is None:
        raise LookupError("there is no such department")
    _change(department, sent, ("name", "code", "is_active", "head_id"))
    return asdict(department)


def _change_key(simulator: Simulator, sent: dict[str, Any], parts: dict[str, str]) -> Any:
    """Give or take rights; a list of sections or establishments narrows, null means all of them."""
    key = simulator.keys.named(parts["name"])
    if key is None:
        raise LookupError("there is no such key")
    _change(key, {name: _right(name, value) for name, value in sent.items()}, RIGHTS)
    return {name: _listed(getattr(key, name)) for name in ("name", *RIGHTS)}


def _right(name: str, value: Any) -> Any:
    """A yes or no, or a set of ids. Raises ValueError."""
    if name in LISTED_RIGHTS:
        if value is None or (isinstance(value, list) and all(type(each) is int for each in value)):
            return value if value is None else set(value)
        raise ValueError(f"{name} is a list of ids, or null for all")
    if not isinstance(value, bool):
        raise ValueError(f"{name} is true or false")  # noqa: TRY004  # answered like any bad value
    return value


def _listed(value: Any) -> Any:
    return sorted(value) if isinstance(value, set) else value


def _change(thing: object, sent: dict[str, Any], changeable: tuple[str, ...]) -> None:
    if strangers := set(sent) - set(changeable):
        raise ValueError(f"{', '.join(changeable)} can be changed, not {', '.join(sorted(strangers))}")
    for name, value in sent.items():
        setattr(thing, name, value)


def _define_trainings(simulator: Simulator, sent: dict[str, Any], _parts: dict[str, str]) -> Any:
    return asdict(define_trainings(simulator.company.catalogue, **sent))


def _day(sent: dict[str, Any], otherwise: date) -> date:
    return date.fromisoformat(sent["on"]) if sent.get("on") else otherwise


def _end_employee(simulator: Simulator, sent: dict[str, Any], parts: dict[str, str]) -> Any:
    """The contract ends `on` that day, yesterday when nothing is said, so that the person has left."""
    employee = _employee(simulator.company, parts)
    day = _day(sent, simulator.today() - timedelta(days=1))
    simulator.company.end(employee, day, simulator.clock.local())
    return shown(employee)


def _bring_back_employee(simulator: Simulator, sent: dict[str, Any], parts: dict[str, str]) -> Any:
    employee = _employee(simulator.company, parts)
    day, at = _day(sent, simulator.today()), simulator.clock.local()
    return shown(simulator.company.bring_back(employee, day, at, simulator.switches.rehire))
