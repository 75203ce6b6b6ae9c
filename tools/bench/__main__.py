"""`make bench`: Cards' import side by side with a floor and with what else one would use, written into docs/bench.md.

Everybody does the same work by turns on the same machine, and the best of several turns counts. The figures of the last
run of each contest are kept in test-artifacts/bench.json, so that contests can be run one at a time.
"""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tools.bench.contests import CONTESTANTS, ENVIRONMENTS, HERE, PEERS, ROOT, Contest, Figure, make_environment
from tools.bench.report import page
from tools.postgresql import server

KEPT = ROOT / "test-artifacts" / "bench.json"
PAGE = ROOT / "docs" / "bench.md"
PICTURE = ROOT / "docs" / "pictures" / "bench.svg"
# Peers take minutes for so many people: once must do.
ONCE_FROM = 100_000


def main() -> int:
    arguments = _arguments()
    # So that whoever is having a turn is stopped also when we are told to stop.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    if not arguments.measure_nothing:
        _hold_contests(arguments)
    text = page(list(json.loads(arguments.keep.read_text()).values()), _pinned())
    if arguments.print:
        print(text)
        return 0
    make_environment(ENVIRONMENTS, "plot")
    PAGE.write_text(text)
    python, drawing = ENVIRONMENTS / "plot" / "bin" / "python", HERE / "peers" / "plot.py"
    subprocess.run([str(python), str(drawing), str(arguments.keep), str(PICTURE)], check=True)
    print(f"Written: {PAGE.relative_to(ROOT)}, {PICTURE.relative_to(ROOT)}")
    return 0


def _hold_contests(arguments: argparse.Namespace) -> None:
    for name in arguments.only:
        if name in PEERS:
            make_environment(ENVIRONMENTS, name)
    arguments.keep.parent.mkdir(exist_ok=True)
    for database in arguments.database:
        for people in arguments.people:
            # Kept after each turn: what was measured stays when the rest is given up.
            for cell in _contest(database, people, arguments):
                kept = json.loads(arguments.keep.read_text()) if arguments.keep.exists() else {}
                arguments.keep.write_text(json.dumps({**kept, f"{database} {people}": cell}, indent=1))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    add = parser.add_argument
    add("--people", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    add("--database", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    add("--only", nargs="+", choices=CONTESTANTS, default=list(CONTESTANTS), help="the floor needs cards")
    add("--times", type=int, default=3, help="turns for everybody (default 3; peers have one with 100,000)")
    add("--measure-nothing", action="store_true", help="write the report anew from the figures that are kept")
    add("--keep", type=Path, default=KEPT, help="where figures are kept (default: test-artifacts/bench.json)")
    add("--print", action="store_true", help="print the report instead of writing it into docs")
    return parser.parse_args()


def _contest(database: str, people: int, arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One database, so many people, everybody by turns: what is known after each of them."""
    figures: list[Figure] = []
    with ExitStack() as stack:
        url = stack.enter_context(server()) if database == "postgresql" else ""
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cards-bench-")))
        contest = Contest(people=people, server_url=url, environments=ENVIRONMENTS, folder=folder)
        for turn in range(arguments.times):
            for contestant in [name for name in CONTESTANTS if name in arguments.only]:
                if turn and contestant in PEERS and people >= ONCE_FROM:
                    continue
                for figure in contest.turn(contestant):
                    figures.append(figure)
                    print(f"{database} {people:,} {contestant} {figure.phase}: {figure.seconds:.2f} s", file=sys.stderr)
                yield _cell(database, people, figures)


def _cell(database: str, people: int, figures: list[Figure]) -> dict[str, Any]:
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return {
        "database": database,
        "people": people,
        "at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "load": round(os.getloadavg()[2], 1),
        "machine": machine,
        "commit": _commit(),
        "figures": [asdict(figure) for figure in figures],
    }


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.strip()


def _pinned() -> dict[str, str]:
    """The versions that are compared."""
    wanted = {
        "dlt": ("dlt",),
        "singer": ("singer-sdk", "meltanolabs-target-postgres"),
        "script": ("django", "requests"),
    }
    found = {"Django (Cards)": version("django"), "psycopg (Cards)": version("psycopg")}
    for name, packages in wanted.items():
        lines = (HERE / "peers" / f"requirements-{name}.txt").read_text().splitlines()
        pins = dict(line.split("==") for line in lines if "==" in line)
        found |= {f"{package} ({name})" if name == "script" else package: pins[package] for package in packages}
    return found


if __name__ == "__main__":
    sys.exit(main())
