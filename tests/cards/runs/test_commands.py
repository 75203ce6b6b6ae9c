"""The commands as whole processes: started, asked, told to stop, and nothing left of them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from cards.runs.models import Run
from cards.runs.supervise import Children, port_is_free
from tests.cards.runs.conftest import ROOT, Workers, counting_host, free_port, most_within, state_of, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def processes_of(session: int) -> set[int]:
    """The processes that still live in the sessions started by `session` or its children."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        state, parent, _group, its_session = fields[0], int(fields[1]), int(fields[2]), int(fields[3])
        if state != "Z" and session in (parent, its_session):
            found.add(int(stat.parent.name))
    return found


def family_of(process: subprocess.Popen[bytes]) -> set[int]:
    """The process, its children and theirs."""
    family = {process.pid}
    while more := {pid for member in family for pid in processes_of(member)} - family:
        family |= more
    return family


def alive(pids: set[int]) -> set[int]:
    def lives(pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
        except (FileNotFoundError, ProcessLookupError):
            return False

    return {pid for pid in pids if lives(pid)}


def answer_of(port: int) -> int | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/operator/login/", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def test_serve_answers_restarts_what_dies_and_leaves_nothing_within_ten_seconds(workers: Workers) -> None:
    port = free_port()
    workers.start(1, "serve", "--port", str(port), "--workers", "2")
    serving = workers.processes[0]
    assert until(lambda: answer_of(port)) == 200
    # Itself, two workers, and the web server with its own worker.
    family = until(lambda: len(found := family_of(serving)) >= 5 and found)
    for pid in processes_of(serving.pid) - {serving.pid}:
        os.kill(pid, signal.SIGKILL)
    until(lambda: not alive(family - {serving.pid}))
    assert until(lambda: answer_of(port)) == 200
    family |= family_of(serving)
    began = time.monotonic()
    serving.terminate()
    assert serving.wait(15) == 0
    assert time.monotonic() - began < 10
    assert not alive(family)
    assert port_is_free("127.0.0.1", port)


def test_serve_stops_though_it_is_told_while_it_starts(workers: Workers) -> None:
    workers.start(1, "serve", "--port", str(free_port()))
    family = until(lambda: len(found := family_of(workers.processes[0])) >= 3 and found)
    workers.processes[0].send_signal(signal.SIGINT)
    assert workers.processes[0].wait(15) == 0
    assert not alive(family)


def test_nothing_is_left_when_serve_itself_is_killed(workers: Workers) -> None:
    workers.start(1, "serve", "--port", str(free_port()))
    family = until(lambda: len(found := family_of(workers.processes[0])) >= 4 and found)
    workers.processes[0].kill()
    until(lambda: not alive(family), within=15)


def test_a_taken_port_is_said_clearly(workers: Workers) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = subprocess.run(
            [sys.executable, "-m", "cards", "serve", "--port", str(port)],
            env=workers.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert (ran.returncode, ran.stderr.splitlines()[-1]) == (
        1,
        f"CommandError: Port {port} is taken: stop what listens there, or choose another with --port.",
    )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the database that is away is a file")
def test_what_starts_while_the_database_is_away_waits_for_it_and_makes_no_key_till_then(
    empty_database: Path, workers: Workers, tmp_path: Path
) -> None:
    port, here, key = free_port(), tmp_path / "here", tmp_path / "encryption.key"
    away = {"DATABASE_URL": f"sqlite:///{here}/cards.sqlite3", "CARDS_ENCRYPTION_KEYS": "", "CARDS_KEY_FILE": str(key)}
    workers.start(1, "serve", "--port", str(port), **away)
    until(lambda: "database_rests" in Path(workers.log.name).read_text())
    assert not key.exists()
    (tmp_path / "coming").mkdir()
    shutil.copy(empty_database, tmp_path / "coming" / "cards.sqlite3")
    (tmp_path / "coming").rename(here)
    assert until(lambda: answer_of(port)) == 200
    assert key.exists()


def test_several_worker_processes_stop_with_their_command(ledger: Callable[..., Run], workers: Workers) -> None:
    workers.start(1, "worker", "--processes", "2")
    run = ledger(lines=20)
    until(lambda: state_of(run) == "draft")
    family = family_of(workers.processes[0])
    assert len(family) == 3
    workers.processes[0].terminate()
    assert workers.processes[0].wait(15) == 0
    assert not alive(family)


def test_who_is_told_to_stop_before_all_have_started_stops_those_that_have() -> None:
    with Children(lambda _: None) as children:
        process = children.start("one", ["sleep", "60"])
        os.kill(os.getpid(), signal.SIGINT)
        children.watch()
        assert process.poll() is None
        os.kill(os.getpid(), signal.SIGINT)
    assert process.poll() is not None


def test_a_child_that_will_not_stop_is_killed_with_its_own_children() -> None:
    stubborn = "import signal, subprocess, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    with Children(lambda _: None) as children:
        process = children.start("stubborn", [sys.executable, "-c", f"{stubborn} subprocess.run(['sleep', '60'])"])
        family = until(lambda: len(found := family_of(process)) == 2 and found)
        children.stop(within=0.5)
        # Who is killed needs a moment to be gone.
        until(lambda: not alive(family), within=5)


def test_two_workers_for_two_accounts_of_one_host_stay_within_its_limit(
    ledger: Callable[..., Run], workers: Workers
) -> None:
    window, limit, calls = 3.0, 12, 18
    with counting_host() as (host, moments):
        runs = [ledger("caller", subject=f"lucca:{n}", host=host, limit=limit, calls=calls) for n in (1, 2)]
        workers.start(2, LEDGER_WINDOW=str(window + 0.05))
        until(lambda: [state_of(run) for run in runs] == ["finished", "finished"])
    assert len(moments) == 2 * calls
    assert most_within(moments, window) <= limit
