"""The demo is used, moved to PostgreSQL, and goes on there as if nothing had happened."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from demo.__main__ import Ports, Secrets, _environment, _sqlite_in
from demo.smoke import _sign_in, _submit, _wait
from tests.cards.runs.conftest import ROOT, free_port
from tests.test_demo import CLEAN, until_welcome


def demo(folder: Path, web: int, lucca: int, *more: str) -> list[str]:
    ports = ("--web-port", str(web), "--lucca-port", str(lucca), "--mail-port", str(free_port()))
    return [sys.executable, "-m", "demo", "--folder", str(folder), *ports, *more]


@contextmanager
def running(command: list[str]) -> Iterator[None]:
    with subprocess.Popen(
        command, cwd=ROOT, env=CLEAN, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            assert "Cards is running" in "".join(until_welcome(process))
            yield
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == 0


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_used_demo_goes_on_after_its_move(tmp_path: Path, target: str) -> None:
    folder, web, lucca = tmp_path / "demo", free_port(), free_port()
    smoke = subprocess.run(
        demo(folder, web, lucca, "--smoke"), cwd=ROOT, env=CLEAN, text=True, capture_output=True, check=False
    )
    collaborators = re.search(r"(\d+ collaborators) read", smoke.stdout)
    assert collaborators, smoke.stdout
    known = Secrets(**json.loads((folder / "secrets.json").read_text()))
    environment = CLEAN | _environment(known, Ports(web, lucca, 1, 1, 1), folder) | {"DATABASE_URL": _sqlite_in(folder)}
    moved = subprocess.run(
        [sys.executable, "-m", "cards", "move_database", "--to", target],
        cwd=ROOT, env=environment, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert "same on both sides" in moved.stdout, moved.stderr
    with (
        running(demo(folder, web, lucca, "--database", target)),
        httpx2.Client(base_url=f"http://127.0.0.1:{web}", follow_redirects=True, timeout=20) as ada,
    ):
        _sign_in(ada, "ada@acme.example", known.password)
        assert collaborators[1] in ada.get("/integrations/lucca/users/").text
        page = _submit(
            ada, "/integrations/lucca/users/", "/integrations/lucca/users/import/", notify="yes",
            connection_mode="password",
        )  # fmt: skip
        found = re.search(r"/integrations/lucca/runs/(\d+)/", page)
        assert found
        path = found[0]
        _wait(lambda: "Nothing has been done yet" in ada.get(path).text, "the plan did not come")
        # Everybody was imported before the move: there is nobody to create or to link.
        assert not re.search(r'show=(create|link)[^"]*">[1-9]', ada.get(path).text)
