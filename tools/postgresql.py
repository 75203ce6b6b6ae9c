"""Run a command with DATABASE_URL naming a throw-away PostgreSQL server, on loopback and in a temporary folder.

python -m tools.postgresql pytest -q
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

# Debian keeps the server's own commands out of the PATH.
DEBIAN = "/usr/lib/postgresql"
# What would cost time and protects nothing that is thrown away.
OPTIONS = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "logging_collector=off",
]


def main(arguments: Sequence[str]) -> int:
    return run_beside(server, "DATABASE_URL", arguments, usage=__doc__)


def run_beside(
    server: Callable[[], AbstractContextManager[str]], variable: str, arguments: Sequence[str], *, usage: str | None
) -> int:
    """Run a command while a server runs whose URL it finds in the environment's `variable`; its exit status."""
    if not arguments:
        print(usage, file=sys.stderr)
        return 2
    # So that the server is stopped also when we are told to stop.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    with server() as url:
        return subprocess.run(arguments, env={**os.environ, variable: url}, check=False).returncode


@contextmanager
def server() -> Iterator[str]:
    """A running server's URL; when the block ends the server is gone, and its data with it."""
    commands = _commands()
    folder = Path(tempfile.mkdtemp(prefix="cards-postgresql-"))
    try:
        as_user = _as_other_than_root(folder)
        port = _free_port()
        initialise: list[str | Path] = [
            commands / "initdb",
            "--pgdata",
            folder / "data",
            "--auth",
            "trust",
            "--username",
            "cards",
        ]
        _run([*as_user, *initialise, "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"])
        settings = [f"listen_addresses=127.0.0.1 port={port} unix_socket_directories={folder}", *OPTIONS]
        flags = " ".join(f"-c {setting}" for line in settings for setting in line.split())
        control: list[str | Path] = [*as_user, commands / "pg_ctl", "--pgdata", folder / "data", "--silent", "--wait"]
        try:
            _run([*control, "--options", flags, "--log", folder / "log", "start"])
            yield f"postgres://cards@127.0.0.1:{port}/postgres"
        finally:
            # Whether or not it had come so far as to run.
            subprocess.run([*control, "--mode", "immediate", "stop"], check=False, capture_output=True, cwd="/")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _commands() -> Path:
    """Where the newest server's commands are."""
    found = sorted(Path(DEBIAN).glob("*/bin/initdb"), key=lambda path: float(path.parent.parent.name))
    if found:
        return found[-1].parent
    if in_path := shutil.which("initdb"):
        return Path(in_path).parent
    raise SystemExit("PostgreSQL's server is not installed (on Debian: apt install postgresql).")


def _as_other_than_root(folder: Path) -> list[str]:
    """The words that run a command as somebody else when we are root, as which PostgreSQL refuses to run."""
    if os.geteuid() != 0:
        return []
    names = {entry.pw_name for entry in pwd.getpwall()}
    other = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, other.pw_uid, other.pw_gid)
    return ["setpriv", f"--reuid={other.pw_uid}", f"--regid={other.pw_gid}", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(command: Sequence[str | Path]) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise SystemExit(f"{Path(command[-1]).name} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
