"""Pushes by workers that are killed while Lucca fails too: no row lost, doubled or foreign-touched, receipts true.

And the nights of two years, walked through by two processes at once: one push a day of Paris and account.
"""

import random
import subprocess
import sys
import time
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from cards.integrations.catalogue.models import Activation
from cards.integrations.lucca import nights, statistics, sync
from cards.integrations.lucca.models import Night, Receipt
from cards.runs.foreground import see_through
from cards.runs.models import Run
from cards.spaces.models import Space
from lucca_simulator import Simulator
from lucca_simulator.custom_data import define_trainings
from tests.cards.integrations.lucca.conftest import connected_to
from tests.cards.integrations.lucca.learning import World
from tests.cards.integrations.lucca.test_push import FAULTS
from tests.cards.runs.conftest import ROOT, Workers, connected, note, state_of
from tests.conftest import a_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]


@pytest.fixture
def world(one_company: Simulator, workers: Workers, settings: Any) -> World:
    """Sixty linked people with results, a row of somebody else's on each file, and workers that may call freely."""
    one_company.reset(employees=60, with_faults=False, calls_per_minute=100_000, seed=1)
    define_trainings(one_company.company.catalogue)
    settings.CARDS_CALLS_PER_MINUTE = 100_000
    workers.environment |= {"CARDS_CALLS_PER_MINUTE": "100000"}
    account, ada = connected(one_company)
    run = sync.plan_import(account, by=ada, options=sync.ImportOptions())
    see_through(run)
    sync.start_import(run=run, by=ada)
    see_through(run)
    statistics.save_settings(account, is_on=True, codes={}, by=ada)
    return World(one_company, account, ada)


def seen_through(world: World, workers: Workers, chance: random.Random, kills: int) -> int:
    """Send, and kill whoever sends up to so many times; push again until one finishes. How many were killed."""
    killed = 0
    for _ in range(10):
        run = nights.send_now(world.account, by=world.ada)
        while state_of(run) not in ("finished", "stopped"):
            if killed < kills and workers.holder_of(run):
                killed += workers.kill_holder_of(run, after=chance.uniform(0, 0.4))
            time.sleep(0.02)
        if run.state == "finished" and not run.lines.filter(state="failed").exists():
            return killed
    raise AssertionError("no push came to its end")


MATRIX = [
    pytest.param(
        fault,
        skip,
        hypothesis,
        id=f"{fault['kind']}-{fault.get('moment', '')}-{skip}-{hypothesis}",
        marks=() if (number, turn) in ((0, 0), (3, 2)) else pytest.mark.long,
    )
    for turn, fault in enumerate(FAULTS)
    for number, (skip, hypothesis) in enumerate(product((0, 29, 58), ("replace", "upsert")))
]


@pytest.mark.parametrize(("fault", "skip", "hypothesis"), MATRIX)
def test_workers_killed_while_lucca_fails_leave_every_row_once(
    world: World, workers: Workers, fault: dict[str, Any], skip: int, hypothesis: str
) -> None:
    world.simulator.switch(multi_write=hypothesis)
    training = world.training()
    people = world.learn(training, people=60)
    foreign = {lucca_id: world.put_by_hand(lucca_id) for lucca_id in people}
    world.simulator.faults(method="PUT", skip=skip, count=1, **fault)
    workers.start(2)
    killed = seen_through(world, workers, random.Random(skip), kills=3)
    for lucca_id in people:
        rows = world.rows(lucca_id)
        assert rows[0] == foreign[lucca_id]
        assert [row[2] for row in rows[1:]] == ["60\u00a0%"]
    receipts = Receipt.objects.filter(is_proven=True)
    assert sorted(receipts.values_list("lucca_id", "progress")) == sorted((each, "60\u00a0%") for each in people)
    world.simulator.clear_faults()
    world.forget_calls()
    seen_through(world, workers, random.Random(0), kills=0)
    assert "PUT" not in world.calls()
    note(test="push", fault=fault["kind"], at_write=skip + 1, arrays=hypothesis, killed=killed)


@pytest.mark.parametrize(
    "days", [pytest.param(3, id="some"), pytest.param(730, id="two-years", marks=pytest.mark.long)]
)
def test_two_processes_walk_through_the_nights_and_each_has_one_push(world: World, workers: Workers, days: int) -> None:
    first = date(2026, 10, 24)
    accounts = [world.account]
    for number in range(2):
        space = Space.objects.create(slug=f"birch{number}", name="Birch", host=f"birch{number}.example")
        owner = a_user(space, "Zoé", "owner")
        Activation.objects.create(space=space, integration="lucca", activated_at=space.created_at)
        accounts.append(connected_to(world.simulator, space, owner))
        statistics.save_settings(accounts[-1], is_on=True, codes={}, by=owner)
    command = [sys.executable, "-m", "tests.cards.integrations.lucca.walk", first.isoformat(), str(days)]
    walkers = [subprocess.Popen(command, env=workers.environment, cwd=ROOT) for _ in range(2)]
    assert [walker.wait(1500) for walker in walkers] == [0, 0]
    expected = [(account.pk, first + timedelta(days=number)) for account in accounts for number in range(days)]
    assert sorted(Night.objects.values_list("account_id", "on")) == sorted(expected)
    pushes = Run.objects.filter(kind="push").values_list("subject", "options__night")
    assert sorted(pushes) == sorted((f"lucca:{account}", day.isoformat()) for account, day in expected)
    note(test="nights", days=days, accounts=len(accounts), pushes=len(expected))
