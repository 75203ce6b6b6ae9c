"""Workers that are killed, frozen and doubled: the run ends as if nobody had touched it."""

import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from cards.runs.doorbell import work_on_run
from cards.runs.models import Run, RunState
from tests.cards.runs.conftest import (
    LEASE_SECONDS,
    Workers,
    end_state,
    has_ended,
    started,
    state_of,
    undisturbed,
    until,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

LINES = 300
SEED = 20261122


@pytest.mark.parametrize(("workers_at_once", "kills", "pause"), [(1, 4, 0.02), (2, 3, 0.05)])
def test_killed_at_random_a_run_ends_as_if_undisturbed(
    ledger: Callable[..., Run], workers: Workers, workers_at_once: int, kills: int, pause: float
) -> None:
    chance = random.Random(SEED + kills)
    run = ledger(lines=LINES, pause=pause)
    workers.start(workers_at_once)
    started(run)
    for _ in range(kills):
        assert workers.kill_holder_of(run, after=chance.uniform(0, 0.3))
    until(has_ended(run))
    assert end_state(run) == undisturbed(LINES)


def test_killed_between_taking_the_task_and_the_lease_the_run_goes_on(
    ledger: Callable[..., Run], workers: Workers, tmp_path: Path
) -> None:
    marker = tmp_path / "die"
    marker.write_bytes(b"xx")
    run = ledger(lines=20)
    for _ in range(2):
        workers.start(LEDGER_DIE=str(marker))
        assert until(workers.processes[-1].poll) == -signal.SIGKILL
    workers.start(LEDGER_DIE=str(marker))
    started(run)
    until(has_ended(run))
    assert end_state(run) == undisturbed(20)


def test_frozen_for_longer_than_the_lease_and_thawed_nothing_is_applied_twice(
    ledger: Callable[..., Run], workers: Workers
) -> None:
    chance = random.Random(SEED)
    run = ledger(lines=LINES, pause=0.1)
    workers.start(2)
    started(run)
    for _ in range(2):
        holder = until(lambda: "none:0" if has_ended(run)() else run.lease_holder)
        frozen = [worker for worker in workers.processes if worker.pid == int(holder.rsplit(":", 1)[1])]
        time.sleep(chance.uniform(0, 0.2))
        for worker in frozen:
            worker.send_signal(signal.SIGSTOP)
        time.sleep(2.5 * LEASE_SECONDS)
        for worker in frozen:
            worker.send_signal(signal.SIGCONT)
    until(has_ended(run))
    assert end_state(run) == undisturbed(LINES)


def test_doubled_tasks_and_four_workers_apply_nothing_twice(ledger: Callable[..., Run], workers: Workers) -> None:
    run = ledger(lines=LINES)
    workers.start(4)
    for _ in range(20):
        work_on_run.using(run_after=run.created_at).enqueue(run.pk)
    started(run)
    until(lambda: state_of(run) == RunState.RUNNING or has_ended(run)())
    for _ in range(20):
        work_on_run.using(run_after=run.created_at).enqueue(run.pk)
    until(has_ended(run))
    assert end_state(run) == undisturbed(LINES)


def test_a_worker_outlives_a_database_that_is_gone_for_a_while(ledger: Callable[..., Run], workers: Workers) -> None:
    run = ledger(lines=LINES, pause=0.02)
    workers.start(LEDGER_SQLITE_TIMEOUT="0.2")
    started(run)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for _ in range(5):
                time.sleep(0.3)
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        else:
            cursor.execute("BEGIN EXCLUSIVE")
            time.sleep(2)
            cursor.execute("COMMIT")
    until(has_ended(run))
    assert end_state(run) == undisturbed(LINES)
    assert workers.processes[0].poll() is None
