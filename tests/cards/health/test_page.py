"""The operator's health page: figures of the whole installation, and nothing of learners."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client

from cards import clock
from cards.health import figures
from cards.integrations.lucca.models import StatisticsSettings
from cards.people.models import Mail, MailKind, MailState, User
from cards.runs.beats import FORGOTTEN, Heart, forget_lost
from cards.runs.models import Run, RunState, WorkerBeat
from tests.cards.walk.filled import fill

ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db

PAGE = "/operator/health/"


def test_it_tells_of_the_nights_of_each_space_and_why_they_are_held(oscar: User, client_of: ClientOf) -> None:
    filled = fill("acme", "Quetzal", 810_000_000)
    settings = filled.first(StatisticsSettings)
    page = client_of(oscar).get(PAGE).content.decode()
    assert "Quetzal learning" in page
    assert "20 November 2026" in page
    settings.stopped_at = clock.now()
    settings.save()
    (held,) = figures.nights()
    assert (held.tone, held.nights[0][0]) == ("error", date(2026, 11, 20))
    assert held.sentence in client_of(oscar).get(PAGE).content.decode().replace("&#x27;", "'")


def test_it_shows_nothing_of_learners(oscar: User, client_of: ClientOf) -> None:
    filled = fill("acme", "Quetzal", 810_000_000)
    page = client_of(oscar).get(PAGE).content.decode()
    for user in filled.rows[User]:
        assert user.email not in page
        assert user.full_name not in page
    assert page.count("Quetzal") == 1


def test_it_counts_what_waits_and_says_since_when(acme: object, lou: User) -> None:
    now = clock.now()
    for number, (minutes, until) in enumerate(((-7, None), (-2, None), (7, None), (-9, now + timedelta(minutes=1)))):
        Run.objects.create(
            space=lou.space,
            subject=f"lucca:{number}",
            kind="refresh",
            state=RunState.RUNNING,
            created_at=now,
            next_at=now + timedelta(minutes=minutes),
            lease_until=until,
        )
    found = figures.queue()
    assert (found.due, found.later, found.taken) == (2, 1, 1)
    assert found.oldest_since == now - timedelta(minutes=7)
    for state, release_at in (
        (MailState.HELD, now - timedelta(minutes=3)),
        (MailState.HELD, now + timedelta(minutes=3)),
        (MailState.HELD, None),
        (MailState.FAILED, now),
        (MailState.SENDING, now),
    ):
        Mail.objects.create(
            space=lou.space, kind=MailKind.FIRST_VISIT, state=state, release_at=release_at, created_at=now
        )
    Mail.objects.create(
        space=lou.space,
        kind=MailKind.FIRST_VISIT,
        release_at=now + timedelta(minutes=5),
        attempts=1,
        last_error="unreachable",
        created_at=now,
    )
    waiting = figures.mails()
    assert (waiting.due, waiting.held, waiting.put_off, waiting.failed, waiting.perhaps_sent) == (1, 2, 1, 1, 1)
    assert waiting.oldest_since == now - timedelta(minutes=3)


def test_a_worker_is_there_while_it_says_so(oscar: User, client_of: ClientOf) -> None:
    client = client_of(oscar)
    assert "No worker is there" in client.get(PAGE).content.decode()
    heart = Heart()
    heart.beat()
    heart.beat()
    (worker,) = figures.workers()
    assert (worker.name, worker.is_there) == (heart.name, True)
    assert "No worker is there" not in client.get(PAGE).content.decode()
    with clock.told(clock.now() + figures.SILENT + timedelta(seconds=1)):
        assert not figures.workers()[0].is_there
    with clock.told(clock.now() + FORGOTTEN + timedelta(seconds=1)):
        forget_lost()
    assert not WorkerBeat.objects.exists()


def test_a_worker_that_was_stopped_is_not_taken_for_lost() -> None:
    heart = Heart()
    heart.beat()
    heart.stop()
    assert not WorkerBeat.objects.exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="the database has no clock of its own")
def test_a_worker_says_that_its_clock_is_not_the_database_s(capsys: pytest.CaptureFixture[str]) -> None:
    Heart().beat()
    assert capsys.readouterr().err == ""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql"
            " AS $$ SELECT pg_catalog.clock_timestamp() + interval '1 hour' $$"
        )
        cursor.execute("SET LOCAL search_path = public, pg_catalog")
    Heart().beat()
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert told["event"] == "clock_differs"
    assert told["seconds_ahead"] == pytest.approx(-3600, abs=60)


def test_where_nothing_waits_it_says_nothing_waits() -> None:
    assert [name for name, _number in figures.software()][:3] == ["Cards", "Python", "Django"]
    assert figures.queue() == figures.Queue(due=0, oldest_since=None, later=0, taken=0)
    assert all(number == 0 for _state, number in figures.runs())


def test_the_operator_s_pages_lead_to_it_and_to_the_own_account(oscar: User, client_of: ClientOf) -> None:
    page = client_of(oscar).get("/operator/").content.decode()
    assert f'href="{PAGE}"' in page
    assert 'href="/account/"' in page


def test_nobody_else_sees_it(ada: User, client_of: ClientOf) -> None:
    assert client_of(ada).get(PAGE, follow=True).status_code == 403
