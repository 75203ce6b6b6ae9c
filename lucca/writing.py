"""A write of rows, decided before it is sent and judged after: what goes where, in which forms, and what came of it.

Pure. Right under both readings of what Lucca does with an array (it replaces all, or changes what it names): the
array is always whole and carries its ids, and foreign occurrences are in it as they were read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from lucca.errors import LuccaError, Rejected, Unavailable, UnavailableReason, Unintelligible
from lucca.resources import (
    EmployeeRows,
    FieldCodes,
    FieldRow,
    LinkShape,
    Receipt,
    RowShape,
    SubfieldShape,
    WantedRow,
    WriteFault,
)
from lucca.rows import changed_occurrence, key_of, merged, new_occurrence, same_link, same_text, says, write_request
from lucca.wire import Request

# Failures before anything was sent; after any other one a write may have happened.
_NEVER_SENT = (UnavailableReason.DNS, UnavailableReason.CONNECT, UnavailableReason.TLS)


@dataclass(frozen=True, slots=True)
class Place:
    """One occurrence of the array to write: as it was read (None: a new one), and what it should say (None: it
    is somebody else's and stays as it is, unless it is to be removed)."""

    row: FieldRow | None
    wanted: WantedRow | None = None
    is_removed: bool = False

    def is_changed(self, codes: FieldCodes) -> bool:
        if self.wanted is None:
            return self.is_removed
        return self.row is None or not says(self.row, self.wanted, codes)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """All occurrences of one person: those read, in their order, then the new ones."""

    lucca_id: str
    codes: FieldCodes
    shape: RowShape
    wanted: tuple[WantedRow, ...]
    places: tuple[Place, ...]

    @property
    def is_needed(self) -> bool:
        return any(place.is_changed(self.codes) for place in self.places)


def arrange(
    read: EmployeeRows,
    wanted: Sequence[WantedRow],
    codes: FieldCodes,
    *,
    remove: Sequence[str] = (),
    shape: RowShape | None = None,
) -> Arrangement:
    """Find each wanted row its occurrence: by the id told by a former receipt, else by link, be it the one it had then;
    never by title.

    An id alone does not prove enough, since ids are stale after Lucca restores a copy: the occurrence must also
    have the link or the title, as they are to be or as that receipt told them, or no link at all. `shape` is what is
    remembered of the form.
    """
    free = [row for row in read.rows if row.values and row.occurrence_id not in remove]
    holders: dict[int, WantedRow] = {}
    found: dict[int, FieldRow] = {}
    for is_holder in (_is_by_id, _is_by_link, _is_by_former_link):
        for number, one in enumerate(wanted):
            row = None if number in found else next((row for row in free if is_holder(row, one, codes)), None)
            if row is not None:
                free.remove(row)
                found[number] = row
                holders[id(row)] = one
    places = [Place(row, holders.get(id(row)), is_removed=row.occurrence_id in remove) for row in read.rows]
    places += [Place(None, one) for number, one in enumerate(wanted) if number not in found]
    return Arrangement(read.lucca_id, codes, merged(read.shape, shape), tuple(wanted), tuple(places))


def _is_by_id(row: FieldRow, wanted: WantedRow, codes: FieldCodes) -> bool:
    if wanted.occurrence_id is None or row.occurrence_id != wanted.occurrence_id:
        return False
    title, link = (row.values.get(code.lower(), "") for code in (codes.title, codes.link))
    if not link or any(same_link(link, known) for known in (wanted.link, wanted.former_link)):
        return True
    return bool(title) and any(same_text(title, known) for known in (wanted.title, wanted.former_title))


def _is_by_link(row: FieldRow, wanted: WantedRow, codes: FieldCodes) -> bool:
    return _leads_to(wanted.link, row, codes)


def _is_by_former_link(row: FieldRow, wanted: WantedRow, codes: FieldCodes) -> bool:
    return _leads_to(wanted.former_link, row, codes)


def _leads_to(link: str, row: FieldRow, codes: FieldCodes) -> bool:
    return bool(link) and same_link(row.values.get(codes.link.lower(), ""), link)


def requests(arrangement: Arrangement) -> tuple[Request, ...]:
    """The write in the forms worth trying, the likeliest first; more than one only where the form is not known.

    Each but the first is for when Lucca rejected the one before, which is then without effect.
    """
    known = arrangement.shape
    links = (known.link,) if known.link else tuple(LinkShape)
    subfields = (known.subfield,) if known.subfield else tuple(SubfieldShape)
    bodies = (
        write_request(arrangement.lucca_id, arrangement.codes.compound, _array(arrangement, shape, is_named=is_named))
        for link, subfield, is_named in product(links, subfields, (True, False))
        for shape in (RowShape(subfield, link),)
    )
    return tuple(dict.fromkeys(bodies))


def _array(arrangement: Arrangement, shape: RowShape, *, is_named: bool) -> list[object]:
    """The whole array. What is to be removed is named with a null value, or else left out."""
    array: list[object] = []
    codes = arrangement.codes
    for place in arrangement.places:
        if place.row is None:
            if place.wanted is not None:
                array.append(new_occurrence(place.wanted, codes, shape))
        elif place.is_removed:
            array += [{**place.row.raw, (key_of(place.row.raw, "value") or "value"): None}] if is_named else []
        elif place.wanted is not None and place.is_changed(codes):
            array.append(changed_occurrence(place.row.raw, place.wanted, codes, shape))
        else:
            array.append(place.row.raw)
    return array


def is_worth_another_form(error: LuccaError) -> bool:
    return isinstance(error, Rejected) and error.status in (400, 422)


def may_have_happened(error: LuccaError) -> bool:
    """Whether a write that ended so may have taken effect all the same."""
    if isinstance(error, Unavailable):
        return error.reason not in _NEVER_SENT
    return isinstance(error, Unintelligible)


def receipt(arrangement: Arrangement, after: EmployeeRows, *, is_sent: bool = True) -> Receipt:
    """Compare what was to be with what Lucca says is there now, occurrence by occurrence."""
    codes = arrangement.codes
    found, left = _found(arrangement, after)
    faults = {
        fault
        for place, row in zip(arrangement.places, found, strict=True)
        if (fault := _fault(place, row, codes)) is not None
    }
    if left:
        faults.add(WriteFault.UNEXPECTED)
    held = {id(place.wanted): row for place, row in zip(arrangement.places, found, strict=True) if place.wanted}
    return Receipt(
        lucca_id=arrangement.lucca_id,
        rows=tuple(held[id(one)] for one in arrangement.wanted),
        faults=frozenset(faults),
        shape=merged(after.shape, arrangement.shape),
        is_sent=is_sent,
    )


def _found(arrangement: Arrangement, after: EmployeeRows) -> tuple[list[FieldRow | None], list[FieldRow]]:
    """For each place the row that is there now, and the rows that belong to none: by id, then by link or by what a
    foreign row says, and at last the only new row for the only place without one."""
    left = list(after.rows)
    found: list[FieldRow | None] = [_take(left, _by_id(place)) for place in arrangement.places]
    for number, place in enumerate(arrangement.places):
        if found[number] is None and not place.is_removed:
            found[number] = _take(left, _by_content(place, arrangement.codes))
    empty = [number for number, place in enumerate(arrangement.places) if place.wanted and found[number] is None]
    if len(empty) == len(left) == 1:
        found[empty[0]] = left.pop()
    return found, left


def _take(rows: list[FieldRow], is_it: Callable[[FieldRow], bool]) -> FieldRow | None:
    for number, row in enumerate(rows):
        if is_it(row):
            return rows.pop(number)
    return None


def _by_id(place: Place) -> Callable[[FieldRow], bool]:
    occurrence_id = place.row and place.row.occurrence_id
    return lambda row: occurrence_id is not None and row.occurrence_id == occurrence_id


def _by_content(place: Place, codes: FieldCodes) -> Callable[[FieldRow], bool]:
    if (wanted := place.wanted) is not None:
        return lambda row: _is_by_link(row, wanted, codes)
    return lambda row: place.row is not None and row.values == place.row.values


def _fault(place: Place, row: FieldRow | None, codes: FieldCodes) -> WriteFault | None:
    if place.wanted is not None:
        if row is None:
            return WriteFault.MISSING
        return None if says(row, place.wanted, codes) else WriteFault.DIFFERENT
    if place.is_removed:
        return WriteFault.STILL_THERE if row is not None else None
    is_kept = row is not None and place.row is not None and row.values == place.row.values
    return None if is_kept else WriteFault.FOREIGN_LOST
