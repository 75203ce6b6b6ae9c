"""Measures how much of Lucca's limit is used, reading 120 pages and sending statistics, against pretend Luccas.

`python -m tools.measure_rate` runs the whole table, about twenty minutes, mostly of waiting. For one line of it, name
an empty database in DATABASE_URL: `CARDS_CALLS_PER_MINUTE=35 python -m tools.measure_rate push --neighbour 15`. How dlt
reads the same pages: `python -m tools.measure_rate dlt`.
"""

# ruff: noqa: E402 - models can be imported only once Django is set up

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from pathlib import Path
from statistics import mean

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings
from django.core.management import call_command

from cards.integrations.lucca import nights, sync
from cards.runs.models import LineState, Run, RunState
from lucca_simulator import Simulator, running
from tools.bench.contests import ENVIRONMENTS, HERE, make_environment
from tools.pushing import begun_training, connected_space, linked_people, workers

LUCCAS_LIMIT = 50
# The pretend Lucca can name 126,716 people.
PAGES = 120
ALONE = [(latency, workers) for latency in ("0", "0.05", "0.2") for workers in ("1", "2")]
# Neighbours that take 30 % and half of Lucca's limit: with as much left to them, and with nothing left to anybody.
NEIGHBOURS = [("15", "35"), ("15", "50"), ("25", "24"), ("25", "50")]
COLUMNS = (
    "what", "answers after", "workers", "our limit", "neighbour", "calls", "time", "a minute's calls", "of the limit",
    "most in 60 s", "refused: us / neighbour", "read to written",
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=["push", "read", "dlt"], help="one line; without it, the table")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds that Lucca takes for an answer")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--neighbour", type=float, default=0.0, help="calls a minute that another tool makes")
    parser.add_argument("--people", type=int, default=420, help="whose statistics are sent, for each account")
    parser.add_argument("--accounts", type=int, default=1, help="that push at once, each to a Lucca of its own")
    parser.add_argument("--minutes", type=float, default=20.0, help="stop after so many")
    arguments = parser.parse_args()
    if arguments.what is None:
        return whole_table()
    if arguments.what == "dlt":
        print(read_by_dlt(arguments))
        return 0
    call_command("migrate", verbosity=0)
    luccas = measured(arguments)
    print(row(arguments, luccas) if arguments.accounts == 1 else served(arguments, luccas), flush=True)
    return 0


def whole_table() -> int:
    """Every line in a process and a database of its own; those of a kind at once."""
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}", flush=True)
    failed = 0
    for what in ("push", "read"):
        cases = [(["--latency", latency, "--workers", workers], "40") for latency, workers in ALONE]
        cases += [(["--latency", "0.2", "--neighbour", neighbour], limit) for neighbour, limit in NEIGHBOURS]
        with tempfile.TemporaryDirectory() as folder:
            processes = []
            for number, (case, limit) in enumerate(cases):
                own = {
                    "DATABASE_URL": f"sqlite:///{Path(folder) / f'{number}.sqlite3'}",
                    "CARDS_CALLS_PER_MINUTE": limit,
                }
                command = [sys.executable, "-m", "tools.measure_rate", what, *case]
                processes.append(subprocess.Popen(command, env={**os.environ, **own}))
            failed += sum(process.wait() != 0 for process in processes)
    return failed


def lucca_for(arguments: argparse.Namespace, *, employees: int) -> AbstractContextManager[Simulator]:
    """A pretend Lucca as slow and as busy as asked for."""
    return running(
        employees=employees,
        with_faults=False,
        with_trainings=True,
        calls_per_minute=LUCCAS_LIMIT,
        latency=arguments.latency,
        neighbour=arguments.neighbour,
    )


def read_by_dlt(arguments: argparse.Namespace) -> str:
    """What reading the same pages takes dlt as the bench has it, and how often it is refused."""
    make_environment(ENVIRONMENTS, "dlt")
    with tempfile.TemporaryDirectory() as folder, lucca_for(arguments, employees=PAGES * 1000) as simulator:
        python, peer = ENVIRONMENTS / "dlt" / "bin" / "python", HERE / "peers" / "dlt_peer.py"
        command = [python, peer, simulator.url, simulator.key, f"sqlite:///{folder}/dlt.sqlite3", f"{folder}/notes"]
        began = time.monotonic()
        subprocess.run(list(map(str, command)), check=True, capture_output=True)
        seconds = time.monotonic() - began
        refused = sum(call["status"] == 429 for call in simulator.journal())
        return (
            f"dlt, {PAGES} pages, answers after {arguments.latency * 1000:.0f} ms, "
            f"neighbour {arguments.neighbour:.0f}: {seconds:.0f} s, "
            f"{len(simulator.journal())} calls, of which {refused} refused; refused to the neighbour "
            f"{simulator.window.neighbour_refused}"
        )


def measured(arguments: argparse.Namespace) -> Sequence[Simulator]:
    """Let workers read or send until all is done or the time is up; the Luccas then hold every call."""
    is_push = arguments.what == "push"
    with ExitStack() as stack:
        luccas = [
            stack.enter_context(lucca_for(arguments, employees=arguments.people + 20 if is_push else PAGES * 1000))
            for _ in range(arguments.accounts)
        ]
        for number, simulator in enumerate(luccas):
            account, owner = connected_space(f"space{number}", url=simulator.url, key=simulator.key)
            if is_push:
                people = [str(lucca_id) for lucca_id in simulator.company.employees][: arguments.people]
                begun_training(account.space, linked_people(account, people))
                nights.send_now(account, by=owner)
            else:
                sync.refresh(account, by=owner)
        stack.enter_context(workers(arguments.workers))
        deadline = time.monotonic() + 60 * arguments.minutes
        while time.monotonic() < deadline and not is_over(luccas, is_push=is_push):
            time.sleep(0.5)
        stopped, failed = Run.objects.filter(state=RunState.STOPPED), Run.objects.filter(lines__state=LineState.FAILED)
        if stopped.exists() or failed.exists():
            raise AssertionError("a run stopped, or a line failed")
    return luccas


def is_over(luccas: Sequence[Simulator], *, is_push: bool) -> bool:
    """Whether all is sent, or the last page was read."""
    if is_push:
        return not Run.objects.filter(ended_at=None).exists()
    return len([call for call in luccas[0].journal() if call["status"] == 200]) >= PAGES


def row(arguments: argparse.Namespace, luccas: Sequence[Simulator]) -> str:
    """The line of the table."""
    [simulator] = luccas
    journal = simulator.journal()
    moments = [datetime.fromisoformat(call["time"]).timestamp() for call in journal]
    answered = [call["status"] != 429 for call in journal]
    limit = settings.CARDS_CALLS_PER_MINUTE
    # As many calls as a minute may hold took so long on average, wherever the minute begins; 60 s are the least.
    free = min(limit, round(LUCCAS_LIMIT - arguments.neighbour))
    good = [moment for moment, is_answered in zip(moments, answered, strict=True) if is_answered]
    minute = mean(later - moment for moment, later in zip(good, good[free:], strict=False))
    minutes = int(good[-1] - good[0]) // 60
    used = sum(moment < good[0] + 60 * minutes for moment in good) / (free * minutes)
    most = max(sum(moment <= other < moment + 60 for other in moments) for moment in moments)
    cells = [
        "sending" if arguments.what == "push" else "reading",
        f"{arguments.latency * 1000:.0f} ms",
        arguments.workers,
        limit,
        f"{arguments.neighbour:.0f}" if arguments.neighbour else "–",
        len(journal),
        f"{moments[-1] - moments[0]:.0f} s",
        f"{free} in {minute:.1f} s",
        f"{100 * used:.1f} % in {minutes} min",
        most,
        f"{answered.count(False)} / {simulator.window.neighbour_refused}",
        f"{longest_gap(simulator):.1f} s" if arguments.what == "push" else "–",
    ]
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def longest_gap(simulator: Simulator) -> float:
    """The longest time between the reading of a group and a write that rests on it."""
    longest, read_at = 0.0, 0.0
    for call in simulator.journal():
        moment = datetime.fromisoformat(call["time"]).timestamp()
        if call["method"] == "GET":
            read_at = moment
        elif call["status"] == 200:
            longest = max(longest, moment - read_at)
    return longest


def served(arguments: argparse.Namespace, luccas: Sequence[Simulator]) -> str:
    """How many accounts the workers kept at the limit, told from the calls they made in all."""
    moments = [datetime.fromisoformat(call["time"]).timestamp() for lucca in luccas for call in lucca.journal()]
    a_minute = len(moments) / (max(moments) - min(moments)) * 60
    limit = settings.CARDS_CALLS_PER_MINUTE
    return (
        f"{arguments.accounts} accounts, {arguments.workers} workers, answers after {arguments.latency * 1000:.0f} ms: "
        f"{a_minute:.0f} calls a minute, as many as {a_minute / limit:.0f} accounts may make"
    )


if __name__ == "__main__":
    sys.exit(main())
