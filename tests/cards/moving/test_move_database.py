"""From SQLite to PostgreSQL: everything arrives, nothing is begun that could lose something."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from cards.moving.errors import NotPossible
from cards.moving.rows import Digest, Json, tables
from cards.moving.source import NOT_OURS, look_over
from cards.moving.source import held as source_held
from cards.moving.target import MARK
from cards.runs.models import Run
from cards.seal import unseal
from cards.spaces.models import Space
from tests.cards.moving.conftest import Cards, environment_of
from tests.cards.runs.conftest import ROOT, sqlite_file, until

pytestmark = pytest.mark.timeout(300)
COUNT = "SELECT count(*) FROM "


@pytest.mark.skipif(connection.vendor == "sqlite", reason="done with the suite on PostgreSQL, where the server is")
def test_everything_is_there_afterwards_and_numbers_go_on_where_they_were(
    source: Path, target: str, cards: Cards
) -> None:
    with closing(sqlite3.connect(source)) as before:
        counts = {table: before.execute(COUNT + table).fetchone()[0] for table in _tables(before)}
        key, picture = before.execute(
            "SELECT encrypted_key, content FROM lucca_luccaaccount, trainings_picture"
        ).fetchone()
    moved = cards(source, "move_database", "--json", "--to", target)
    assert (moved.returncode, moved.stderr) == (0, "")
    proven = [json.loads(line) for line in moved.stdout.splitlines()]
    assert {table["table"]: table["count"] for table in proven} == counts
    assert min(counts[t] for t in ("people_user", "people_mail", "lucca_link", "lucca_departmentlink", "runs_run")) > 1
    with psycopg.connect(target) as after:
        assert {table: _value(after, COUNT + table) for table in counts} == counts
        assert _value(after, "SELECT encrypted_key FROM lucca_luccaaccount") == key
        assert unseal(key)
        assert _value(after, "SELECT content FROM trainings_picture") == picture
        assert _value(after, "SELECT counters FROM lucca_luccaaccount WHERE counters = 'null'") is None
        assert _value(after, "SELECT last_login::text FROM people_user WHERE last_login < '1970-01-01'").startswith(
            "1969-07-20 20:17:40.000001"
        )
        assert _value(after, "SELECT nextval(pg_get_serial_sequence('trainings_training', 'id'))") == 4712
    assert (source.exists(), source.with_name("cards.sqlite3.moved").exists()) == (False, True)


def _tables(database: sqlite3.Connection) -> list[str]:
    """Every table of the file but those of SQLite and of the migrations."""
    found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return [name for (name,) in found if name not in NOT_OURS]


def _value(database: "psycopg.Connection[tuple[object, ...]]", query: str) -> object:
    row = database.execute(query.encode()).fetchone()
    assert row
    return row[0]


@pytest.fixture
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A database with tables alone."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite is moved")
    return Path(shutil.copy(request.getfixturevalue("empty_database"), tmp_path / "bare.sqlite3"))


Hold = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def hold(bare: Path, django_db_blocker: Any) -> Hold:
    """Hold the bare database and look it over, in this process."""

    @contextmanager
    def hold() -> Iterator[None]:
        with django_db_blocker.unblock(), sqlite_file(bare), source_held():
            look_over()
            yield

    return hold


def test_nothing_is_moved_while_somebody_has_the_database_open(
    bare: Path, hold: Hold, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cards.moving.source.PATIENCE_SECONDS", 0.1)
    with closing(sqlite3.connect(bare)) as idle:
        idle.execute("SELECT count(*) FROM people_user").fetchall()
        with pytest.raises(NotPossible, match="has the database open"):
            hold().__enter__()
    with hold():
        pass


def test_while_it_is_moved_nobody_else_reads_or_writes(bare: Path, hold: Hold) -> None:
    with hold():
        other = sqlite3.connect(bare, timeout=0.1)
        with closing(other), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("SELECT count(*) FROM people_user")


def test_nothing_is_moved_while_a_worker_has_a_run(bare: Path, hold: Hold, django_db_blocker: Any) -> None:
    now = datetime.now(UTC)
    with django_db_blocker.unblock(), sqlite_file(bare):
        space = Space.objects.create(slug="acme", name="Acme", host="acme.example")
        Run.objects.create(
            space=space, subject="s", kind="k", state="running", created_at=now, lease_holder="host:1", lease_until=now
        )
    with pytest.raises(NotPossible, match=r"at work on run 1 \(host:1\)"):
        hold().__enter__()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("CREATE TABLE notes (words text)", "notes"),
        ("DELETE FROM django_migrations WHERE app = 'people'", "cards migrate"),
    ],
)
def test_nothing_is_moved_when_something_would_be_left_behind(
    bare: Path, hold: Hold, statement: str, words: str
) -> None:
    with closing(sqlite3.connect(bare)) as database, database:
        database.execute(statement)
    with pytest.raises(NotPossible, match=words):
        hold().__enter__()


def test_every_table_comes_after_those_it_names() -> None:
    seen = set()
    for model in tables():
        seen.add(model)
        named = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
        assert named <= seen, model


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ([(1, "a"), (2, "b")], [(2, "b"), (1, "a")], True),
        ([(1, "a"), (1, "a")], [(1, "a")], False),
        ([(1, None)], [(1, Json(None))], False),
        ([(1,)], [("1",)], False),
        ([(1, True)], [(1, 1)], False),
        ([(Json({"a": 1.0, "b": 2}),)], [(Json({"b": 2, "a": 1}),)], True),
        ([(Json([1, 2]),)], [(Json([2, 1]),)], False),
        ([(b"ab",)], [(memoryview(b"ab"),)], True),
        ([("a", "b")], [("ab", "")], False),
    ],
)
def test_digests_are_the_same_for_the_same_rows_only(one, other, same) -> None:
    def digest_of(rows: list[tuple[object, ...]]) -> Digest:
        digest = Digest()
        for row in rows:
            digest.add(row)
        return digest

    assert (digest_of(one) == digest_of(other)) is same


@pytest.mark.long
def test_a_second_installation_does_not_fit_into_the_same_database(source: Path, target: str, cards: Cards) -> None:
    kept = Path(shutil.copy(source, source.with_name("second.sqlite3")))
    assert cards(source, "move_database", "--to", target).returncode == 0
    assert cards(target, "check", "--database", "default").returncode == 0
    again = cards(kept, "move_database", "--to", target, "--start-again")
    assert (again.returncode, "not empty" in again.stderr) == (2, True)
    assert kept.exists()


@pytest.mark.long
def test_what_postgresql_refuses_is_named_without_its_value_and_the_move_is_done_again(
    source: Path, target: str, cards: Cards
) -> None:
    with closing(sqlite3.connect(source)) as database, database:
        database.execute("UPDATE people_user SET first_name = ? WHERE role = 'editor'", ["Eli" * 100])
    failed = cards(source, "move_database", "--to", target)
    assert failed.returncode == 1
    assert "people_user.first_name (StringDataRightTruncation)" in failed.stderr
    assert "EliEli" not in failed.stderr
    assert "was not ended" in cards(target, "worker").stderr
    assert "--start-again" in cards(source, "move_database", "--to", target).stderr
    with closing(sqlite3.connect(source)) as database, database:
        database.execute("UPDATE people_user SET first_name = 'Eli' WHERE role = 'editor'")
    again = cards(source, "move_database", "--to", target, "--start-again")
    assert (again.returncode, again.stderr) == (0, "")
    assert "same on both sides" in again.stdout


@pytest.mark.long
def test_killed_half_way_it_is_done_again_from_the_beginning(source: Path, target: str, cards: Cards) -> None:
    for moment in (0.0, 0.2, 0.5):
        process = subprocess.Popen(
            [sys.executable, "-m", "cards", "move_database", "--start-again", "--to", target],
            env=environment_of(source),
            cwd=ROOT,
            start_new_session=True,
        )
        with psycopg.connect(target, autocommit=True) as looking:
            until(lambda: _value(looking, "SELECT to_regclass('people_user') IS NOT NULL"))
            assert _value(looking, f"SELECT to_regclass('{MARK}') IS NOT NULL")
            time.sleep(moment)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            assert _value(looking, f"SELECT to_regclass('{MARK}') IS NOT NULL")
    assert source.exists()
    moved = cards(source, "move_database", "--start-again", "--to", target)
    assert (moved.returncode, moved.stderr) == (0, "")
