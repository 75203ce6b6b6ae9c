"""Web and workers on four machines with one PostgreSQL: seen everywhere, finished though a cable is pulled out."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from django.db import connection

from cards.integrations.lucca import sync
from cards.runs.foreground import see_through
from cards.runs.models import Run, RunState
from demo.smoke import _hidden
from lucca_simulator import running
from tests.cards.runs.conftest import counting_host, is_at_rest, most_within, note, state_of, until
from tests.cards.runs.machines import Machine, four_machines
from tests.cards.runs.test_killed_import import draft_of, outcome_of
from tests.conftest import PASSWORD

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="several machines share a PostgreSQL"),
]

LEASE = 4.0
PEOPLE = 8_000


def environment_of(database_url: str, **more: str) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
        "CARDS_LEASE_SECONDS": str(LEASE),
        "CARDS_SLICE_SECONDS": "1",
        "CARDS_CALLS_PER_MINUTE": "100000",
        "CARDS_MAIL_HOLD_SECONDS": "86400",
        "PYTHONWARNINGS": "ignore",
        **more,
    }


@contextmanager
def ada_at(web: Machine, host: str, cookies: dict[str, str] | None = None) -> Iterator[httpx2.Client]:
    """A browser at one web machine, in which `cookies` may be those of another."""
    with httpx2.Client(
        base_url=f"http://{web.address}:8000", headers={"Host": host}, follow_redirects=True, timeout=20
    ) as browser:
        until(lambda: answers(browser))
        browser.cookies.update(cookies or {})
        yield browser


def answers(browser: httpx2.Client) -> bool:
    try:
        return browser.get("/account/login/").is_success
    except httpx2.TransportError:
        return False


def submit(browser: httpx2.Client, path: str, action: str, **fields: str) -> str:
    answer = browser.post(action, data=_hidden(browser.get(path).text) | fields)
    assert answer.is_success, answer.status_code
    return f"{answer.url}\n{answer.text}"


def test_four_machines_do_what_one_does_though_one_is_cut_off(shared_database: str, tmp_path: Path) -> None:
    database, log = urlsplit(shared_database).port, tmp_path / "machines.log"
    assert database
    with running() as company:
        company.reset(employees=PEOPLE, with_faults=True, calls_per_minute=100_000, seed=1)
        lucca = urlsplit(company.url).port
        assert lucca
        expected_of = draft_of(company, 0)
        see_through(expected_of)
        sync.start_import(run=expected_of, by=None)
        see_through(expected_of)
        expected = outcome_of(expected_of)
        # Connects the space; its plan is made anew from the page.
        first = draft_of(company, 1)
        see_through(first)
        with four_machines([database, lucca], log) as (web1, web2, worker1, worker2):
            environment = environment_of(shared_database)
            for web in (web1, web2):
                web.start("-m", "cards", "web", "--host", web.address, environment=environment)
            pids = {m.start("-m", "cards", "worker", environment=environment).pid: m for m in (worker1, worker2)}
            with ada_at(web1, "acme1.example") as here:
                submit(here, "/account/login/", "/account/login/", login="ada@acme1.example", password=PASSWORD)
                with ada_at(web2, "acme1.example", dict(here.cookies)) as there:
                    _import_and_cut(here, there, pids, expected)
    written = log.read_text()
    assert "Traceback" not in written, written[-3000:]


def _import_and_cut(
    here: httpx2.Client, there: httpx2.Client, workers: dict[int, Machine], expected: dict[str, object]
) -> None:
    users = "/integrations/lucca/users/"
    page = submit(here, users, f"{users}import/", notify="yes", connection_mode="password")
    found = re.search(r"/integrations/lucca/runs/(\d+)/", page)
    assert found
    path, run = found[0], Run.objects.get(pk=int(found[1]))
    until(lambda: "Nothing has been done yet" in there.get(path).text)
    submit(here, path, f"{path}start/")
    # Live at the other web: the numbers on its page grow.
    seen: set[str] = set()
    until(lambda: seen.add(_done_in(there.get(path).text)) or len(seen - {""}) >= 2)
    holder = until(lambda: is_at_rest(run) or _holder(run, workers))
    assert isinstance(holder, Machine), "it was over before a cable could be pulled out"
    done_before = run.done
    holder.pull_the_cable()
    began = time.monotonic()
    until(lambda: state_of(run) == RunState.FINISHED)
    took = time.monotonic() - began
    assert run.done > done_before
    assert outcome_of(run) == expected
    assert "Report of the import" in there.get(path).text
    holder.put_it_back()
    # What was cut off comes back, finds that the run is not its own, and goes on with the next.
    time.sleep(2 * LEASE)
    assert outcome_of(run) == expected
    assert all(process.poll() is None for process in holder.processes)
    note(test="machines", people=PEOPLE, done_before_the_cut=done_before, seconds_after_the_cut=round(took, 1))


def _done_in(page: str) -> str:
    found = re.search(r'<progress class="progress" value="(\d+)"', page)
    return found[1] if found else ""


def _holder(run: Run, workers: dict[int, Machine]) -> Machine | None:
    run.refresh_from_db()
    return workers.get(int(run.lease_holder.rpartition(":")[2] or 0)) if run.done else None


def test_workers_on_two_machines_stay_within_one_limit(
    ledger: Callable[..., Run], shared_database: str, tmp_path: Path
) -> None:
    window, limit, calls = 3.0, 12, 24
    database = urlsplit(shared_database).port
    assert database
    with counting_host() as (host, moments):
        runs = [ledger("caller", subject=f"lucca:{n}", host=host, limit=limit, calls=calls) for n in (1, 2)]
        port = urlsplit(f"http://{host}").port
        assert port
        with four_machines([database, port], tmp_path / "machines.log") as machines:
            environment = environment_of(shared_database, LEDGER_WINDOW=str(window + 0.05))
            for machine in machines:
                machine.start("-m", "cards", "worker", environment=environment)
            until(lambda: [state_of(run) for run in runs] == ["finished", "finished"])
    assert len(moments) == 2 * calls
    assert most_within(moments, window) <= limit
