"""Settings that cannot be are refused when anything starts, by their name and without their value."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    settings = {"CARDS_ENV_FILE": os.devnull, "DATABASE_URL": "sqlite://:memory:", "SECRET_KEY": "x" * 60}
    command = [sys.executable, "-m", "cards", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=clean | settings | environment)


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("CARDS_CALLS_PER_MINUTE", "forty", "CARDS_CALLS_PER_MINUTE should be a whole number."),
        ("CARDS_LEASE_SECONDS", "long", "CARDS_LEASE_SECONDS should be a number."),
        ("BEHIND_PROXY", "perhaps", "BEHIND_PROXY should be 1 or 0."),
        ("DATABASE_URL", "cards:geheim@db/cards", "DATABASE_URL should be sqlite:///path or postgres://"),
        ("DATABASE_URL", "mysql://cards:geheim@db/cards", "DATABASE_URL should be sqlite:///path or postgres://"),
        ("EMAIL_URL", "cards:geheim@mail", "EMAIL_URL should be smtp://user:password@host:port"),
        ("CARDS_ENV_FILE", "/nowhere/geheim", "The file that CARDS_ENV_FILE names cannot be read."),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name(variable: str, value: str, sentence: str) -> None:
    refused = run("check", **{variable: value})
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1), refused.stderr
    assert refused.stderr.startswith(sentence)
    assert "geheim" not in refused.stderr


@pytest.mark.parametrize("line", ["CARDS_ENCRYPTION_KEYS = geheim", "CARDS_ENCRYPTION_KEYS: geheim", "geheim"])
def test_a_line_of_the_file_that_sets_nothing_is_refused_by_its_number_alone(line: str, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(f"# The keys\n\nexport BEHIND_PROXY=1\n{line}\n")
    refused = run("check", CARDS_ENV_FILE=str(file))
    assert (refused.returncode, refused.stderr) == (
        2,
        "Line 4 of the file of settings should be NAME=value, without spaces.\n",
    )


def test_each_number_and_address_has_its_limits_and_all_that_are_wrong_are_said_together() -> None:
    wrong = {
        "CARDS_CALLS_PER_MINUTE": "1",
        "CARDS_MAIL_HOLD_SECONDS": "-5",
        "CARDS_LEASE_SECONDS": "0",
        "CARDS_BREATH_SECONDS": "-1",
        "CARDS_SLICE_SECONDS": "0",
        "CARDS_KEEP_RUNS_MONTHS": "-3",
        "CARDS_KEEP_MAILS_MONTHS": "-3",
        "CARDS_KEEP_AUDIT_MONTHS": "-3",
        "CARDS_LINK_DAYS": "0",
        "CARDS_PUBLIC_URL": "cards.example",
        "CARDS_QUEUE_URL": "http://redis.example",
        "CARDS_LUCCA_FILE_PATH": "/people/{ID}",
        "CARDS_CONTACT_URL": "javascript:alert(1)",
        "DEFAULT_FROM_EMAIL": "Cards",
        "ALLOWED_HOSTS": "cards.example,https://cards.example",
        "CARDS_ALLOWED_LUCCA_HOSTS": "https://lucca.example",
        "CARDS_ALLOWED_SSO_HOSTS": "sso.example/realm",
    }
    refused = run("check", **wrong)
    assert refused.returncode == 1
    assert [name for name in wrong if f"{name} should" not in refused.stderr] == []


def test_addresses_may_be_written_in_all_ways_that_work() -> None:
    right = {
        "CARDS_PUBLIC_URL": "http://{host}:8123/",
        "CARDS_LUCCA_FILE_PATH": "/people/{id}/file?tab=1",
        "CARDS_CONTACT_URL": "mailto:hr@cards.example",
        "DEFAULT_FROM_EMAIL": "Cards <cards@localhost>",
        "ALLOWED_HOSTS": ".cards.example, [::1],*",
        "CARDS_ALLOWED_LUCCA_HOSTS": "127.0.0.1:8001, [::1]:8001",
        "CARDS_ALLOWED_SSO_HOSTS": "sso.inside",
    }
    accepted = run("check", **right)
    assert (accepted.returncode, accepted.stderr) == (0, "")


@pytest.mark.parametrize("word", ["1", "0", "yes", "no", "True", "false", "on", "off", ""])
def test_yes_and_no_may_be_said_in_the_usual_words(word: str) -> None:
    assert run("check", BEHIND_PROXY=word).returncode == 0


@pytest.mark.parametrize("command", [["serve"], ["web"], ["worker"]])
def test_nothing_starts_on_tables_of_an_older_version(command: list[str], tmp_path: Path) -> None:
    refused = run(*command, DATABASE_URL=f"sqlite:///{tmp_path / 'cards.sqlite3'}")
    assert (refused.returncode, refused.stderr) == (
        1,
        "CommandError: The database is not of this version yet: run `cards migrate` first.\n",
    )


def test_a_database_that_was_moved_is_named_instead_of_beginning_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "cards.sqlite3.moved").touch()
    refused = run("serve", DATABASE_URL=f"sqlite:///{tmp_path / 'cards.sqlite3'}")
    assert (refused.returncode, "was moved to PostgreSQL: let DATABASE_URL name" in refused.stderr) == (1, True)


def test_nothing_is_served_without_styles(tmp_path: Path) -> None:
    own = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'cards.sqlite3'}",
        "STATIC_ROOT": str(tmp_path / "static"),
        "CARDS_KEY_FILE": str(tmp_path / "key"),
    }
    assert run("migrate", **own).returncode == 0
    refused = run("web", **own)
    assert (refused.returncode, "run `cards collectstatic --no-input` first" in refused.stderr) == (1, True)


def test_a_key_file_that_cannot_be_made_is_said_in_a_line(tmp_path: Path) -> None:
    own = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'cards.sqlite3'}",
        "STATIC_ROOT": str(tmp_path / "static"),
        "CARDS_KEY_FILE": str(tmp_path / "none" / "key"),
    }
    assert run("migrate", **own).returncode == 0
    assert run("collectstatic", "--no-input", **own).returncode == 0
    refused = run("serve", **own)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1), refused.stderr
    assert "cannot be made: No such file or directory. Set CARDS_KEY_FILE" in refused.stderr


@pytest.mark.parametrize(
    "words", [["serve", "--workers", "0"], ["web", "--threads", "-1"], ["worker", "--processes", "0"]]
)
def test_as_many_as_none_is_no_number(words: list[str]) -> None:
    refused = run(*words)
    assert (refused.returncode, refused.stderr.splitlines()[-1].endswith(f"{words[1]}: at least 1")) == (2, True)


def test_a_port_is_one() -> None:
    assert "a port is a number from 1 to 65535" in run("serve", "--port", "70000").stderr


def test_a_database_that_does_not_answer_is_said_in_a_line() -> None:
    said = run("report", "1", DATABASE_URL="postgres://cards:geheim@127.0.0.1:1/cards")
    assert (said.returncode, said.stderr.startswith("The database does not answer: ")) == (1, True), said.stderr
    assert "Traceback" not in said.stderr
    assert "geheim" not in said.stderr


def test_the_sqlite_file_is_its_server_s_alone_and_styles_can_be_read_by_a_proxy(tmp_path: Path) -> None:
    kept, styles = tmp_path / "cards.sqlite3", tmp_path / "styles"
    environment = {"DATABASE_URL": f"sqlite:///{kept}", "STATIC_ROOT": str(styles)}
    for words in (("showmigrations", "spaces"), ("collectstatic", "--no-input")):
        assert run(*words, **environment).returncode == 0
    assert kept.stat().st_mode & 0o777 == 0o600
    assert {path.stat().st_mode & 0o777 for path in [styles, *styles.rglob("*")]} == {0o755, 0o644}
