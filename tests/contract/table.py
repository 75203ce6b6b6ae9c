"""The table of `docs/lucca-api.md`, made out of the suite: `python -m tests.contract.table` writes it anew."""

import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lucca_simulator.switches import choices
from tests.contract.questions import QUESTIONS

HERE = Path(__file__).parent
DOCUMENT = HERE.parent.parent / "docs" / "lucca-api.md"
BEGIN, END = "<!-- made by `make beliefs` -->", "<!-- end -->"


def suite() -> Iterator[tuple[str, Any]]:
    """Every test of the suite with the module it stands in."""
    for path in sorted(HERE.glob("test_*.py")):
        module = importlib.import_module(f"tests.contract.{path.stem}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("test_") and function.__module__ == module.__name__:
                yield path.stem, function


def marker(function: Any) -> tuple[str, str, str] | None:
    """The number, the mark and the source of the belief that a test holds."""
    found = [mark.args for mark in getattr(function, "pytestmark", []) if mark.name == "belief"]
    return found[0] if found else None


def beliefs() -> list[tuple[str, ...]]:
    """number, belief, mark, source, test; by number."""
    found = [
        (number, " ".join((function.__doc__ or "").split()), mark, source, f"{module}::{function.__name__}")
        for module, function in suite()
        for number, mark, source in [marker(function) or ("", "", "")]
        if number
    ]
    return sorted(found, key=lambda row: (re.sub(r"\d", "", row[0]), int(re.sub(r"\D", "", row[0]))))


def questions() -> list[tuple[str, ...]]:
    """switch and positions, question, mark, source, test."""
    return [
        (f"`{name}`: {', '.join(choices()[name])}", one.says, "?", one.source, f"questions::{name}")
        for name, one in QUESTIONS.items()
    ]


def table() -> str:
    lines = ["## Beliefs", "", *_rows("no.", beliefs()), "", "## Open questions", ""]
    return "\n".join([*lines, *_rows("switch of the simulator, its default first", questions())])


def _rows(first: str, rows: list[tuple[str, ...]]) -> list[str]:
    head = [f"| {first} | belief | mark | source | test |", "|---|---|---|---|---|"]
    return head + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]


def document() -> str:
    """The document with its table made anew."""
    before, _, rest = DOCUMENT.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    DOCUMENT.write_text(document())
