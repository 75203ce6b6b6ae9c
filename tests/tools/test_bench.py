"""The bench: its page is made from figures, and a small contest can be held with what is installed here."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.bench.contests import ROOT
from tools.bench.report import best, page

CELL: dict[str, Any] = {
    "database": "sqlite",
    "people": 100_000,
    "at": "2026-11-22 15:00 UTC",
    "commit": "abc",
    "machine": "2 cores",
    "load": 0.1,
    "figures": [
        {"contestant": "cards", "phase": "first", "seconds": 9.0, "waited": 4.0, "megabytes": 120.4},
        {"contestant": "cards", "phase": "first", "seconds": 8.0, "waited": 2.0, "megabytes": 121.0},
        {"contestant": "floor", "phase": "first", "seconds": 4.0, "waited": 1.5, "megabytes": 300.0},
        {"contestant": "dlt", "phase": "first", "seconds": 16.0, "waited": None, "megabytes": 90.0},
    ],
}


def test_the_best_turn_counts_with_and_without_waiting_for_lucca() -> None:
    assert (best(CELL, "cards", "first"), best(CELL, "cards", "first", "own")) == (8.0, 5.0)
    assert best(CELL, "dlt", "first", "own") is None
    assert best(CELL, "singer", "first") is None


def test_the_page_says_seconds_ratios_and_memory_and_leaves_out_what_was_not_measured() -> None:
    written = page([CELL], {"dlt": "1.31.0"})
    assert "| SQLite | 100,000 | 8.00 (5.00) | 4.00 (2.50) | 16.00 | – | – |" in written
    assert "| SQLite | 100,000 | 2.00 (2.00) | 0.50 | – (–) | – | – |" in written
    assert "busy" not in written
    assert "busy" in page([{**CELL, "load": 9.0}], {})
    assert "| SQLite | 100,000 | 120 / – | 90 / – | – / – | – / – |" in written


def test_a_mark_that_is_missed_is_said_with_its_reason() -> None:
    assert "not reached" not in page([CELL], {})
    slow = [{**figure, "seconds": 4 * figure["seconds"]} for figure in CELL["figures"][:2]]
    written = page([{**CELL, "figures": [*slow, *CELL["figures"][2:]]}], {})
    assert "**first / floor** is 8.00 on SQLite, where 2.5 is wanted: " in written
    assert "**first / quickest peer** is 2.00 on SQLite, where 1 is wanted: " in written


@pytest.mark.long
@pytest.mark.timeout(300)
def test_cards_and_the_floor_meet_in_a_small_contest(tmp_path: Path) -> None:
    keep = tmp_path / "bench.json"
    command = [sys.executable, "-m", "tools.bench", *("--people", "1000", "--times", "1", "--only", "cards", "floor")]
    command += ["--database", "sqlite", "--keep", str(keep), "--print"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    kept = json.loads(keep.read_text())["sqlite 1000"]
    phases = [f"{figure['contestant']} {figure['phase']}" for figure in kept["figures"]]
    assert phases == ["cards first", "cards unchanged", "cards changed", "floor first", "floor unchanged"]
    assert all(figure["seconds"] > 0 for figure in kept["figures"])
    assert "## Ratios" in done.stdout
