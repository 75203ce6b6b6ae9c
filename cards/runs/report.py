"""A run as the values that `--json` prints (docs/interfaces.md). Pure: it counts what it is given."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cards.runs.models import LineState, Run, RunState

# What a finished line of each action is counted as; actions not named here are counted under their own name.
COUNTED_AS = {"create": "created", "link": "linked"}
COUNTED_BY_STATE = {
    LineState.SKIPPED: "skipped",
    LineState.UNTICKED: "skipped",
    LineState.STALE: "stale",
    LineState.FAILED: "failed",
}


@dataclass(frozen=True)
class Tally:
    """So many lines of one action, state and reason."""

    action: str
    state: str
    reason: str
    count: int


def report(run: Run, tallies: Iterable[Tally]) -> dict[str, Any]:
    """The run's state, its counts by outcome (of a draft: as planned) and its reasons by code."""
    counted = {LineState.DONE, LineState.PLANNED} if run.state == RunState.DRAFT else {LineState.DONE}
    counts = Counter(created=0, linked=0, unchanged=run.unchanged, skipped=0, failed=0, stale=0)
    reasons: Counter[str] = Counter()
    for tally in tallies:
        if tally.state in counted:
            counts[COUNTED_AS.get(tally.action, tally.action)] += tally.count
        elif tally.state in COUNTED_BY_STATE:
            counts[COUNTED_BY_STATE[LineState(tally.state)]] += tally.count
        if tally.reason:
            reasons[tally.reason] += tally.count
    if run.reason:
        reasons[run.reason] += 1
    return {
        "run": run.pk,
        "kind": run.kind,
        "state": run.state,
        "counts": dict(counts),
        "reasons": dict(sorted(reasons.items())),
        "lucca_calls": run.lucca_calls,
        "seconds": round(run.worked_seconds, 3),
    }


def went_well(run: Run, tallies: Iterable[Tally]) -> bool:
    """Whether a command that did this run may exit with status 0: it finished and nothing failed."""
    return run.state == RunState.FINISHED and not any(tally.state == LineState.FAILED for tally in tallies)


def as_json(values: dict[str, Any]) -> str:
    """A report for programs."""
    return json.dumps(values, ensure_ascii=False)


def as_text(values: dict[str, Any]) -> str:
    """A report for people: one line a fact."""
    lines = [f"run {values['run']} ({values['kind']}): {values['state']}"]
    lines += [f"  {name}: {count}" for name, count in values["counts"].items()]
    lines += [f"  reason {reason}: {count}" for reason, count in values["reasons"].items()]
    lines.append(f"  {values['lucca_calls']} calls to Lucca, {values['seconds']} seconds of work")
    return "\n".join(lines)
