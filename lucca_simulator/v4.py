"""The v4 collections (§2.10 and 2.11 of the evidence): departments, establishments, legal units, work contracts.

No projection: all properties are always there [D]. Pages are numbered from 1, and `fields.root` asks for the
counters of the root.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from functools import partial
from typing import Any
from urllib.parse import urlencode

from lucca_simulator.company import Department, Establishment, LegalUnit
from lucca_simulator.faults import spoil_page
from lucca_simulator.filters import has_words
from lucca_simulator.gate import Answer, Call
from lucca_simulator.occurrences import RefusedError
from lucca_simulator.organization import find_department, tree
from lucca_simulator.resources import Resources

CREATED_AT = "2000-01-01T00:00:00+00:00"
Row = dict[str, Any]


def list_departments(call: Call) -> Answer:
    _refuse_gone(call)
    rows = [_department(call, each) for each in call.simulator.company.departments.values()]
    asks = call.asked("isActive") is not None or call.simulator.switches.inactive_in_v4 == "listed"
    return _page(call, [each for each in rows if asks or each["isActive"]])


def read_department(call: Call) -> Answer:
    _refuse_gone(call)
    return Answer(_department(call, find_department(call)))


def read_tree(call: Call) -> Answer:
    _refuse_gone(call)
    return Answer(tree(call.simulator.company, lambda unit: {"id": unit.id, "name": unit.name}))


def list_establishments(call: Call) -> Answer:
    return _page(call, [_establishment(call, each) for each in call.simulator.company.establishments.values()])


def read_establishment(call: Call) -> Answer:
    return _one(
        call, "Establishment", [_establishment(call, e) for e in call.simulator.company.establishments.values()]
    )


def list_legal_units(call: Call) -> Answer:
    return _page(call, [_legal_unit(each) for each in call.simulator.company.legal_units.values()])


def read_legal_unit(call: Call) -> Answer:
    return _one(call, "LegalUnit", [_legal_unit(each) for each in call.simulator.company.legal_units.values()])


def list_work_contracts(call: Call) -> Answer:
    """The contracts of the people that the key sees; a filter by `ownerId` is likely [?]."""
    return _page(call, list(_work_contracts(call)))


def _refuse_gone(call: Call) -> None:
    if call.simulator.switches.departments_v4 != "alive":
        raise RefusedError(404, "Not found")


def _one(call: Call, name: str, rows: Iterable[Row]) -> Answer:
    number = call.parts["id"]
    found = next((row for row in rows if str(row["id"]) == number), None)
    if found is None:
        raise RefusedError(404, f"Resource {name} with ID {number} not found")
    return Answer(found)


def _page(call: Call, rows: list[Row]) -> Answer:
    """`{items, count, prev, next}`; the three are null unless `fields.root` names them, see the switch.

    Who only counts asks for a page of nobody, `limit=0` [O FRONT].
    """
    page = _number(call, "page", 1, 1, 10**9)
    limit = _number(call, "limit", 10, 0, int(call.simulator.switches.v4_largest_page))
    found = _sorted(call, [row for row in rows if _fits(call, row)])
    start = (page - 1) * limit
    shown = max(0, start - limit) if call.struck.one("duplicated_page") else start
    if unstable := call.struck.one("unstable_order"):
        unstable.chance.shuffle(found)
    items = found[shown : shown + limit]
    spoil_page(call.struck, items)
    counters: dict[str, Any] = {
        "count": len(found),
        "prev": _address(call, page - 1) if page > 1 else None,
        "next": _address(call, page + 1) if limit and start + limit < len(found) else None,
    }
    asked = {each.strip().lower() for each in (call.asked("fields.root") or "").split(",")}
    everything = call.simulator.switches.root_counters == "always"
    root = {name: value if everything or name in asked else None for name, value in counters.items()}
    return Answer({"items": items} | root)


def _number(call: Call, name: str, default: int, least: int, most: int) -> int:
    """10 a page is documented for establishments [D]; the largest page is not documented [?]."""
    text = call.asked(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit()) or not least <= int(text) <= most:
        raise RefusedError(400, f"{name} is a number from {least} to {most}, not {text}")
    return int(text)


def _address(call: Call, page: int) -> str:
    rest = [(name, value) for name, value in call.query if name.lower() != "page"]
    return f"{call.base_url}{call.path}?{urlencode([*rest, ('page', str(page))])}"


def _fits(call: Call, row: Row) -> bool:
    """`id`, `isArchived=true,false` and alike are lists of accepted values; `search` looks into name and code [D]."""
    by_name = {name.lower(): value for name, value in row.items()}
    for name, value in call.query:
        lower = name.lower()
        if lower == "search":
            if not has_words(f"{row.get('name', '')} {row.get('code', '')}", value):
                return False
        elif lower in by_name:
            accepted = {each.strip().casefold() for each in value.split(",")}
            own = by_name[lower]
            if ("null" if own is None else str(own).casefold()) not in accepted:
                return False
    return True


def _sorted(call: Call, rows: list[Row]) -> list[Row]:
    """`sort=legalunit.name,-name`: the case of names does not matter [O FRONT]; descending with a minus [I, as v5]."""
    for path in reversed((call.asked("sort") or "").split(",")):
        if path.strip():
            rank = partial(_rank, path.strip().lstrip("+-"))
            rows = sorted(rows, key=rank, reverse=path.strip().startswith("-"))
    return rows


def _rank(path: str, row: Any) -> tuple[bool, Any]:
    """Empty values come first, texts in no case. Raises RefusedError for what the rows do not have."""
    for step in path.lower().split("."):
        by_name = {name.lower(): value for name, value in row.items()} if isinstance(row, dict) else {}
        row = by_name.get(step, {})
    if isinstance(row, dict):
        raise RefusedError(400, f"{path} has no order")
    return row is not None, row.casefold() if isinstance(row, str) else row or 0


def _department(call: Call, unit: Department) -> Row:
    paths = Resources(call.simulator, call.key, call.base_url)
    filled = call.simulator.switches.parent_lucca_id == "filled"
    return {
        "id": unit.id,
        "name": unit.name,
        "code": unit.code,
        "description": None,
        "parentId": paths.parent_path(unit),
        "parentLuccaId": unit.parent_id if filled else None,
        "hierarchy": paths.hierarchy(unit),
        "isActive": unit.is_active,
        "headId": unit.head_id,
        "createdAt": CREATED_AT,
        "lastModifiedAt": CREATED_AT,
        "sortOrderInSiblings": None,
    }


def _legal_unit(unit: LegalUnit) -> Row:
    return {
        "id": unit.id,
        "name": unit.name,
        "code": unit.code,
        "countryId": unit.country_id,
        "country": {"id": unit.country_id},
        "headquartersId": unit.headquarters_id,
        "createdAt": CREATED_AT,
        "lastModifiedAt": CREATED_AT,
        "isArchived": False,
    }


def _establishment(call: Call, place: Establishment) -> Row:
    company = call.simulator.company
    unit = company.legal_units[place.legal_unit_id]
    people = sum(each.establishment_id == place.id for each in company.employees.values())
    return {
        "id": place.id,
        "name": place.name,
        "code": place.code,
        "legalUnitId": unit.id,
        "legalUnit": {"id": unit.id, "name": unit.name},
        "legalIdentificationNumber": place.number,
        "activityCode": None,
        "calendarId": 1,
        "address": None,
        "timeZoneId": "Europe/Paris",
        "usersCount": people,
        "createdAt": CREATED_AT,
        "lastModifiedAt": CREATED_AT,
        "isArchived": False,
    }


def _day(day: date | None) -> str | None:
    return datetime.combine(day, time()).isoformat() if day else None


def _work_contracts(call: Call) -> Iterable[Row]:
    """Earlier contracts of people who came back, then the current ones."""
    company, today = call.simulator.company, call.simulator.today()
    seen = {each.id: each for each in company.employees.values() if call.key.sees(each, today)}
    number = 0
    for earlier in company.earlier_contracts:
        number += 1
        if earlier.owner_id in seen:
            yield _contract(
                number, earlier.owner_id, earlier.establishment_id, earlier.starts_on, earlier.ends_on, today
            )
    for each in company.employees.values():
        number += 1
        if each.id in seen and each.id not in company.without_contract:
            yield _contract(number, each.id, each.establishment_id, each.starts_on, each.ends_on, today)


def _contract(
    number: int, owner_id: int, establishment_id: int, starts_on: date | None, ends_on: date | None, today: date
) -> Row:
    applies = (starts_on is None or starts_on <= today) and (ends_on is None or ends_on >= today)
    return {
        "id": number,
        "ownerId": owner_id,
        "startsOn": _day(starts_on),
        "endsOn": _day(ends_on),
        "isApplicable": applies,
        "establishmentId": establishment_id,
        "typeId": 1,
        "type": {"id": 1, "name": "CDI"},
        "hiringTypeId": None,
        "terminationReasonId": None,
        "trialPeriodEndDate": None,
        "createdAt": CREATED_AT,
        "lastModifiedAt": CREATED_AT,
    }


ROUTES: tuple[tuple[str, str, Callable[[Call], Answer]], ...] = (
    ("GET", "/organization/structure/api/departments", list_departments),
    ("GET", "/organization/structure/api/departments/tree", read_tree),
    ("GET", "/organization/structure/api/departments/{id}", read_department),
    ("GET", "/organization/structure/api/establishments", list_establishments),
    ("GET", "/organization/structure/api/establishments/{id}", read_establishment),
    ("GET", "/organization/structure/api/legal-units", list_legal_units),
    ("GET", "/organization/structure/api/legal-units/{id}", read_legal_unit),
    ("GET", "/directory/api/4.0/work-contracts", list_work_contracts),
)
