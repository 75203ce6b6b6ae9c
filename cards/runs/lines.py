"""Writing the lines of a run by the thousand: a plan's, and what became of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db.models import TextField
from django.db.models.functions import Cast

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


class NewLine(msgspec.Struct, frozen=True):
    """What one line of a plan says; its fields are those of RunLine."""

    action: str
    lucca_id: str
    label: str
    search_key: str
    state: LineState = LineState.PLANNED
    reason: str = ""
    facts: Mapping[str, str | int | None] = {}
    user_id: int | None = None


def write(run: Run, lines: Sequence[NewLine], *, position: int) -> None:
    """Add lines to the run in the caller's transaction, the first of them at `position`."""
    run_id = run.pk
    rows = (
        (
            run_id,
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


def planned(run: Run, *, at_most: int, after: int = -1) -> list[PlannedLine]:
    """The next lines of the run that are to be carried out, from behind the position `after`."""
    lines = RunLine.objects.filter(run=run, state=LineState.PLANNED, position__gt=after).order_by("position")
    columns = lines.values_list("pk", "position", "action", "lucca_id", Cast("facts", TextField()), "user_id")
    return [
        PlannedLine(pk, place, action, lucca_id, msgspec.json.decode(facts), user_id)
        for pk, place, action, lucca_id, facts, user_id in columns[:at_most]
    ]


def note_outcomes(lines: Iterable[PlannedLine]) -> None:
    """Write what became of lines: their state, reason and user."""
    rows = ((line.pk, str(line.state), str(line.reason), line.user_id) for line in lines)
    bulk.update(RunLine, ["state", "reason", "user_id"], rows)
