"""Worker processes, and a database that they and the test share."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from cards.audit.models import Entry
from cards.integrations.catalogue.models import Activation
from cards.integrations.lucca.models import LuccaAccount
from cards.people.models import User
from cards.runs import actions, kinds
from cards.runs.lease import WORKED_ON
from cards.runs.models import Run, RunState
from cards.spaces.models import Space
from lucca_simulator import Simulator, running
from tests.cards.integrations.lucca.conftest import connected_to
from tests.cards.runs.ledger.kinds import register_kinds
from tests.conftest import a_user

ROOT = Path(__file__).resolve().parents[3]
LEASE_SECONDS = 1.5
FIGURES = ROOT / "test-artifacts" / "reliability.jsonl"


@pytest.fixture(autouse=True)
def _empty_queue() -> None:
    """Nobody hears what was rung for in an earlier test."""
    if settings.CARDS_QUEUE_URL:
        import django_rq

        django_rq.get_connection().flushdb()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any) -> Path:
    """A SQLite file with every table and no row."""
    path = tmp_path_factory.mktemp("database") / "empty.sqlite3"
    with django_db_blocker.unblock(), sqlite_file(path):
        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


class sqlite_file:  # noqa: N801 - used as a context manager
    """Within the block the default database is this file, which other processes can open too."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        self.usual = connections["default"]
        own = connections.create_connection("default")
        own.settings_dict = {**own.settings_dict, "NAME": str(self.path)}
        connections["default"] = own

    def __exit__(self, *_: object) -> None:
        connections["default"].close()
        connections["default"] = self.usual


@pytest.fixture
def shared_database(request: pytest.FixtureRequest, tmp_path: Path, django_db_setup: None) -> Iterator[str]:
    """The URL of a database that the test and the processes it starts share.

    For tests marked with `django_db(transaction=True)`: what is written must be seen by others.
    """
    if connection.vendor == "postgresql":
        its = connection.settings_dict
        yield f"postgres://{its['USER']}:{its['PASSWORD']}@{its['HOST']}:{its['PORT']}/{its['NAME']}"
        return
    path = tmp_path / "cards.sqlite3"
    shutil.copy(request.getfixturevalue("empty_database"), path)
    with sqlite_file(path):
        yield f"sqlite:///{path}"


class Workers:
    """`cards worker` processes, to be killed, frozen and thawed."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
            "CARDS_LEASE_SECONDS": str(LEASE_SECONDS),
            "CARDS_SLICE_SECONDS": "0.5",
            "CARDS_BREATH_SECONDS": "0.03",
            "PYTHONWARNINGS": "ignore",
        }
        self.log = (folder / "workers.log").open("ab")
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, count: int = 1, *command: str, **environment: str) -> None:
        for _ in range(count):
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", "cards", *(command or ("worker",))],
                    env={**self.environment, **environment},
                    cwd=ROOT,
                    stdout=self.log,
                    stderr=self.log,
                    start_new_session=True,
                )
            )

    def holder_of(self, run: Run) -> "subprocess.Popen[bytes] | None":
        """Which of them works on the run just now; a dead one's lease does not count."""
        run.refresh_from_db()
        pid = run.lease_holder.rpartition(":")[2]
        return next((process for process in self.processes if str(process.pid) == pid), None)

    def kill_holder_of(self, run: Run, *, after: float) -> bool:
        """Wait until one of them works on the run, and `after` seconds more; kill it then and start another.

        False if the run ended, or came to wait for a person's word, before that.
        """
        while until(lambda: is_at_rest(run) or self.holder_of(run)) and not is_at_rest(run):
            time.sleep(after)
            if victim := self.holder_of(run):
                victim.kill()
                victim.wait()
                self.processes.remove(victim)
                self.start()
                return True
        return False

    def stop(self) -> None:
        for process in self.processes:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.log.close()


@pytest.fixture
def workers(shared_database: str, tmp_path: Path) -> Iterator[Workers]:
    workers = Workers(shared_database, tmp_path)
    try:
        yield workers
    finally:
        workers.stop()
        if connection.vendor == "postgresql":
            # Whoever was killed or frozen in mid-transaction must not hold up the clean-up of the tables.
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture
def ledger(shared_database: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Make a run whose lines leave a trace each."""
    monkeypatch.setattr(kinds, "_kinds", {})
    register_kinds()
    space = Space.objects.create(slug="acme", name="Acme", host="acme.example")

    def make(kind: str = "ledger", *, subject: str = "lucca:1", **options: object) -> Run:
        state = RunState.PREPARING if kind == "ledger" else RunState.WAITING
        return actions.create_run(space=space, by=None, kind=kind, subject=subject, options=options, state=state)

    return make


def until(holds: Callable[[], Any], *, within: float = 150) -> Any:
    """What `holds` says, as soon as it says something."""
    deadline = time.monotonic() + within
    while not (answer := holds()):
        if time.monotonic() > deadline:
            raise AssertionError("it did not come to be")
        time.sleep(0.05)
    return answer


def is_at_rest(run: Run) -> bool:
    """Whether nobody will work on the run unless somebody says a word."""
    return state_of(run) not in (*WORKED_ON, RunState.WAITING)


def state_of(run: Run) -> str:
    run.refresh_from_db()
    return run.state


def started(run: Run) -> Run:
    """The run, when its plan is made and it was started."""
    until(lambda: state_of(run) == RunState.DRAFT)
    actions.start(run=run)
    return run


def end_state(run: Run) -> dict[str, object]:
    """Everything that must be the same however often the work was interrupted."""
    run.refresh_from_db()
    targets = list(Entry.objects.filter(action="applied").values_list("target", flat=True))
    return {
        "state": run.state,
        "done": (run.done, run.total),
        "lines": sorted(run.lines.values_list("position", "state")),
        "entries": sorted(int(target.split(":")[1]) for target in targets),
        "ends": Entry.objects.filter(action="ended", target=str(run.pk)).count(),
        "lease": (run.lease_until, run.task_id, run.asked),
    }


def undisturbed(lines: int) -> dict[str, object]:
    """The end state of a run of so many lines that nobody interrupted."""
    return {
        "state": "finished",
        "done": (lines, lines),
        "lines": [(position, "done") for position in range(lines)],
        "entries": list(range(lines)),
        "ends": 1,
        "lease": (None, "", ""),
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def counting_host(latency: float = 0) -> Iterator[tuple[str, list[float]]]:
    """A host that answers everything and keeps the moments at which it was called."""
    moments: list[float] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            moments.append(time.monotonic())
            time.sleep(latency)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}", moments
    finally:
        server.shutdown()
        server.server_close()


def most_within(moments: list[float], seconds: float) -> int:
    """The most of them that lie within so many seconds, wherever these begin."""
    return max(sum(start <= moment <= start + seconds for moment in moments) for start in moments)


def has_ended(run: Run) -> Callable[[], bool]:
    return lambda: state_of(run) in ("finished", "stopped")


def note(**figures: object) -> None:
    """Keep a figure for docs/reliability.md."""
    FIGURES.parent.mkdir(exist_ok=True)
    with FIGURES.open("a") as file:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        file.write(json.dumps({"at": now, "database": connection.vendor, **figures}) + "\n")


@pytest.fixture(scope="module")
def one_company() -> Iterator[Simulator]:
    with running() as simulator:
        yield simulator


def connected(simulator: Simulator) -> tuple[LuccaAccount, User]:
    """Acme, connected to the simulator, and Ada, who owns it; for databases that other processes see."""
    space = Space.objects.create(slug="acme", name="Acme", host="acme.example", language="en")
    ada = a_user(space, "Ada", "owner")
    Activation.objects.create(space=space, integration="lucca", activated_at=space.created_at)
    return connected_to(simulator, space, ada), ada
