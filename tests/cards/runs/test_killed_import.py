"""The import itself, by workers that are killed: nobody, no link, no line and no mail is there twice or missing."""

import random
import time
from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from cards.integrations.catalogue.models import Activation
from cards.integrations.lucca import connect, sync
from cards.integrations.lucca.address import address_of
from cards.integrations.lucca.models import Link, LuccaAccount
from cards.integrations.lucca.plan import ImportOptions
from cards.people.models import Mail, User
from cards.runs.foreground import see_through
from cards.runs.models import Run, RunState
from cards.spaces.models import Space
from lucca_simulator import Simulator, running
from tests.cards.runs.conftest import Workers, note, state_of
from tests.conftest import a_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def one_company() -> Iterator[Simulator]:
    with running() as simulator:
        yield simulator


def draft_of(company: Simulator, number: int) -> Run:
    """A space of its own, connected to the company, and the draft."""
    space = Space.objects.create(slug=f"acme{number}", name="Acme", host=f"acme{number}.example")
    owner = a_user(space, "Ada", "owner")
    Activation.objects.create(space=space, integration="lucca", activated_at=space.created_at)
    address = address_of(company.url, also_allowed=["127.0.0.1"])
    assert connect.save(space, None, address, company.key, by=owner) is connect.Connection.WORKS
    account = LuccaAccount.objects.get(space=space)
    return sync.plan_import(account, by=owner, options=ImportOptions(notify=True))


def outcome_of(run: Run) -> dict[str, object]:
    """Everything the import left, in terms that are the same in every space."""
    users = User.objects.filter(space=run.space)
    mails = Mail.objects.filter(space=run.space)
    return {
        "run": (run.state, run.done, run.total, run.unchanged),
        "users": sorted(users.exclude(role="owner").values_list("email", "first_name", "last_name", "language")),
        "links": sorted(Link.objects.filter(space=run.space).values_list("lucca_id", "user__email")),
        "mails": sorted(mails.values_list("user__email", "kind", "state")),
        "lines": sorted(run.lines.values_list("position", "lucca_id", "action", "state", "reason")),
    }


@pytest.mark.parametrize(
    ("people", "kills"),
    [
        pytest.param(1_200, 3, id="some"),
        pytest.param(5_000, 100, id="many", marks=[pytest.mark.long, pytest.mark.timeout(3600)]),
    ],
)
def test_imports_by_workers_killed_at_random_end_as_if_undisturbed(
    one_company: Simulator, workers: Workers, settings: Settings, people: int, kills: int
) -> None:
    one_company.reset(employees=people, with_faults=True, calls_per_minute=100_000, seed=1)
    chance = random.Random(people)
    # Here too: connecting a space counts the calls that the workers made.
    settings.CARDS_CALLS_PER_MINUTE = 100_000
    workers.environment |= {"CARDS_CALLS_PER_MINUTE": "100000", "CARDS_MAIL_HOLD_SECONDS": "86400"}
    undisturbed = draft_of(one_company, 0)
    see_through(undisturbed)
    sync.start_import(run=undisturbed, by=None)
    see_through(undisturbed)
    expected = outcome_of(undisturbed)
    assert undisturbed.state == RunState.FINISHED
    assert len(expected["links"]) > 0.9 * people
    workers.start(2)
    killed = imports = 0
    began = time.monotonic()
    while killed < kills:
        imports += 1
        run = draft_of(one_company, imports)
        while state_of(run) not in ("finished", "stopped"):
            if run.state == RunState.DRAFT:
                sync.start_import(run=run, by=None)
            if killed < kills and workers.holder_of(run):
                killed += workers.kill_holder_of(run, after=chance.uniform(0, 0.5))
            time.sleep(0.02)
        assert outcome_of(run) == expected
    if people > 2_000:
        note(test="imports", people=people, imports=imports, kills=killed, seconds=round(time.monotonic() - began))
