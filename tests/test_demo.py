"""The demo as somebody at a terminal meets it: it starts, stays, stops without a trace, and goes on with its data."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# The environment of the tests is not the demo's.
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "CARDS_", "SECRET_"))}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def command(folder: Path, *more: str, web: int | None = None) -> list[str]:
    ports = {"--web-port": web or free_port(), "--lucca-port": free_port(), "--mail-port": free_port()}
    words = [word for name, port in ports.items() for word in (name, str(port))]
    return [sys.executable, "-m", "demo", "--folder", str(folder), *words, *more]


def until_welcome(process: "subprocess.Popen[str]") -> Iterator[str]:
    """What it prints, up to the sentence that ends the welcome."""
    assert process.stdout
    for line in process.stdout:
        yield line
        if "make demo-reset forgets them" in line:
            return


@pytest.mark.timeout(240)
def test_it_starts_says_where_everything_is_and_stops_with_ctrl_c_leaving_no_process(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    passwords = []
    for _ in range(2):
        web = free_port()
        with subprocess.Popen(
            command(folder, web=web), cwd=ROOT, env=CLEAN, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            told = "".join(until_welcome(process))
            for words in ("Operator Oscar", "Owner Ada", "Editor Eli", "Learner Lou", f"http://127.0.0.1:{web}/"):
                assert words in told
            passwords.append(told.partition("Their password")[2].split()[0])
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == 0
        listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        assert str(web) not in listed
        assert str(folder) not in listed
    assert passwords[0] == passwords[1]


def test_a_taken_port_is_said_clearly_and_nothing_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            command(tmp_path / "demo", web=port), cwd=ROOT, env=CLEAN, text=True, capture_output=True, check=False
        )
    assert done.returncode == 2
    assert f"Port {port} is taken" in done.stdout
    assert not (tmp_path / "demo").exists()
