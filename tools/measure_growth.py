"""Measures what a tick, a look into the queue and the beginning of a night cost with thousands of spaces.

Each has an account and no people; all of their runs wait for their next call, as on a night at work. In an empty
database that DATABASE_URL names: `python -m tools.postgresql python -m tools.measure_growth --spaces 10000`.
"""

# ruff: noqa: E402 - models can be imported only once Django is set up

import argparse
import os
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command
from django.db import connection
from django_tasks_db.models import DBTaskResult

from cards import clock
from cards.integrations.catalogue.models import Activation
from cards.integrations.lucca.models import AccountState, LuccaAccount, Night, StatisticsSettings
from cards.integrations.lucca.nights import PUSH, begin_nights
from cards.integrations.lucca.schedule import PARIS
from cards.integrations.lucca.sync import REFRESH
from cards.people.sender import send_due
from cards.runs import loop, tick
from cards.runs.models import Run, RunState
from cards.seal import seal
from cards.spaces.models import Space

# So many nights are begun one by one; that takes a while.
SOME = 500


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spaces", type=int, default=10_000)
    spaces = parser.parse_args().spaces
    call_command("migrate", verbosity=0)
    if Space.objects.exists():
        print("This database is in use. Name an empty one in DATABASE_URL.", file=sys.stderr)
        return 1
    accounts = make_spaces(spaces)
    with clock.told(datetime(2026, 11, 23, 4, 30, tzinfo=PARIS)):
        show(f"the beginning of {SOME} nights", took(begin_nights, times=1))
        let_begin(accounts[SOME:])
        show("looking whose night has not begun", took(begin_nights))
    wait_for_a_call()
    print(f"{Run.objects.count():,} runs under way, half of them waiting for a call, half for their turn")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for name, chore in (
        ("tick: drafts", tick.expire_drafts),
        ("tick: overdue", tick.ring_overdue),
        ("tick: turns", tick.give_turns),
        ("tick: outbox", send_due),
        ("a look into the queue", lambda: loop._answer("bench")),
    ):
        show(name, took(chore))
    return 0


def make_spaces(count: int) -> list[LuccaAccount]:
    """Connected spaces; some of them send statistics."""
    now = clock.now()
    spaces = Space.objects.bulk_create(
        [Space(slug=f"s{n}", name=f"Space {n}", host=f"s{n}.example") for n in range(count)], batch_size=1000
    )
    activate(spaces[:SOME])
    key = seal("a-key-for-measuring")
    accounts = LuccaAccount.objects.bulk_create(
        [
            LuccaAccount(
                space=space, url=f"https://s{n}.example", host=f"s{n}.example", encrypted_key=key,
                state=AccountState.CONNECTED, checked_at=now, refreshed_at=now,
            )
            for n, space in enumerate(spaces)
        ],
        batch_size=1000,
    )  # fmt: skip
    StatisticsSettings.objects.bulk_create(
        [StatisticsSettings(account=account, is_on=n < SOME, checked_at=now) for n, account in enumerate(accounts)],
        batch_size=1000,
    )
    return accounts


def activate(spaces: list[Space]) -> None:
    Activation.objects.bulk_create(
        [Activation(space=space, integration="lucca", activated_at=clock.now()) for space in spaces], batch_size=1000
    )


def let_begin(accounts: list[LuccaAccount]) -> None:
    """Begin the night of the others too, without its cost: it is read, and the push waits for its turn."""
    activate([account.space for account in accounts])
    _reading, runs = (
        Run.objects.bulk_create(
            [
                Run(
                    space_id=account.space_id, subject=account.subject, kind=like.kind, state=like.state,
                    options=like.options, created_at=like.created_at, started_at=like.started_at,
                )
                for account in accounts
            ],
            batch_size=1000,
        )
        for like in (Run.objects.filter(kind=kind).order_by("pk")[0] for kind in (REFRESH, PUSH))
    )  # fmt: skip
    night = Night.objects.order_by("pk")[0].on
    Night.objects.bulk_create(
        [Night(account=account, on=night, run=run) for account, run in zip(accounts, runs, strict=True)],
        batch_size=1000,
    )
    StatisticsSettings.objects.update(is_on=True)


def wait_for_a_call() -> None:
    """Have every run wait for a moment to come, its task in the queue."""
    later = clock.now() + timedelta(hours=1)
    like = DBTaskResult.objects.order_by("enqueued_at")[0]
    runs = list(Run.objects.filter(state=RunState.RUNNING))
    tasks: list[Any] = [
        DBTaskResult(
            task_path=like.task_path, args_kwargs={"args": [run.pk], "kwargs": {}}, run_after=later,
            queue_name=like.queue_name, backend_name=like.backend_name, priority=like.priority,
            exception_class_path="", traceback="",
        )
        for run in runs
    ]  # fmt: skip
    DBTaskResult.objects.all().delete()
    DBTaskResult.objects.bulk_create(tasks, batch_size=1000)
    for run, task in zip(runs, tasks, strict=True):
        run.task_id, run.next_at = str(task.id), later
    Run.objects.bulk_update(runs, ["task_id", "next_at"], batch_size=1000)


def took(work: Callable[[], object], *, times: int = 5) -> float:
    """Seconds, the best of several."""
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def show(what: str, seconds: float) -> None:
    print(f"{what}: {1000 * seconds:,.1f} ms", flush=True)


if __name__ == "__main__":
    sys.exit(main())
