"""What somebody reads when something went wrong: what to do, in their language, without a look behind the scenes."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client

from cards import traces
from cards.people.models import User
from cards.runs.supervise import Children
from tests.cards.runs.conftest import free_port, until

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.cards.ui.guide")]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
def test_an_error_page_says_what_to_do(
    status: int, language: str, ada: User, client_of: Callable[[User], Client]
) -> None:
    User.objects.update(language=language)
    client = client_of(ada)
    client.raise_request_exception = False
    answer = client.get(f"/failing/{status}/")
    page = answer.content.decode()
    assert answer.status_code == status
    assert f'<html lang="{language}"' in page
    assert '<a class="btn btn-primary" href="' in page
    assert "Error" not in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_host_that_is_none_of_ours_is_refused_in_the_language_of_the_browser(language: str, client: Client) -> None:
    answer = client.get("/", SERVER_NAME="bad_host", headers={"Accept-Language": language})
    assert answer.status_code == 400
    assert f'<html lang="{language}"' in answer.content.decode()


@pytest.mark.parametrize(("language", "words"), [("en", "shows no page"), ("fr", "n’affiche pas de page")])
def test_an_address_that_takes_forms_alone_says_so_to_whoever_opens_it(
    language: str, words: str, ada: User, client_of: Callable[[User], Client]
) -> None:
    User.objects.update(language=language)
    answer = client_of(ada).get("/users/1/invite/")
    page = answer.content.decode()
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert words in page
    assert '<a class="btn btn-primary" href="/">' in page


def test_what_broke_is_told_to_the_log_without_what_it_said(
    ada: User, client_of: Callable[[User], Client], capsys: pytest.CaptureFixture[str]
) -> None:
    client = client_of(ada)
    client.raise_request_exception = False
    client.get("/failing/500/")
    (line,) = [json.loads(line) for line in capsys.readouterr().err.splitlines() if "page_failed" in line]
    assert line["error"] == "ValueError"
    assert line["frames"][-1].startswith("__init__.py:")
    assert line.keys() == {"event", "level", "timestamp", "page", "error", "code", "frames"}


@pytest.mark.django_db
def test_an_error_of_the_database_has_its_own_name_in_the_log_and_no_other_words() -> None:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM geheim")
    assert traces.code_of(caught.value) in ("SQLITE_ERROR", "42P01")
    assert traces.code_of(ValueError("geheim")) == ""


def test_a_database_that_was_not_reached_has_words_instead_of_a_name() -> None:
    nobody = DatabaseWrapper(
        connection.settings_dict | {"ENGINE": "django.db.backends.postgresql", "NAME": "cards", "OPTIONS": {}}
        | {"HOST": "127.0.0.1", "PORT": free_port(), "USER": "cards", "PASSWORD": "geheim"}
    )  # fmt: skip
    with pytest.raises(OperationalError) as caught:
        nobody.ensure_connection()
    assert traces.code_of(caught.value) == "Connection refused"


@pytest.mark.skipif(sys.platform != "linux", reason="a disk without room, as Linux has one at hand")
def test_a_log_that_cannot_be_written_ends_no_work() -> None:
    says = "import django, structlog; django.setup(); structlog.get_logger().warning('said'); print('goes on')"
    with Path("/dev/full").open("w") as full:
        told = subprocess.run([sys.executable, "-c", says], stdout=subprocess.PIPE, stderr=full, check=False)
        assert told.stdout == b"goes on\n"
    with Path("/dev/full").open("wb", buffering=0) as full, Children(lambda words: full.write(words.encode())) as two:
        first = two.start("one that ends", ["true"])
        first.wait()
        until(lambda: two.watch_once() or two.children[0].process is not first)


def test_an_old_form_says_that_nothing_was_saved(ada: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(ada)
    client.handler.enforce_csrf_checks = True
    answer = client.post("/theme/")
    assert answer.status_code == 403
    assert "nothing was saved" in answer.content.decode()


def test_a_task_that_failed_is_one_line_without_what_its_error_said(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        int("ada@acme.example")
    except ValueError:
        logging.getLogger("django_tasks").exception("Task id=%s failed", 1)
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["event"] == "task_failed"
    assert "ada@" not in line


def test_an_outage_is_told_when_it_begins_while_it_lasts_and_when_it_is_over(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> list[str]:
        return [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]

    outage = traces.Outage("database")
    outage.ends()
    assert told() == []
    for _try in range(3):
        outage.lasts(DatabaseError("geheim"))
    assert told() == ["database_rests"]
    monkeypatch.setattr(traces, "TOLD_EVERY", 0.0)
    outage.lasts(DatabaseError("geheim"))
    outage.ends()
    outage.ends()
    assert told() == ["database_rests", "database_is_back"]


def test_the_web_server_says_one_event_a_line_on_stderr() -> None:
    said = "import logging; from granian.log import configure_logging, LogLevels; import json, sys;"
    said += "configure_logging(LogLevels.warning, json.load(open(sys.argv[1])));"
    said += "logging.getLogger('_granian').error('one\\ntwo')"
    config = settings.BASE_DIR / "cards" / "web_server_log.json"
    told = subprocess.run([sys.executable, "-c", said, config], capture_output=True, text=True, check=True)
    (line,) = told.stderr.splitlines()
    assert (told.stdout, json.loads(line)["event"], json.loads(line)["said"]) == ("", "web_server", "one\ntwo")
