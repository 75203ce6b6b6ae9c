"""The kinds of runs there are. Apps above register theirs; this app knows none by name."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

    from cards.runs.engine import Verdict, Work
    from cards.runs.models import Run


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What runs of one kind do.

    `work` does what one slice allows and says how it went on. `on_end` is called in the transaction in which the
    run ends, whatever state it ends in. `calls_to` names the host that the run calls and its limit of calls a
    minute, for showing what is left.
    """

    name: str
    label: "_StrPromise | str"
    work: "Callable[[Work], Verdict]"
    on_end: "Callable[[Run], None] | None" = None
    calls_to: "Callable[[Run], tuple[str, int] | None] | None" = None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; called from an app's `ready`."""
    _kinds[kind.name] = kind


def label_of(name: str) -> str:
    """What runs of a kind are called; the kind's own name if the app that made them is gone."""
    return str(_kinds[name].label) if name in _kinds else name


def kind_of(run: "Run") -> Kind:
    """The kind of `run`. KeyError if the app that made the run is gone."""
    return _kinds[run.kind]
