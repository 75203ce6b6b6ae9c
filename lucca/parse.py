"""Lucca's JSON, its keys already in lower case, into frozen values. Pure, patient with every oddity known.

It never guesses: what cannot be read for certain is None, and someone without an id spoils the page.
"""

import re
from datetime import date
from functools import lru_cache
from typing import Annotated, Any

import msgspec

from lucca.errors import Incomplete
from lucca.resources import Employee, EmployeePage, FieldDefinition, FieldKind
from lucca.wire import PAGE, items, misshapen

# The low ten bits of a Windows LCID name the language: [MS-LCID]; 1036 and 58380 are both French.
_LANGUAGES = {0x07: "de", 0x09: "en", 0x0A: "es", 0x0C: "fr", 0x10: "it", 0x13: "nl", 0x16: "pt"}
# Lucca writes a year up to the first for "since ever" and the last for "for ever".
_SINCE_EVER, _FOR_EVER = 1900, 9999
# `type` of userproperties counts the kinds in their order: DOC user-properties.
_KINDS = dict(enumerate(FieldKind))


class _Named(msgspec.Struct, forbid_unknown_fields=True):
    id: int | str
    name: str | None = None


class _AskedEmployee(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """A person with the fields of `wire.EMPLOYEE_FIELDS`, spelt as they were asked for."""

    id: int | str
    first_name: str | None
    last_name: str | None
    mail: str | None
    department: _Named | None
    culture: _Named | None
    dt_contract_start: str | None
    dt_contract_end: str | None


class _AskedCollection(msgspec.Struct, forbid_unknown_fields=True):
    items: list[_AskedEmployee]
    count: Annotated[int, msgspec.Meta(ge=0)] | None = None


class AskedPage(msgspec.Struct):
    """A page of people that is exactly as asked for, which costs a quarter of the time to read."""

    data: _AskedCollection


def employee_page(found: Any, *, offset: int, limit: int) -> EmployeePage:
    """A page of people, from JSON or from an AskedPage, and the offset of the next one while there is one."""
    if isinstance(found, AskedPage):
        employees, count = tuple(map(_asked_employee, found.data.items)), found.data.count
    else:
        listed, count = items(found)
        employees = tuple(map(employee, listed))
    return EmployeePage(employees, count, next_offset(offset, len(employees), limit, count))


def next_offset(offset: int, length: int, limit: int, count: int | None) -> int | None:
    """Where a collection goes on after a page of `length` items; None at its end."""
    reached = offset + length
    if count is None or reached > count:
        # A count that leaves some out, those who left perhaps, ends nothing: only a page that is not full does.
        return reached if length >= limit else None
    if reached == count:
        return None
    if not length:
        # Nothing where the count says there is more: going on would never end, stopping would lose people.
        raise Incomplete(counted=count, shown=reached)
    return reached


def employee(item: Any) -> Employee:
    """A person of v3: every field but the id may be missing."""
    if not isinstance(item, dict) or (lucca_id := identifier(item.get("id"))) is None:
        raise misshapen(item)
    department_id, department_name = _reference(item, "department")
    return Employee(
        lucca_id=lucca_id,
        first_name=text(item.get("firstname")) or "",
        last_name=text(item.get("lastname")) or "",
        email=text(item.get("mail")),
        department_id=department_id,
        department_name=department_name,
        contract_start_on=day(item.get("dtcontractstart")),
        contract_end_on=day(item.get("dtcontractend")),
        culture=culture(item),
    )


def _asked_employee(one: _AskedEmployee) -> Employee:
    """The same person as `employee` makes of the same JSON."""
    if (lucca_id := _asked_id(one.id)) is None:
        raise misshapen(msgspec.to_builtins(one))
    code = _asked_id(one.culture.id) if one.culture else None
    return Employee(
        lucca_id=lucca_id,
        first_name=(one.first_name or "").strip(),
        last_name=(one.last_name or "").strip(),
        email=_asked_text(one.mail),
        department_id=_asked_id(one.department.id) if one.department else None,
        department_name=_asked_text(one.department.name) if one.department else None,
        contract_start_on=_asked_day(one.dt_contract_start),
        contract_end_on=_asked_day(one.dt_contract_end),
        culture=_language(code) if code else None,
    )


def _asked_id(value: int | str) -> str | None:
    return str(value) if isinstance(value, int) else _asked_text(value)


def _asked_text(value: str | None) -> str | None:
    """As `text`, for an answer without escapes: nothing in it is such that no database stores it."""
    return (value and value.strip()) or None


@lru_cache(maxsize=4096)
def _asked_day(value: str | None) -> date | None:
    return day(value)


def _reference(item: dict[str, Any], name: str) -> tuple[str | None, str | None]:
    """The id and the name of what an item points to, be it an object or a bare id."""
    target = item.get(name)
    if isinstance(target, dict):
        return identifier(target.get("id")), text(target.get("name"))
    return identifier(item.get(f"{name}id")), None


def identifier(value: Any) -> str | None:
    """An id as text, so that numbers of v3 and strings of v5 compare."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return text(value)


def text(value: Any) -> str | None:
    """A text without blanks at its ends; None when nothing is left. What no database stores is dropped."""
    if not isinstance(value, str):
        return None
    if value.isascii() and value.isprintable():
        return value.strip() or None
    storable = value.replace("\x00", "").encode(errors="replace").decode()
    return storable.strip() or None


def day(value: Any) -> date | None:
    """The day of Lucca's local date and time, which has no zone; None for the years that mean "no date"."""
    if not isinstance(value, str):
        return None
    try:
        found = date.fromisoformat(value[:10])
    except ValueError:
        return None
    return found if _SINCE_EVER < found.year < _FOR_EVER else None


def culture(item: dict[str, Any]) -> str | None:
    """A person's language as `fr`, `en`…, from a Windows language number or a code such as `fr-FR`."""
    code, _ = _reference(item, "culture")
    return None if code is None else _language(code)


@lru_cache
def _language(code: str) -> str | None:
    if code.isdecimal():
        return _LANGUAGES.get(int(code) & 0x3FF)
    found = re.match(r"[A-Za-z]{2,3}(?=[-_]|$)", code)
    return found[0].lower() if found else None


def field_definitions(decoded: Any, *, offset: int) -> tuple[tuple[FieldDefinition, ...], int | None]:
    """A page of what Lucca says of its data, and the offset of the next page while there is one."""
    found, count = items(decoded)
    definitions = []
    for item in found:
        if not isinstance(item, dict) or (code := text(item.get("id"))) is None:
            raise misshapen(item)
        format_key = item.get("format")
        kind, is_multiple, is_read_only = (item.get(name) for name in ("type", "ismultivalue", "isreadonly"))
        definitions.append(
            FieldDefinition(
                code=code,
                name=text(item.get("name")),
                kind=_KINDS.get(kind) if isinstance(kind, int) and not isinstance(kind, bool) else None,
                format_key=text(format_key.get("key") if isinstance(format_key, dict) else item.get("formatkey")),
                is_multiple=is_multiple if isinstance(is_multiple, bool) else None,
                is_read_only=is_read_only if isinstance(is_read_only, bool) else None,
            )
        )
    return tuple(definitions), next_offset(offset, len(found), PAGE, count)
