"""Occurrences of the compound datum as Lucca writes them: reading them in every form, and filling them in.

Pure. Keys are found in any casing and kept as they are, for what is read must be sent back unchanged.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import msgspec

from lucca.parse import identifier
from lucca.resources import EmployeeRows, FieldCodes, FieldRow, LinkShape, RowShape, SubfieldShape, WantedRow
from lucca.wire import USERS, Request, misshapen

READ_TOGETHER = 40  # people whose rows one call reads, so that the answer stays within Lucca's five seconds
PROJECTION = "id,extendedData"


def read_request(lucca_ids: Sequence[str]) -> Request:
    """The custom data of up to forty people, also of those who left."""
    if not 0 < len(lucca_ids) <= READ_TOGETHER:
        raise ValueError(f"rows are read for 1 to {READ_TOGETHER} people in one call")
    query = (
        ("fields", PROJECTION),
        ("id", ",".join(lucca_ids)),
        ("formerEmployees", "true"),
        ("orderBy", "id,asc"),
        ("paging", f"0,{len(lucca_ids)}"),
    )
    return Request(USERS, query)


def write_request(lucca_id: str, code: str, occurrences: Sequence[Any]) -> Request:
    """A write of the whole array. The code stands at the root: under `extendedData` Lucca ignores it."""
    body = msgspec.json.encode({code: occurrences})
    return Request(f"{USERS}/{quote(lucca_id, safe='')}", (("fields", PROJECTION),), method="PUT", body=body)


def read(decoded: Any, codes: FieldCodes) -> dict[str, EmployeeRows]:
    """Everyone's rows by Lucca id, out of a list of people or the answer to a write.

    No value, an empty one and one that the key may not see look the same: no rows.
    """
    found = member(decoded, "data")
    if isinstance(listed := member(found, "items"), list):
        people = listed
    elif isinstance(found, dict):
        people = [found]
    else:
        raise misshapen(decoded)
    everyone = {}
    for person in people:
        if (lucca_id := identifier(member(person, "id"))) is None:
            raise misshapen(person)
        raws = _as_list(member(member(person, "extendeddata"), codes.compound))
        rows = tuple(_row(raw) for raw in raws)
        everyone[lucca_id] = EmployeeRows(lucca_id, rows, _shape(raws, codes))
    return everyone


def member(value: Any, name: str) -> Any:
    """The member of that name in any casing; None where there is none."""
    key = key_of(value, name)
    return None if key is None else value[key]


def key_of(value: Any, name: str) -> str | None:
    if not isinstance(value, dict):
        return None
    return name if name in value else next((key for key in value if key.lower() == name.lower()), None)


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _row(raw: Any) -> FieldRow:
    inner = member(raw, "value")
    values = {code.lower(): as_text(held) for code, held in inner.items()} if isinstance(inner, dict) else {}
    return FieldRow(identifier(member(raw, "id")), values, raw)


def as_text(held: Any) -> str:
    """What a sub-field says, in whichever form it stands: `{id, value}`, `{value}`, bare, or a link's object."""
    scalar = unwrapped(held)
    if isinstance(scalar, dict):
        scalar = member(scalar, "url")
    if isinstance(scalar, bool):
        return str(scalar).lower()
    return "" if scalar is None or isinstance(scalar, dict | list) else str(scalar).strip()


def unwrapped(held: Any) -> Any:
    key = key_of(held, "value")
    return held if key is None else held[key]


def _shape(raws: Sequence[Any], codes: FieldCodes) -> RowShape:
    """The form of occurrences as far as these show it; foreign ones teach as well as our own."""
    subfield: SubfieldShape | None = None
    link: LinkShape | None = None
    for raw in raws:
        inner = member(raw, "value")
        for code, held in inner.items() if isinstance(inner, dict) else ():
            if held is None:
                continue
            subfield = SubfieldShape.BARE if key_of(held, "value") is None else SubfieldShape.OBJECT
            if code.lower() == codes.link.lower() and as_text(held):
                link = LinkShape.OBJECT if isinstance(unwrapped(held), dict) else LinkShape.TEXT
    return RowShape(subfield, link)


def merged(first: RowShape, second: RowShape | None) -> RowShape:
    """What is known of the form: what was seen now, and where nothing was, what is remembered."""
    if second is None:
        return first
    return RowShape(first.subfield or second.subfield, first.link or second.link)


def texts(wanted: WantedRow, codes: FieldCodes) -> dict[str, str]:
    """What a row should say, by sub-field code."""
    said = (wanted.title, wanted.link, wanted.progress, wanted.score, wanted.completed_on)
    return dict(zip(codes.subfields, said, strict=True))


def says(row: FieldRow, wanted: WantedRow, codes: FieldCodes) -> bool:
    """Whether the row says all that is wanted already."""
    return all(
        same_link(row.values.get(code.lower(), ""), value)
        if code == codes.link
        else same_text(row.values.get(code.lower(), ""), value)
        for code, value in texts(wanted, codes).items()
    )


def same_text(one: str, other: str) -> bool:
    """Equal but for the kind and number of blanks: the no-break space of "60 %" may come back as another."""
    return one.split() == other.split()


def same_link(one: str, other: str) -> bool:
    return _link_key(one) == _link_key(other)


def _link_key(link: str) -> tuple[str, ...]:
    try:
        parts = urlsplit(unquote(link.strip()))
    except ValueError:
        return (link.strip(),)
    return (parts.scheme.lower(), parts.netloc.lower(), parts.path.rstrip("/"), parts.query, parts.fragment)


def new_occurrence(wanted: WantedRow, codes: FieldCodes, shape: RowShape) -> dict[str, Any]:
    """An occurrence without an id, which creates it."""
    filled = {code: _new(code, value, wanted, codes, shape) for code, value in texts(wanted, codes).items()}
    return {"value": filled}


def _new(code: str, value: str, wanted: WantedRow, codes: FieldCodes, shape: RowShape) -> Any:
    is_object = code == codes.link and shape.link is LinkShape.OBJECT
    scalar = {"url": value, "label": wanted.title} if is_object else value
    return scalar if shape.subfield is SubfieldShape.BARE else {"value": scalar}


def changed_occurrence(raw: Mapping[str, Any], wanted: WantedRow, codes: FieldCodes, shape: RowShape) -> dict[str, Any]:
    """The occurrence as it was read, its ids included, with what differs put in its place."""
    value_key = key_of(raw, "value") or "value"
    inner = dict(raw[value_key])
    for code, value in texts(wanted, codes).items():
        key = key_of(inner, code)
        if key is None or inner[key] is None:
            inner[key or code] = _new(code, value, wanted, codes, shape)
        elif not (same_link if code == codes.link else same_text)(as_text(inner[key]), value):
            inner[key] = _refilled(inner[key], value)
    return {**raw, value_key: inner}


def _refilled(held: Any, value: str) -> Any:
    """The same form around another value."""
    for name in ("value", "url"):
        if (key := key_of(held, name)) is not None:
            return {**held, key: _refilled(held[key], value)}
    return value
