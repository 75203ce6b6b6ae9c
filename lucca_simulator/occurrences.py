"""Values of custom data: how they are read and what a write does to them (§3.3 to 3.5 of the evidence).

Pure: the API and the screens call it. Everything that Lucca leaves unsaid follows a switch.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from lucca_simulator.custom_data import Definition
from lucca_simulator.switches import Switches


class RefusedError(Exception):
    """A write that is answered by an error status instead of an effect."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(slots=True)
class SubValue:
    """The value of one sub-field inside an occurrence, with its own id."""

    id: int
    value: Any


@dataclass(slots=True)
class Occurrence:
    """One value of a datum: a plain one, or for compound data the sub-values by code."""

    id: int
    value: Any


def show(occurrences: list[Occurrence] | None, definition: Definition, switches: Switches) -> Any:
    """A datum as `extendedData` reads it: object when single, array when multiple [D]; None when empty."""
    shown = [{"id": each.id, "value": _show_value(each.value, definition, switches)} for each in occurrences or ()]
    if not shown:
        return None
    if switches.simple_read == "bare" and definition.kind != "compound" and not definition.is_multiple:
        return shown[0]["value"]
    return shown if definition.is_multiple else shown[0]


def _show_value(value: Any, definition: Definition, switches: Switches) -> Any:
    if definition.kind != "compound":
        return value
    return {code: _show_subvalue(each, switches.subfield_read) for code, each in value.items()}


def _show_subvalue(each: SubValue, shape: str) -> Any:
    """Inside a composite each sub-field carries `value` [I]; whether it carries an id is not known [?]."""
    if shape == "bare":
        return each.value
    return {"value": each.value} if shape == "value" else {"id": each.id, "value": each.value}


@dataclass(frozen=True, slots=True)
class Writing:
    """One write of one datum: where it goes, under which switches, and where new ids come from."""

    definition: Definition
    switches: Switches
    ids: Iterator[int]

    def apply(self, existing: list[Occurrence], written: Any) -> list[Occurrence]:
        """The occurrences after the write; `existing` is left alone. Raises RefusedError."""
        if self.definition.is_multiple:
            return self._apply_many(existing, written if isinstance(written, list) else [written])
        if isinstance(written, list):
            raise RefusedError(400, f"{self.definition.code} has a single value, not a list")
        return self._apply_single(existing, written)

    def _apply_single(self, existing: list[Occurrence], written: Any) -> list[Occurrence]:
        """Create without id, update with the id, delete by {id, value: null} [D]."""
        number, value = self._split(written)
        if number is None:
            if existing:
                # "Update without the value id creates or fails instead of updating" [D].
                raise RefusedError(400, f"{self.definition.code} has a value already; its id is missing")
            return [] if value is None else [self._created(value)]
        known = self._known(existing, number)
        return [] if value is None else [self._updated(known, value)]

    def _apply_many(self, existing: list[Occurrence], written: list[Any]) -> list[Occurrence]:
        """Under `replace` what is not named goes; under `upsert` it stays [?, hypotheses A and B]."""
        replaces = self.switches.multi_write == "replace"
        kept = {} if replaces else {each.id: each for each in existing}
        new: list[Occurrence] = []
        seen: set[int] = set()
        for element in written:
            number, value = self._split(element)
            if number is None:
                if value is not None:
                    new.append(self._created(value))
                continue
            known = self._known(existing, number)
            if number in seen:
                raise RefusedError(400, f"Occurrence {number} of {self.definition.code} is named twice")
            seen.add(number)
            if value is not None:
                kept[number] = self._updated(known, value)
            elif replaces and self.switches.null_value_in_array == "refuse":
                raise RefusedError(400, f"An occurrence of {self.definition.code} has no value")
            else:
                kept.pop(number, None)
        return [*kept.values(), *new]

    def _split(self, written: Any) -> tuple[int | None, Any]:
        """The occurrence's id (None or 0 for a new one [D]) and its value."""
        if not isinstance(written, Mapping) or "value" not in written:
            raise RefusedError(400, f"{self.definition.code} is written as an object with a value")
        return self._number(written.get("id")), written["value"]

    def _number(self, written: Any) -> int | None:
        if written is None or (written == 0 and _is_integer(written)):
            return None
        if not _is_integer(written):
            raise RefusedError(400, f"{written!r} is not the id of a value of {self.definition.code}")
        return int(written)

    def _known(self, existing: Iterable[Occurrence], number: int) -> Occurrence:
        found = next((each for each in existing if each.id == number), None)
        if found is None:
            status = int(self.switches.foreign_occurrence_id)
            raise RefusedError(status, f"{self.definition.code} has no value with id {number}")
        return found

    def _created(self, value: Any) -> Occurrence:
        if self.definition.kind != "compound":
            return Occurrence(next(self.ids), checked(value, self.definition, self.switches))
        number = next(self.ids)
        return Occurrence(number, self._subvalues({}, value))

    def _updated(self, known: Occurrence, value: Any) -> Occurrence:
        if self.definition.kind != "compound":
            return replace(known, value=checked(value, self.definition, self.switches))
        return replace(known, value=self._subvalues(known.value, value))

    def _subvalues(self, known: dict[str, SubValue], written: Any) -> dict[str, SubValue]:
        if not isinstance(written, Mapping):
            raise RefusedError(400, f"The value of {self.definition.code} is an object of its sub-fields")
        result = {} if self.switches.omitted_subfield == "erase" else dict(known)
        for code, each in written.items():
            subfield = self.definition.subfield(code)
            if subfield is None:
                if self.switches.unknown_code == "ignore":
                    continue
                raise RefusedError(400, f"{self.definition.code} has no sub-field {code}")
            value = checked(self._subvalue(code, each, known.get(code)), subfield, self.switches)
            before = known.get(code)
            if value is None:
                result.pop(code, None)
            else:
                result[code] = SubValue(before.id if before else next(self.ids), value)
        return {each.code: result[each.code] for each in self.definition.subfields if each.code in result}

    def _subvalue(self, code: str, written: Any, known: SubValue | None) -> Any:
        """The bare value out of whichever shape the switches accept."""
        is_object = isinstance(written, Mapping) and "value" in written
        number = self._number(written.get("id")) if is_object else None
        shape, strict = self.switches.subfield_read, self.switches.subfield_write == "as-read"
        is_as_read = (
            (shape == "bare" and not is_object)
            or (shape == "value" and is_object and "id" not in written)
            or (shape == "id-value" and is_object and (known is None or number is not None))
        )
        if strict and not is_as_read:
            raise RefusedError(400, f"Sub-field {code} is not in the form in which it is read")
        if number is not None and (known is None or known.id != number):
            raise RefusedError(int(self.switches.foreign_occurrence_id), f"{code} has no value with id {number}")
        return written["value"] if is_object else written


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_link(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) <= {"url", "label"} and isinstance(value.get("url"), str)


def _is_day(value: Any) -> bool:
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


FITS: dict[str, Callable[[Any], bool]] = {
    "text": _is_text,
    "hyperlink": _is_text,
    "date": _is_day,
    "integer": _is_integer,
    "list": _is_integer,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
}


def checked(value: Any, definition: Definition, switches: Switches) -> Any:
    """The value to keep.

    Raises RefusedError when it is not one of the datum's kind [D: invalid value is a 400].
    """
    if value is None:
        return None
    if value == "" and switches.empty_text == "null":
        return None
    fits = FITS[definition.kind]
    if definition.kind == "hyperlink" and switches.hyperlink == "object":
        fits = _is_link
    if not fits(value):
        raise RefusedError(400, f"The value of {definition.code} is not a {definition.kind}")
    if switches.text_length != "any" and isinstance(value, str) and len(value) > int(switches.text_length):
        raise RefusedError(400, f"The value of {definition.code} is longer than {switches.text_length}")
    if definition.kind == "list" and value not in {each.id for each in definition.entries}:
        raise RefusedError(400, f"{definition.code} has no entry {value}")
    return value
