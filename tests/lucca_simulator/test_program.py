"""`python -m lucca_simulator`: how it starts, refuses and stops."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest

COMMAND = [sys.executable, "-m", "lucca_simulator"]


@contextmanager
def program(*flags: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The running program and its address, read from the line it prints."""
    with subprocess.Popen([*COMMAND, "--port", "0", *flags], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            yield process, line.split()[-1]
        finally:
            process.kill()


def test_it_prints_its_address_once_and_answers_with_the_key_it_was_given() -> None:
    with program("--employees", "30", "--api-key", "k", "--calls-per-minute", "1", "--unknown-user", "404") as (
        _it,
        url,
    ):
        headers = {"Authorization": "lucca application=k"}
        first = httpx2.get(f"{url}/api/v3/users/900", headers=headers)
        second = httpx2.get(f"{url}/api/v3/users", headers=headers)
        state = httpx2.get(f"{url}/_simulator/state").json()
    assert (first.status_code, second.status_code) == (404, 429)
    assert state["counts"]["employees"] == 30


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_told_to_even_while_an_answer_is_slow(how: signal.Signals) -> None:
    with program("--employees", "1", "--api-key", "k", "--latency", "4") as (process, url):
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as waiting:
            waiting.sendall(b"GET /api/v3/users HTTP/1.1\r\nHost: x\r\nAuthorization: lucca application=k\r\n\r\n")
            while not httpx2.get(f"{url}/_simulator/journal").json()["calls"]:
                pass
            process.send_signal(how)
            # The slow answer alone would take longer than this.
            process.wait(timeout=3)
    assert process.returncode == 0


def test_a_taken_port_is_said_with_exit_status_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = subprocess.run([*COMMAND, "--port", port], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert f"Port {port}" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("flags", "word"),
    [
        (["--host", "192.0.2.1"], "this machine itself"),
        (["--employees", "500000"], "at most"),
        (["--fault", "kind=nonsense"], "nonsense"),
        (["--multi-write", "sometimes"], "sometimes"),
        (["--port", "70000"], "70000"),
    ],
)
def test_what_cannot_be_is_said_with_exit_status_2(flags: list[str], word: str) -> None:
    command = [*COMMAND, "--port", "0", *flags]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert word in refused.stderr
    assert "Traceback" not in refused.stderr
