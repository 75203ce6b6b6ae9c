"""The long matrices (`make test-long`), on whichever database DATABASE_URL names. Figures go to docs/reliability.md."""

import random
import signal
import statistics
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from cards.people.models import User
from cards.runs import actions
from cards.runs.models import Run, RunState
from cards.spaces.models import Space
from tests.cards.runs.conftest import (
    LEASE_SECONDS,
    ROOT,
    Workers,
    counting_host,
    end_state,
    free_port,
    has_ended,
    most_within,
    note,
    started,
    state_of,
    undisturbed,
    until,
)
from tests.conftest import a_user

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800), pytest.mark.django_db(transaction=True)]

LINES = 5_000


@pytest.mark.parametrize(("workers_at_once", "kills"), [(1, 30), (2, 40), (4, 30)])
def test_hundred_kills_in_a_run_of_five_thousand_lines(
    ledger: Callable[..., Run], workers: Workers, workers_at_once: int, kills: int
) -> None:
    chance = random.Random(workers_at_once)
    run = ledger(lines=LINES, batch=25, pause=0.2)
    workers.start(workers_at_once)
    began = time.monotonic()
    started(run)
    for _ in range(kills):
        assert workers.kill_holder_of(run, after=chance.uniform(0, 0.6))
    until(has_ended(run), within=600)
    assert end_state(run) == undisturbed(LINES)
    note(
        test="kills",
        workers=workers_at_once,
        kills=kills,
        seconds=round(time.monotonic() - began),
    )


@pytest.mark.parametrize("workers_at_once", [2, 4])
@pytest.mark.parametrize("leases", [0.5, 1.0, 2.5], ids=lambda leases: f"{leases} leases")
def test_frozen_and_thawed_at_random(
    ledger: Callable[..., Run], workers: Workers, workers_at_once: int, leases: float
) -> None:
    chance = random.Random(workers_at_once)
    freezes = 8
    run = ledger(lines=LINES, batch=25, pause=0.2)
    workers.start(workers_at_once)
    started(run)
    for _ in range(freezes):
        frozen = chance.sample(workers.processes, k=workers_at_once - 1)
        time.sleep(chance.uniform(0, 0.5))
        for worker in frozen:
            worker.send_signal(signal.SIGSTOP)
        time.sleep(leases * LEASE_SECONDS)
        for worker in frozen:
            worker.send_signal(signal.SIGCONT)
    until(has_ended(run), within=600)
    assert end_state(run) == undisturbed(LINES)
    note(test="freezes", workers=workers_at_once, freezes=freezes, leases_long=leases)


@pytest.mark.parametrize("workers_at_once", [2, 4])
def test_ten_minutes_at_forty_calls_a_minute_use_the_limit_and_never_pass_it(
    ledger: Callable[..., Run], workers: Workers, workers_at_once: int
) -> None:
    limit, minutes = 40, 10
    with counting_host(latency=0.1) as (host, moments):
        runs = [ledger("caller", subject=f"lucca:{n}", host=host, limit=limit, calls=10_000) for n in (1, 2)]
        workers.start(workers_at_once)
        until(lambda: moments)
        time.sleep(minutes * 60 + 5)
        for run in runs:
            actions.cancel(run=run, by=None)
        until(lambda: {state_of(run) for run in runs} == {RunState.CANCELLED})
    counted = [moment for moment in moments if moment <= moments[0] + minutes * 60]
    used = len(counted) / (limit * minutes)
    note(
        test="budget",
        workers=workers_at_once,
        calls=len(counted),
        most_in_60_seconds=most_within(moments, 60),
        used_percent=round(100 * used, 1),
    )
    assert most_within(moments, 60) <= limit
    assert used >= 0.97


def test_the_web_answers_beside_a_busy_worker_for_ten_minutes(ledger: Callable[..., Run], workers: Workers) -> None:
    seconds, port = 600, free_port()
    run = ledger(lines=2_000_000, batch=500, pause=0.06)
    space = Space.objects.get()
    user = a_user(space, "Ada")
    workers.start(1, "serve", "--port", str(port), "--workers", "1")
    headers = signed_in(user) | {"Host": "acme.example"}
    until(lambda: _answers(port, headers))
    until(lambda: state_of(run) == RunState.PREPARING and run.total > 0)
    took: dict[str, list[float]] = {"read": [], "write": []}
    statuses: list[int] = []
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for kind, path, body in (("read", "/", None), ("write", "/language/", b"language=fr&next=/")):
            began = time.monotonic()
            statuses.append(_ask(port, path, headers, body))
            took[kind].append(1000 * (time.monotonic() - began))
        time.sleep(0.1)
    run.refresh_from_db()
    actions.cancel(run=run, by=None)
    until(lambda: state_of(run) == RunState.CANCELLED)
    written = (ROOT / workers.log.name).read_text()
    note(
        test="web",
        requests=len(statuses),
        lines_written_meanwhile=run.total,
        errors=sum(status >= 400 for status in statuses),
        lock_errors=written.count("locked"),
        **{
            f"{kind}_ms_{name}": round(value, 1)
            for kind, times in took.items()
            for name, value in zip(("p50", "p95", "max"), _percentiles(times), strict=True)
        },
    )
    assert all(status < 400 for status in statuses)
    assert "locked" not in written


def signed_in(user: User) -> dict[str, str]:
    """The headers of a browser in which `user` is signed in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    token = "a" * 32
    return {
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={token}",
        "X-CSRFToken": token,
    }


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """An answer that redirects is the answer."""


def _ask(port: int, path: str, headers: dict[str, str], body: bytes | None = None) -> int:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=body, headers=headers)
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def _answers(port: int, headers: dict[str, str]) -> bool:
    try:
        return _ask(port, "/", headers) > 0
    except OSError:
        return False


def _percentiles(times: list[float]) -> tuple[float, float, float]:
    cuts = statistics.quantiles(times, n=100)
    return cuts[49], cuts[94], max(times)
