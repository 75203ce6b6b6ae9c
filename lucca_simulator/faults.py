"""Faults on demand: which call goes wrong, how, how often.

Repeatable: a fault draws from its own seeded chance.

It decides and alters answers; carrying a fault out (waiting, cutting the line) is the gate's work.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from random import Random
from typing import Any

# kind → what it does
KINDS = {
    "latency": "the answer comes `seconds` later (`moment` before or after the effect)",
    "throttle": "429 without regard to the budget",
    "error": "the answer is `status` (`moment` before or after the effect)",
    "unauthorized": "401 as if the key had been withdrawn",
    "reset": "the connection is cut (`moment` before or after the effect of the call)",
    "truncated": "the answer breaks off in the middle",
    "html": "an HTML page instead of JSON, with `status`",
    "half_page": "a page holds only its first half",
    "empty_page": "a page holds nobody, whatever is counted",
    "duplicated_page": "the items of the previous page come again",
    "reordered": "the items within a page come in another order",
    "unstable_order": "the collection is in another order at every call: pages overlap and miss",
    "company_changes": "someone joins, leaves, moves, a department is renamed, just before the answer",
    "narrowed": "the key sees one establishment, nobody former or future, and no section",
    "clock_skew": "Lucca's clock is `seconds` off while the call is answered",
}
MOMENTS = ("before", "after")


@dataclass(slots=True)
class Fault:
    """One kind of trouble.

    It strikes calls of `method` (any when empty) whose path fits `route` (with * and ?) and that ask about `person`
    (an id; anybody or nobody when empty), after letting the first `skip` of them through, at most `count` times (0:
    for ever), each with `probability` drawn from `seed`.
    """

    kind: str
    route: str = "*"
    method: str = ""
    person: str = ""
    skip: int = 0
    count: int = 0
    probability: float = 1.0
    seed: int = 0
    seconds: float = 1.0
    status: int = 500
    moment: str = "before"
    matched: int = field(default=0, init=False)
    struck: int = field(default=0, init=False)
    chance: Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"there is no fault {self.kind}; the kinds are {', '.join(KINDS)}")
        if self.moment not in MOMENTS:
            raise ValueError(f"moment is before or after, not {self.moment}")
        self.chance = Random(self.seed)  # noqa: S311  # repeatable, so that a failing run can be replayed

    def strikes(self, method: str, path: str, people: Collection[str] = ()) -> bool:
        """Whether this call, about `people`, is hit. Counts the call, so it is asked exactly once for each."""
        if (self.method and self.method.upper() != method) or not fnmatchcase(path.lower(), self.route.lower()):
            return False
        if self.person and self.person not in people:
            return False
        self.matched += 1
        hit = self.chance.random() < self.probability
        if self.matched <= self.skip or (self.count and self.struck >= self.count) or not hit:
            return False
        self.struck += 1
        return True

    def shown(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "chance"}


def parse(text: str) -> Fault:
    """`kind=reset,route=/api/v3/users/*,moment=after,count=1` as a Fault. Raises ValueError."""
    return from_values(dict(part.partition("=")[::2] for part in text.split(",")))


def from_values(values: dict[str, Any]) -> Fault:
    """A Fault out of names and values of the outside. Raises ValueError for what is not one."""
    wanted = {each.name: each for each in fields(Fault) if each.init}
    if strangers := set(values) - set(wanted):
        raise ValueError(f"a fault has no {', '.join(sorted(strangers))}; it has {', '.join(wanted)}")
    if "kind" not in values:
        raise ValueError("a fault has a kind")
    types: dict[str, type] = {"skip": int, "count": int, "seed": int, "status": int, "probability": float}
    types["seconds"] = float
    try:
        return Fault(**{name: types.get(name, str)(value) for name, value in values.items()})
    except TypeError as error:
        raise ValueError(str(error)) from error


@dataclass(slots=True)
class Struck:
    """The faults that hit one call."""

    faults: list[Fault]

    def one(self, kind: str, moment: str | None = None) -> Fault | None:
        fits = (each for each in self.faults if each.kind == kind and moment in {None, each.moment})
        return next(fits, None)

    def kinds(self) -> list[str]:
        return [each.kind for each in self.faults]

    def seconds(self, kind: str, moment: str | None = None) -> float:
        """The sum over all faults of that kind."""
        return sum(each.seconds for each in self.faults if each.kind == kind and moment in {None, each.moment})


def strike(faults: Iterable[Fault], method: str, path: str, asked: str = "") -> Struck:
    """The faults that hit a call; `asked` are the ids that its query names, with commas between."""
    people = {*asked.split(","), path.rpartition("/")[2]}
    return Struck([each for each in faults if each.strikes(method, path, people)])


def spoil_page(struck: Struck, items: list[Any]) -> None:
    """Empty, halve or reorder the items of a page in place."""
    if struck.one("empty_page"):
        items.clear()
    if struck.one("half_page"):
        del items[(len(items) + 1) // 2 :]
    if fault := struck.one("reordered"):
        fault.chance.shuffle(items)


def copy_of(fault: Fault) -> Fault:
    """The same fault with nothing struck yet."""
    return Fault(**{each.name: getattr(fault, each.name) for each in fields(Fault) if each.init})
