"""The screens under Settings: HR File, Data management, API keys, with the words of the founding document."""

from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from lucca_simulator.drafts import (
    KINDS,
    Draft,
    Form,
    SubfieldDraft,
    one,
    problems_of_data,
    problems_of_place,
    read_draft,
)
from lucca_simulator.pages import Show, page, screens, seen_at
from lucca_simulator.rights import PERMISSION, Key, new_secret
from lucca_simulator.simulator import Simulator

MANAGEMENT = "/settings/data-management"


def settings_routes(simulator: Simulator) -> list[BaseRoute]:
    table: tuple[tuple[str, str, Show], ...] = (
        ("GET", "/settings", lambda _it, _request, _form: page("settings.html", {})),
        ("GET", "/settings/hr-file", _sections),
        ("POST", "/settings/hr-file", _add_section),
        ("POST", "/settings/hr-file/{id:int}/{way}", _move_section),
        ("GET", MANAGEMENT, _data),
        ("GET", f"{MANAGEMENT}/new", lambda it, _request, _form: _step(it, Draft(), 1)),
        ("POST", f"{MANAGEMENT}/new", _define),
        ("GET", "/settings/api-keys", _keys),
        ("POST", "/settings/api-keys", _generate_key),
        ("GET", "/settings/api-keys/{name}", _key),
        ("POST", "/settings/api-keys/{name}", _change_key),
    )
    return screens(simulator, table)


def _sections(simulator: Simulator, request: Request, _form: Form) -> Response:
    return _show_sections(simulator, adding="add" in request.query_params, problem="")


def _show_sections(simulator: Simulator, *, adding: bool, problem: str) -> Response:
    context = {"catalogue": simulator.company.catalogue, "adding": adding, "problem": problem}
    return page("sections.html", context, 422 if problem else 200)


def _add_section(simulator: Simulator, _request: Request, form: Form) -> Response:
    catalogue = simulator.company.catalogue
    name = one(form, "name")
    if not name:
        return _show_sections(simulator, adding=True, problem="Give the section a name.")
    if name.casefold() in {each.casefold() for each in catalogue.sections.values()}:
        return _show_sections(simulator, adding=True, problem="There is a section of that name.")
    catalogue.add_section(name)
    return seen_at("/settings/hr-file")


def _move_section(simulator: Simulator, request: Request, _form: Form) -> Response:
    catalogue, number = simulator.company.catalogue, request.path_params["id"]
    if number not in catalogue.sections:
        raise HTTPException(404)
    catalogue.move_section(number, up=request.path_params["way"] == "up")
    return seen_at("/settings/hr-file")


def _data(simulator: Simulator, _request: Request, _form: Form) -> Response:
    words = KINDS | {"compound": "Compound data", "list": "List"}
    return page("data.html", {"catalogue": simulator.company.catalogue, "kinds": words})


def _step(simulator: Simulator, draft: Draft, step: int) -> Response:
    context = {"draft": draft, "step": step, "kinds": KINDS, "sections": simulator.company.catalogue.sections}
    return page("new_data.html", context, 422 if draft.problems else 200)


def _define(simulator: Simulator, _request: Request, form: Form) -> Response:
    """Each press of a button sends the whole draft; which button it was decides what comes next."""
    catalogue = simulator.company.catalogue
    draft, action = read_draft(form), one(form, "action")
    if action in {"type", "data"}:
        return _step(simulator, draft, 1 if action == "type" else 2)
    if action == "add" or action.startswith("remove"):
        return _step(simulator, _edited(draft, action), 2)
    if problems := problems_of_data(draft, catalogue):
        return _step(simulator, replace(draft, problems=problems), 2)
    if action != "save":
        return _step(simulator, draft, 3)
    if problems := problems_of_place(draft, catalogue):
        return _step(simulator, replace(draft, problems=problems), 3)
    catalogue.define(draft.definition())
    return seen_at(MANAGEMENT)


def _edited(draft: Draft, action: str) -> Draft:
    """One sub-field more, or one less."""
    if action == "add":
        return replace(draft, subfields=(*draft.subfields, SubfieldDraft("", "", "text")))
    gone = action.removeprefix("remove")
    return replace(draft, subfields=tuple(each for n, each in enumerate(draft.subfields) if str(n) != gone))


def _keys(simulator: Simulator, _request: Request, _form: Form) -> Response:
    return _show_keys(simulator, "")


def _show_keys(simulator: Simulator, problem: str) -> Response:
    context = {"keys": simulator.keys.keys, "problem": problem, "permission": PERMISSION}
    return page("keys.html", context, 422 if problem else 200)


def _generate_key(simulator: Simulator, _request: Request, form: Form) -> Response:
    name = one(form, "name")
    if not name or "/" in name:
        return _show_keys(simulator, "Give the key a name, without a slash.")
    if simulator.keys.named(name):
        return _show_keys(simulator, "There is a key of that name.")
    key = Key(name, new_secret(), may_use_collaborators=bool(one(form, "may_use_collaborators")))
    simulator.keys.keys.append(key)
    return page("key.html", _key_context(simulator, key) | {"is_new": True})


def _key_context(simulator: Simulator, key: Key) -> dict[str, object]:
    company = simulator.company
    return {
        "key": key,
        "is_new": False,
        "permission": PERMISSION,
        "sections": company.catalogue.sections,
        "establishments": company.establishments,
    }


def _found_key(simulator: Simulator, request: Request) -> Key:
    key = simulator.keys.named(request.path_params["name"])
    if key is None:
        raise HTTPException(404)
    return key


def _key(simulator: Simulator, request: Request, _form: Form) -> Response:
    return page("key.html", _key_context(simulator, _found_key(simulator, request)))


def _change_key(simulator: Simulator, request: Request, form: Form) -> Response:
    """Every box ticked means all, also of what will be added later."""
    key = _found_key(simulator, request)
    company = simulator.company
    key.may_use_collaborators = bool(one(form, "may_use_collaborators"))
    key.sees_former = bool(one(form, "sees_former"))
    key.sees_future = bool(one(form, "sees_future"))
    key.read_sections = _chosen(form, "read_sections", set(company.catalogue.sections))
    key.write_sections = _chosen(form, "write_sections", set(company.catalogue.sections))
    key.establishments = _chosen(form, "establishments", set(company.establishments))
    return seen_at("/settings/api-keys")


def _chosen(form: Form, name: str, everything: set[int]) -> set[int] | None:
    chosen = {number for number in everything if str(number) in form.get(name, ())}
    return None if chosen == everything else chosen
