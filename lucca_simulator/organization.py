"""Departments, establishments and roles over v3 (§2.9 of the evidence), the former two near their announced end."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from lucca_simulator.collections_v3 import answer_collection, answer_help, answer_item, answered_fields, envelope
from lucca_simulator.company import Company, Department
from lucca_simulator.gate import Answer, Call, Handler
from lucca_simulator.occurrences import RefusedError
from lucca_simulator.resources import ROLES, Resources

T = TypeVar("T")


def retiring(handler: Handler) -> Handler:
    """Announced to stop from September 2026 [D]; what comes after, 404 or 410, is not known [?]."""

    def handle(call: Call) -> Answer:
        position = call.simulator.switches.departments_v3
        if position.startswith("gone"):
            raise RefusedError(int(position.removeprefix("gone-")), "This resource no longer exists")
        answer = handler(call)
        if position == "deprecated":
            answer.headers.update({"Deprecation": "@1756684800", "Sunset": "Tue, 01 Sep 2026 00:00:00 GMT"})
        return answer

    return handle


def list_departments(call: Call) -> Answer:
    """Active ones only, unless `isActive` is asked for [I]."""
    asks = any(name.lower() == "isactive" for name, _value in call.query)
    found = [each for each in call.simulator.company.departments.values() if asks or each.is_active]
    return answer_collection(call, _resources(call).departments, found, default_limit=_page_size(call))


def read_department(call: Call) -> Answer:
    return answer_item(call, _resources(call).departments, find_department(call))


def help_departments(call: Call) -> Answer:
    return answer_help(call, _resources(call).departments)


def find_department(call: Call) -> Department:
    return _found(call, call.simulator.company.departments, "Department")


def _found(call: Call, things: Mapping[int, T], kind: str) -> T:
    number = call.parts["id"]
    found = things.get(int(number)) if number.isascii() and number.isdigit() else None
    if found is None:
        raise RefusedError(404, f"Resource {kind} with ID {number} not found")
    return found


def read_tree(call: Call) -> Answer:
    """A node shows what `fields` names, else the short form [D sample; FRONT asks for fields here too, O]."""
    show = answered_fields(call, _resources(call).departments)
    return Answer(envelope(call, tree(call.simulator.company, show)))


def tree(company: Company, show: Callable[[Department], dict[str, Any]]) -> dict[str, Any]:
    """Nodes without an own root: `{node: null, children: […]}` [D]; v4 has the same without `data` [O]."""

    def branch(unit: Department) -> dict[str, Any]:
        return {"node": show(unit), "children": [branch(each) for each in company.children(unit.id) if each.is_active]}

    return {"node": None, "children": [branch(each) for each in company.children(None) if each.is_active]}


def list_legal_entities(call: Call) -> Answer:
    """What v3 calls legal entities are the establishments [D]."""
    places = call.simulator.company.establishments.values()
    return answer_collection(call, _resources(call).legal_entities, list(places), default_limit=_page_size(call))


def read_legal_entity(call: Call) -> Answer:
    found = _found(call, call.simulator.company.establishments, "LegalEntity")
    return answer_item(call, _resources(call).legal_entities, found)


def list_roles(call: Call) -> Answer:
    return answer_collection(call, _resources(call).roles, list(ROLES.items()), default_limit=_page_size(call))


def _resources(call: Call) -> Resources:
    return Resources(call.simulator, call.key, call.base_url)


def _page_size(call: Call) -> int:
    """Collections other than users: no documented default; RDD's is 10 [O]."""
    return int(call.simulator.switches.page_size_elsewhere)
