"""The contests of the bench: everybody does the same work by turns, each with a fresh pretend Lucca and database."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import psycopg

from tools.simulator_speed import KEY, pretend_lucca

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ENVIRONMENTS = ROOT / ".bench"
PEERS = ("dlt", "singer", "script")
CONTESTANTS = ("cards", "floor", *PEERS)
PHASES = {"cards": ("first", "unchanged", "changed"), "floor": ("first", "unchanged")}
ONE_IN = 100


@dataclass(frozen=True)
class Figure:
    """What one contestant's one phase took, once."""

    contestant: str
    phase: str
    seconds: float
    # Seconds that were spent waiting for Lucca's answers, where that is known.
    waited: float | None
    megabytes: float


class Contest:
    """One database and one number of people."""

    def __init__(self, *, people: int, server_url: str, environments: Path, folder: Path) -> None:
        self.people, self.server_url, self.environments, self.folder = people, server_url, environments, folder
        self.kept = folder / f"rows-{'postgresql' if server_url else 'sqlite'}-{people}"

    def turn(self, contestant: str) -> Iterator[Figure]:
        """The contestant's phases, one after the other."""
        with (
            pretend_lucca(self.people) as (url, _),
            self._database(contestant) as database,
            tempfile.TemporaryDirectory() as notes,
        ):
            if contestant in ("cards", "floor"):
                _ours("tools.bench.cards_side", "prepare", url, database=database)
            for phase in PHASES.get(contestant, ("first", "unchanged")):
                if phase == "changed":
                    change_some(url, self.people)
                answer = self._do(contestant, phase, url, database, notes)
                if contestant in PEERS and answer.get("rows", self.people) < 0.9 * self.people:
                    raise SystemExit(f"{contestant} wrote {answer['rows']} rows only.")
                waited = answer.get("waited")
                yield Figure(contestant, phase, answer["seconds"], waited, answer["peak"] / 1024)
                if (contestant, phase) == ("cards", "first") and not self.kept.exists():
                    _ours("tools.bench.floor", "keep", str(self.kept), database=database)

    def _do(self, contestant: str, phase: str, url: str, database: str, notes: str) -> dict[str, float]:
        if contestant == "cards":
            return _ours("tools.bench.cards_side", phase, url, database=database)
        if contestant == "floor":
            return _ours("tools.bench.floor", phase, str(self.kept), url, database=database)
        python = self.environments / contestant / "bin" / "python"
        return _answer([str(python), str(HERE / "peers" / f"{contestant}_peer.py"), url, KEY, database, notes])

    @contextmanager
    def _database(self, contestant: str) -> Iterator[str]:
        if not self.server_url:
            with tempfile.TemporaryDirectory(dir=self.folder) as folder:
                yield f"sqlite:///{folder}/bench.sqlite3"
            return
        name = f"bench_{contestant}"
        with psycopg.connect(self.server_url, autocommit=True) as opened:
            opened.execute(f"CREATE DATABASE {name}")
            # dlt insists on a password.
            yield self.server_url.replace("postgres://cards@", "postgresql://cards:none@").replace(
                "/postgres", f"/{name}"
            )
            opened.execute(f"DROP DATABASE {name} WITH (FORCE)")


def change_some(url: str, people: int) -> None:
    """Give one person in a hundred another last name in Lucca."""
    with httpx2.Client(base_url=url, timeout=60) as http:
        for number in range(1, people + 1, ONE_IN):
            http.patch(f"/_simulator/employees/{number}", json={"last_name": f"Changed{number}"}).raise_for_status()


def make_environment(environments: Path, name: str) -> None:
    """The peer's own virtual environment, from its pinned list; nothing when it is there."""
    requirements, folder = HERE / "peers" / f"requirements-{name}.txt", environments / name
    made = folder / "made-from.txt"
    if made.exists() and made.read_text() == requirements.read_text():
        return
    uv = str(ROOT / ".tools" / "bin" / "uv")
    subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)], check=True)
    install = [uv, "pip", "install", "--quiet", "--python", str(folder / "bin" / "python"), "-r", str(requirements)]
    subprocess.run(install, check=True)
    made.write_text(requirements.read_text())


def _ours(module: str, *words: str, database: str) -> dict[str, float]:
    return _answer([sys.executable, "-m", module, *words], {"DATABASE_URL": database})


def _answer(command: list[str], environment: dict[str, str] | None = None) -> dict[str, float]:
    """The figures that the command printed as its last line; nothing if it printed none."""
    done = subprocess.run(
        command, env={**os.environ, **(environment or {})}, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:4])} failed:\n{done.stdout[-1000:]}{done.stderr[-3000:]}")
    lines = done.stdout.strip().splitlines()
    answer: dict[str, float] = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
    return answer
