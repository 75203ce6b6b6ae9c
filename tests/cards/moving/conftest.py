"""A filled installation on SQLite, a PostgreSQL server, and the command between them as a process of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.cards.runs.conftest import ROOT, empty_database
from tools.postgresql import server

__all__ = ["empty_database"]


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a demo after its first imports."""
    path = tmp_path_factory.mktemp("installation") / "cards.sqlite3"
    subprocess.run([sys.executable, "-m", "tests.cards.moving.filled"], env=environment_of(path), cwd=ROOT, check=True)
    return path


@pytest.fixture
def source(installation: Path, tmp_path: Path) -> Path:
    """A copy of the installation's database."""
    return Path(shutil.copy(installation, tmp_path / "cards.sqlite3"))


@pytest.fixture(scope="session")
def postgresql(django_db_setup: None) -> Iterator[str]:
    """The beginning of the URLs of a server's databases: of that which the suite runs on, or of one of our own."""
    if connection.vendor == "postgresql":
        its = connection.settings_dict
        yield f"postgres://{its['USER']}:{its['PASSWORD']}@{its['HOST']}:{its['PORT']}"
        return
    with server() as url:
        yield url.removesuffix("/postgres")


names = count(1)


@pytest.fixture
def target(postgresql: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    name = f"moved_{os.getpid()}_{next(names)}"
    with psycopg.connect(f"{postgresql}/postgres", autocommit=True) as opened:
        opened.execute(f"CREATE DATABASE {name}")
        yield f"{postgresql}/{name}"
        opened.execute(f"DROP DATABASE {name} WITH (FORCE)")


Cards = Callable[..., "subprocess.CompletedProcess[str]"]


def environment_of(database: Path | str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{database}" if isinstance(database, Path) else database,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "CARDS_ENCRYPTION_KEYS": ",".join(settings.CARDS_ENCRYPTION_KEYS),
    }


@pytest.fixture
def cards() -> Cards:
    """Run `cards` with a database, and wait for its end."""

    def run(database: Path | str, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "cards", *words],
            env=environment_of(database),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    return run
