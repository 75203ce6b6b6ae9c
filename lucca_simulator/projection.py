"""The `fields=` language of v3: which properties of an answer are wanted. Pure: it never sees a request.

Brackets and dots mean the same [D], names are case-insensitive and the answer uses the server's own casing
[I] (§2.2 of the evidence).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Wanted = dict[str, "Wanted"]  # names to what is wanted below them
T = TypeVar("T")


class BadRequestError(ValueError):
    """What was asked cannot be understood; its text goes into the answer's Message."""


def parse_fields(text: str) -> Wanted:
    """`id,department[id,name],manager.id` as a tree, in the order asked. Raises BadRequestError."""
    tree: Wanted = {}
    rest = _parse_level(text, tree)
    if rest:
        raise BadRequestError(f"Unexpected ']' in fields: {text}")
    return tree


def _parse_level(text: str, into: Wanted) -> str:
    """Read names up to the closing bracket or the end; gives what follows, the bracket included."""
    name = ""
    while text:
        sign, text = text[0], text[1:]
        if sign == "[":
            below = _reach(into, name)
            text = _parse_level(text, below)
            if not text.startswith("]"):
                raise BadRequestError("Missing ']' in fields")
            name, text = "", text[1:]
        elif sign == "]":
            _reach(into, name)
            return sign + text
        elif sign == ",":
            _reach(into, name)
            name = ""
        else:
            name += sign
    _reach(into, name)
    return ""


def _reach(tree: Wanted, dotted: str) -> Wanted:
    for part in dotted.strip().split("."):
        if part.strip():
            tree = tree.setdefault(part.strip().lower(), {})
    return tree


@dataclass(frozen=True, slots=True)
class Property(Generic[T]):
    """One property of a resource: the server's casing, how to read it, and what it refers to, if it does.

    What `spreads` is read as an object whose members appear beside the other properties.
    """

    name: str
    read: Callable[[T], Any]
    refers_to: "Callable[[], Resource[Any]] | None" = None
    spreads: bool = False


@dataclass(frozen=True, slots=True)
class Resource(Generic[T]):
    """A kind of thing, its properties by lower-case name, and what is shown when no field is asked for."""

    name: str
    properties: dict[str, Property[T]]
    short: tuple[str, ...] = ("id", "name", "url")
    full: tuple[str, ...] = field(default=())

    def find(self, name: str) -> Property[T] | None:
        """`departmentid`, `department` or None."""
        return self.properties.get(name.lower())


def resource(
    name: str,
    *properties: Property[T],
    full: tuple[str, ...] = (),
    short: tuple[str, ...] = ("id", "name", "url"),
) -> Resource[T]:
    return Resource(name, {each.name.lower(): each for each in properties}, short, full)


def projector(kind: Resource[T], wanted: Wanted, *, ignore_unknown: bool = False) -> Callable[[T], dict[str, Any]]:
    """A function that shows one thing as wanted; nothing wanted gives the short form.

    Raises BadRequestError for an unknown name [O RDD]; production's answer is not known [?].
    """
    columns: list[tuple[str, Callable[[T], Any], Callable[[Any], Any] | None, bool]] = []
    for name in wanted or {each: {} for each in kind.short}:
        found = kind.find(name)
        if found is None:
            if ignore_unknown:
                continue
            raise BadRequestError(f"Unknown property {name} on type {kind.name}")
        below = None
        if found.refers_to:
            below = projector(found.refers_to(), wanted.get(name, {}), ignore_unknown=ignore_unknown)
        columns.append((found.name, found.read, below, found.spreads))

    def show(thing: T) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for name, read, below, spreads in columns:
            value = read(thing)
            if below is not None:
                value = [below(each) for each in value] if isinstance(value, list) else value and below(value)
            if spreads:
                shown.update(value)
            else:
                shown[name] = value
        return shown

    return show
