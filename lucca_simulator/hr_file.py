"""The screens about people: the list of collaborators, a collaborator's file, departments.

They demonstrate and prove nothing about Lucca. They need no account, and say on every page what they are.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from lucca_simulator.company import Company, Department, Employee
from lucca_simulator.custom_data import Definition
from lucca_simulator.drafts import Form, one
from lucca_simulator.life import hire
from lucca_simulator.names import without_accents
from lucca_simulator.occurrences import Occurrence
from lucca_simulator.pages import Show, page, screens, seen_at
from lucca_simulator.resources import CULTURES
from lucca_simulator.simulator import Simulator

PEOPLE_PER_PAGE = 50
STATES = {"present": "Present or arriving", "former": "Left", "all": "Everyone"}


@dataclass(frozen=True, slots=True)
class Datum:
    """A datum of a file as it is laid out: rows of cells, one row for each occurrence."""

    definition: Definition
    rows: list[list[Any]]


def hr_file_routes(simulator: Simulator) -> list[BaseRoute]:
    table: tuple[tuple[str, str, Show], ...] = (
        ("GET", "/", lambda _it, _request, _form: seen_at("/collaborators")),
        ("GET", "/collaborators", _list),
        ("GET", "/collaborators/new", _new),
        ("POST", "/collaborators/new", _add),
        ("GET", "/collaborators/{id:int}", _file),
        ("POST", "/collaborators/{id:int}/move", _move),
        ("POST", "/collaborators/{id:int}/end", _end),
        ("POST", "/collaborators/{id:int}/return", _bring_back),
        ("GET", "/departments", _departments),
        ("POST", "/departments/{id:int}", _rename),
    )
    return screens(simulator, table)


def _list(simulator: Simulator, request: Request, _form: Form) -> Response:
    company, today = simulator.company, simulator.today()
    search = request.query_params.get("search", "").strip()
    state = request.query_params.get("state", "present")
    department = request.query_params.get("department", "")
    sought = _folded(search).split()
    found = [
        each
        for each in company.employees.values()
        if (state == "all" or each.has_left(today) == (state == "former"))
        and (not department or str(each.department_id) == department)
        and all(word in _folded(f"{each.name} {each.mail or ''}") for word in sought)
    ]
    found.sort(key=lambda each: (_folded(each.last_name), _folded(each.first_name), each.id))
    number = request.query_params.get("page", "1")
    last = max(1, -(-len(found) // PEOPLE_PER_PAGE))
    current = min(max(1, int(number) if number.isascii() and number.isdigit() else 1), last)
    shown = found[(current - 1) * PEOPLE_PER_PAGE : current * PEOPLE_PER_PAGE]
    return page(
        "collaborators.html",
        {
            "people": shown,
            "total": len(found),
            "current": current,
            "last": last,
            "query": {"search": search, "state": state, "department": department},
            "states": STATES,
            "company": company,
            "tree": _tree(company),
            "today": today,
        },
    )


@lru_cache(maxsize=10_000)
def _folded(text: str) -> str:
    """For searching: accents and case do not matter, other scripts stay as they are."""
    return without_accents(text) if text.isascii() else f"{text.casefold()} {without_accents(text)}"


def _tree(company: Company, parent_id: int | None = None, level: int = 0) -> list[tuple[int, Department]]:
    """Active departments in their order, each with its depth."""
    found: list[tuple[int, Department]] = []
    for each in company.children(parent_id):
        if each.is_active:
            found += [(level, each), *_tree(company, each.id, level + 1)]
    return found


def _employee(simulator: Simulator, request: Request) -> Employee:
    found = simulator.company.employees.get(request.path_params["id"])
    if found is None:
        raise HTTPException(404)
    return found


def _file(simulator: Simulator, request: Request, _form: Form) -> Response:
    return _show_file(simulator, _employee(simulator, request))


def _show_file(simulator: Simulator, employee: Employee, problem: str = "") -> Response:
    company, today = simulator.company, simulator.today()
    sections = {
        number: (name, [Datum(each, laid_out(each, employee)) for each in company.catalogue.in_section(number)])
        for number, name in company.catalogue.sections.items()
    }
    context = {
        "employee": employee,
        "company": company,
        "sections": sections,
        "tree": _tree(company),
        "cultures": CULTURES,
        "today": today,
        "yesterday": today - timedelta(days=1),
        "problem": problem,
    }
    return page("file.html", context, 422 if problem else 200)


def laid_out(definition: Definition, employee: Employee) -> list[list[Any]]:
    """One row for each occurrence, one cell for each sub-field; sorted by the sort data."""
    occurrences = (employee.custom or {}).get(definition.code, [])
    if definition.kind != "compound":
        entries = {each.id: each.name for each in definition.entries}
        return [[entries.get(each.value, each.value)] for each in occurrences]

    def cell(occurrence: Occurrence, code: str) -> Any:
        sub = occurrence.value.get(code)
        return sub.value if sub else ""

    if definition.sort_code:
        sort_code = definition.sort_code
        occurrences = sorted(occurrences, key=lambda each: str(cell(each, sort_code)).casefold())
    return [[cell(each, sub.code) for sub in definition.subfields] for each in occurrences]


def _new(simulator: Simulator, _request: Request, form: Form) -> Response:
    return _show_new(simulator, form, {})


def _show_new(simulator: Simulator, form: Form, problems: dict[str, str]) -> Response:
    typed = {name: one(form, name) for name in ("first_name", "last_name", "mail", "department_id", "starts_on")}
    typed["starts_on"] = typed["starts_on"] or simulator.today().isoformat()
    context = {"typed": typed, "problems": problems, "tree": _tree(simulator.company)}
    return page("new_collaborator.html", context, 422 if problems else 200)


def _add(simulator: Simulator, _request: Request, form: Form) -> Response:
    starts_on = read_day(one(form, "starts_on"))
    department = _department(simulator.company, one(form, "department_id"))
    problems = {}
    if not one(form, "first_name"):
        problems["first_name"] = "Give a first name."
    if not one(form, "last_name"):
        problems["last_name"] = "Give a last name."
    if starts_on is None:
        problems["starts_on"] = "Give a date."
    if department is None:
        problems["department_id"] = "Choose a department."
    if problems or department is None:
        return _show_new(simulator, form, problems)
    employee = hire(
        simulator.company,
        simulator.clock,
        first_name=one(form, "first_name"),
        last_name=one(form, "last_name"),
        mail=one(form, "mail") or None,
        department_id=department.id,
        starts_on=starts_on,
    )
    return seen_at(f"/collaborators/{employee.id}")


def read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _department(company: Company, text: str) -> Department | None:
    return company.departments.get(int(text)) if text.isascii() and text.isdigit() else None


def _move(simulator: Simulator, request: Request, form: Form) -> Response:
    employee = _employee(simulator, request)
    department = _department(simulator.company, one(form, "department_id"))
    if department is None:
        return _show_file(simulator, employee, "Choose a department.")
    simulator.company.move(employee, department.id, simulator.clock.local())
    return seen_at(f"/collaborators/{employee.id}")


def _end(simulator: Simulator, request: Request, form: Form) -> Response:
    employee, on = _employee(simulator, request), read_day(one(form, "on"))
    if on is None:
        return _show_file(simulator, employee, "Give the last day of the contract.")
    simulator.company.end(employee, on, simulator.clock.local())
    return seen_at(f"/collaborators/{employee.id}")


def _bring_back(simulator: Simulator, request: Request, form: Form) -> Response:
    employee, on = _employee(simulator, request), read_day(one(form, "on"))
    if on is None:
        return _show_file(simulator, employee, "Give the first day of the new contract.")
    back = simulator.company.bring_back(employee, on, simulator.clock.local(), simulator.switches.rehire)
    return seen_at(f"/collaborators/{back.id}")


def _departments(simulator: Simulator, _request: Request, _form: Form) -> Response:
    return _show_departments(simulator, {})


def _show_departments(simulator: Simulator, problems: dict[int, str]) -> Response:
    company, today = simulator.company, simulator.today()
    members: dict[int, int] = {}
    for each in company.employees.values():
        if not each.has_left(today):
            members[each.department_id] = members.get(each.department_id, 0) + 1
    context = {"tree": _tree(company), "members": members, "company": company, "problems": problems}
    return page("departments.html", context, 422 if problems else 200)


def _rename(simulator: Simulator, request: Request, form: Form) -> Response:
    department = simulator.company.departments.get(request.path_params["id"])
    if department is None:
        raise HTTPException(404)
    if not one(form, "name"):
        return _show_departments(simulator, {department.id: "A department needs a name."})
    department.name = one(form, "name")
    return seen_at("/departments")
