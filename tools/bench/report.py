"""The page of the bench: tables out of figures. Pure."""

from typing import Any

HEAD = """# The import side by side

Written by `make bench`; do not edit. Everybody reads the same pretend Lucca (a process of its own, without limit) by
turns on the same machine, each turn with a fresh Lucca and a fresh database; the best of several turns counts.

- **Cards**: the whole import as a worker alone does it: directory, plan, users, links, report lines, invitations in
  the outbox, audit log (`tools/bench/cards_side.py`).
- **floor**: the same bytes fetched and parsed, the same rows written to the same tables by the bare driver
  (`executemany`, `COPY`); unchanged: what is read compared with what is stored (`tools/bench/floor.py`). It decides
  nothing.
- **dlt**: its `rest_api` source, merged by id into one flat table. **Singer**: a tap and a target on the Meltano SDK
  (`target-postgres`; for SQLite its SQL sink with an upsert), from the tap's first call on. **script**: `requests` and
  `update_or_create`, a page in each transaction. All three write one table, no links, no report, no invitations; with
  100,000 people they have one turn only. Their sources are in `tools/bench/peers`; each is installed into an
  environment of its own.

Seconds include waiting for Lucca's answers; where that is known, the time without it is in brackets, and ratios to the
floor are given with and without it.
"""
MARKED = 100_000
# For each mark, aimed at with 100,000 people: what it is called, the most it may be, and why it may be missed.
MARKS = {
    "first / floor": (
        2.5,
        (
            "the plan is worked out twice, once to be shown and once as it is carried out, and each line is written "
            "twice: as planned, and what became of it; every batch of a thousand is a transaction of its own"
        ),
    ),
    "first / quickest peer": (
        1.0,
        (
            "dlt writes one flat table of 100,000 rows without keys to others; Cards writes half a million rows into "
            "five tables, with twenty indexes and nine foreign keys for each person. The floor of just these rows is "
            "of the size of dlt's whole import"
        ),
    ),
    "unchanged / floor": (
        2.0,
        (
            "each page is called for under a lease and a budget that hold for all processes and machines, and is kept "
            "until the reading is complete: some fourteen small statements for each thousand people, which the floor "
            "does without; on PostgreSQL each goes to another process and back"
        ),
    ),
    "unchanged / quickest peer": (
        0.2,
        (
            "the floor, which only reads and compares, takes most of that already; a merge of one flat table is one "
            "statement to dlt and Singer"
        ),
    ),
    "1 % changed / unchanged": (1.3, "the machine was busy meanwhile"),
}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
ORDER = ("cards", "floor", "dlt", "singer", "script")

# Above this load there was more to do than the contest.
BUSY = 3.0

Cell = dict[str, Any]


def page(cells: list[Cell], versions: dict[str, str]) -> str:
    cells = sorted(cells, key=lambda cell: (cell["database"] != "sqlite", cell["people"]))
    parts = [HEAD, "\n![Seconds of the first and of the unchanged import](pictures/bench.svg)\n"]
    parts += [
        _table(cells, phase, title)
        for phase, title in (("first", "First import"), ("unchanged", "Unchanged second import"))
    ]
    parts += [_ratios(cells), _missed(cells), _memory(cells), _made(cells, versions)]
    return "\n".join(parts)


def best(cell: Cell, contestant: str, phase: str, what: str = "seconds") -> float | None:
    """The least of a contestant\'s figures; `own` is without waiting for Lucca."""
    mine = [f for f in cell["figures"] if (f["contestant"], f["phase"]) == (contestant, phase)]
    if what == "own":
        mine = [{**f, "own": f["seconds"] - f["waited"]} for f in mine if f["waited"] is not None]
    return min((f[what] for f in mine), default=None)


def _table(cells: list[Cell], phase: str, title: str) -> str:
    lines = [
        f"## {title}, seconds",
        "",
        "| database | people | " + " | ".join(ORDER) + " |",
        "|---|---|" + "---|" * len(ORDER),
    ]
    for cell in cells:
        entries = [_seconds(best(cell, name, phase), best(cell, name, phase, "own")) for name in ORDER]
        lines.append(f"| {NAMES[cell['database']]} | {cell['people']:,} | {' | '.join(entries)} |")
    return "\n".join([*lines, ""])


def _ratios(cells: list[Cell]) -> str:
    titles = [f"{name} (without Lucca)" if name.endswith("floor") else name for name in MARKS]
    marks = ", ".join(f"{name} {most:g}" for name, (most, _reason) in MARKS.items())
    head = [f"| database | people | {' | '.join(titles)} |", "|---|---|" + "---|" * len(titles)]
    lines = ["## Ratios", "", f"Aimed at with {MARKED:,} people, at most: {marks}.", "", *head]
    for cell in cells:
        own = _found(cell, "own")
        entries = [
            f"{_ratio(found)} ({_ratio(own[name])})" if name.endswith("floor") else _ratio(found)
            for name, found in _found(cell).items()
        ]
        lines.append(f"| {NAMES[cell['database']]} | {cell['people']:,} | {' | '.join(entries)} |")
    return "\n".join([*lines, ""])


def _found(cell: Cell, what: str = "seconds") -> dict[str, float | None]:
    """The ratio for each of MARKS, as far as it was measured."""
    found = {}
    for phase in ("first", "unchanged"):
        cards, peers = best(cell, "cards", phase, what), [best(cell, name, phase) for name in ORDER[2:]]
        found[f"{phase} / floor"] = _over(cards, best(cell, "floor", phase, what))
        found[f"{phase} / quickest peer"] = _over(cards, min((each for each in peers if each), default=None))
    found["1 % changed / unchanged"] = _over(best(cell, "cards", "changed"), best(cell, "cards", "unchanged"))
    return found


def _missed(cells: list[Cell]) -> str:
    """What did not reach its mark, and why."""
    lines = ["## What is not reached, and why", ""]
    for name, (most, reason) in MARKS.items():
        values = {NAMES[cell["database"]]: _found(cell)[name] for cell in cells if cell["people"] == MARKED}
        missed = [f"{value:.2f} on {database}" for database, value in values.items() if value and value > most]
        if missed:
            lines.append(f"- **{name}** is {' and '.join(missed)}, where {most:g} is wanted: {reason}.")
    return "\n".join([*lines, ""]) if lines[2:] else ""


def _memory(cells: list[Cell]) -> str:
    names = [name for name in ORDER if name != "floor"]
    lines = [
        "## Most memory held, MB, first import / unchanged",
        "",
        "| database | people | " + " | ".join(names) + " |",
    ]
    lines.append("|---|---|" + "---|" * len(names))
    for cell in cells:
        pairs = [[best(cell, name, phase, "megabytes") for phase in ("first", "unchanged")] for name in names]
        entries = [" / ".join("–" if value is None else f"{value:.0f}" for value in pair) for pair in pairs]
        lines.append(f"| {NAMES[cell['database']]} | {cell['people']:,} | {' | '.join(entries)} |")
    return "\n".join([*lines, "", "Of Singer, the larger of its two processes.", ""])


def _made(cells: list[Cell], versions: dict[str, str]) -> str:
    lines = [
        "## How it was measured",
        "",
        "| database | people | when | commit | machine | load after |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {NAMES[c['database']]} | {c['people']:,} | {c['at']} | {c['commit']} | {c['machine']} | {c['load']} |"
        for c in cells
    ]
    if any(cell["load"] > BUSY for cell in cells):
        lines += ["", f"With a load above {BUSY:g} the machine was busy with other work: those ratios say little."]
    said = ", ".join(f"{name} {version}" for name, version in versions.items())
    return "\n".join(
        [
            *lines,
            "",
            f"Versions: {said}.",
            "",
            "Commands: `make bench` is all of it; one contest: `make bench ARGS='--database sqlite --people 100000'`;",
            "a small one in a minute: `make bench ARGS='--people 1000 --times 1 --only cards floor dlt --print'`.",
            "",
        ]
    )


def _seconds(seconds: float | None, own: float | None) -> str:
    if seconds is None:
        return "–"
    return f"{seconds:.2f}" if own is None else f"{seconds:.2f} ({own:.2f})"


def _over(one: float | None, other: float | None) -> float | None:
    return one / other if one and other else None


def _ratio(value: float | None) -> str:
    return f"{value:.2f}" if value else "–"
