"""Writing the lines of a run by the thousand: a plan's, and what became of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cards import bulk
from cards.runs.models import LineState, Run, RunLine

COLUMNS = (
    "run_id",
    "position",
    "action",
    "lucca_id",
    "label",
    "search_key",
    "facts",
    "reason",
    "state",
    "user_id",
)


@dataclass(frozen=True, slots=True)
class NewLine:
    """What one line of a plan says; its fields are those of RunLine."""

    action: str
    lucca_id: str
    label: str
    search_key: str
    state: LineState = LineState.PLANNED
    reason: str = ""
    facts: Mapping[str, str | int | None] = field(default_factory=dict)
    user_id: int | None = None


def write(run: Run, lines: Sequence[NewLine], *, position: int) -> None:
    """Add lines to the run in the caller's transaction, the first of them at `position`."""
    rows = (
        (
            run.pk,
            number,
            # As plain texts: a database driver takes words of an enumeration by a longer way.
            str(line.action),
            line.lucca_id,
            line.label[:400],
            line.search_key[:720],
            line.facts,
            str(line.reason),
            str(line.state),
            line.user_id,
        )
        for number, line in enumerate(lines, start=position)
    )
    bulk.insert(RunLine, COLUMNS, rows)


@dataclass(slots=True)
class PlannedLine:
    """A line that waits to be carried out, and what becomes of it."""

    pk: int
    position: int
    action: str
    lucca_id: str
    facts: dict[str, Any]
    user_id: int | None
    state: str = LineState.PLANNED
    reason: str = ""


def planned(run: Run, *, at_most: int) -> list[PlannedLine]:
    """The next lines of the run that are to be carried out."""
    lines = RunLine.objects.filter(run=run, state=LineState.PLANNED).order_by("position")
    columns = ("pk", "position", "action", "lucca_id", "facts", "user_id")
    return [PlannedLine(*values) for values in lines.values_list(*columns)[:at_most]]


def note_outcomes(lines: Iterable[PlannedLine]) -> None:
    """Write what became of lines: their state, reason and user."""
    rows = ((line.pk, str(line.state), str(line.reason), line.user_id) for line in lines)
    bulk.update(RunLine, ["state", "reason", "user_id"], rows)
