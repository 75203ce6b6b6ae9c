"""Imports and people racing for the same e-mails in processes of their own: never two accounts of one e-mail."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from cards.integrations.lucca import sync
from cards.integrations.lucca.models import DirectoryEmployee, Link
from cards.people.models import User
from cards.runs.foreground import see_through
from cards.runs.models import LineState, RunState
from lucca_simulator import Simulator
from tests.cards.runs.conftest import ROOT, Workers, connected, note, state_of, until

ByHand = Callable[[list[str]], "subprocess.Popen[str]"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def by_hand(workers: Workers) -> Iterator[ByHand]:
    """Starts a process that makes accounts for e-mails once somebody works on a run; none outlives the test."""
    with ExitStack() as racers:

        def start(emails: list[str]) -> "subprocess.Popen[str]":
            racer = subprocess.Popen(
                [sys.executable, "-m", "tests.cards.integrations.lucca.by_hand", "acme", *emails],
                env={**os.environ, **workers.environment}, cwd=ROOT, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            racers.enter_context(racer)
            racers.callback(racer.kill)
            return racer

        yield start


@pytest.mark.parametrize(
    ("people", "hands"),
    [(60, 1), *(pytest.param(people, 3, marks=pytest.mark.long) for people in (80, 400, 401, 900, 1400))],
)
def test_whoever_is_first_an_e_mail_has_one_account(
    one_company: Simulator, workers: Workers, by_hand: ByHand, people: int, hands: int
) -> None:
    """Everybody is imported, ten of them once more one by one, while others make the same accounts by hand."""
    one_company.reset(employees=people, with_faults=False, calls_per_minute=100_000, seed=1)
    account, ada = connected(one_company)
    everybody = sync.plan_import(account, by=ada, options=sync.ImportOptions())
    see_through(everybody)
    employees = list(DirectoryEmployee.objects.order_by("pk"))
    emails = [employee.email for employee in employees]
    # They meet the import in the middle, and each other everywhere.
    racers = [by_hand(emails[::-1] if hand % 2 == 0 else emails) for hand in range(hands)]
    assert [racer.stdout.readline() for racer in racers if racer.stdout] == ["ready\n"] * hands
    sync.start_import(run=everybody, by=ada)
    options = sync.ImportOptions()
    one_by_one = [sync.import_one(account, employee.lucca_id, by=ada, options=options) for employee in employees[:10]]
    workers.start(hands)
    for run in [everybody, *one_by_one]:
        assert run is not None
        assert until(lambda run=run: state_of(run) == RunState.FINISHED)  # type: ignore[misc]
    made = sum(int(racer.communicate(timeout=120)[0]) for racer in racers)

    def accounts() -> Counter[str]:
        return Counter(User.objects.filter(space=account.space).exclude(pk=ada.pk).values_list("email_key", flat=True))

    one_each = Counter(employee.email_key for employee in employees)
    assert accounts() == one_each, "nobody twice, and nobody is missing"
    assert set(Counter(Link.objects.values_list("user_id", flat=True)).values()) <= {1}
    # Who was made by hand in between was left alone; importing again links them.
    assert everybody.lines.exclude(state=LineState.DONE).count() <= made
    again = sync.plan_import(account, by=ada, options=options)
    see_through(again)
    sync.start_import(run=again, by=ada)
    see_through(again)
    assert accounts() == one_each
    assert Link.objects.count() == people
    note(test="race for an e-mail", people=people, hands=hands, made_by_hand=made)
