"""Settings that cannot be are refused when anything starts, by their name and without their value."""

import os
import subprocess
import sys

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


def test_each_number_and_address_has_its_limits_and_all_that_are_wrong_are_said_together() -> None:
    wrong = {
        "CARDS_CALLS_PER_MINUTE": "0",
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
    }
    refused = run("check", **wrong)
    assert refused.returncode == 1
    assert [name for name in wrong if f"{name} should" not in refused.stderr] == []


@pytest.mark.parametrize("word", ["1", "0", "yes", "no", "True", "false", "on", "off", ""])
def test_yes_and_no_may_be_said_in_the_usual_words(word: str) -> None:
    assert run("check", BEHIND_PROXY=word).returncode == 0
