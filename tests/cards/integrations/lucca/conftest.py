"""A space connected to a simulator, and the worker of its runs in this very process."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cards.integrations.catalogue.models import Activation
from cards.integrations.lucca import apply, connect, statistics, sync
from cards.integrations.lucca.address import address_of
from cards.integrations.lucca.models import LuccaAccount
from cards.people.models import Mail, MailState, User
from cards.runs.actions import cancel
from cards.runs.engine import work_on
from cards.runs.lease import WORKED_ON
from cards.runs.models import Run, RunState
from cards.spaces.models import Space
from lucca_simulator import Simulator, running
from lucca_simulator.custom_data import define_trainings
from tests.cards.integrations.lucca.learning import World


@pytest.fixture(scope="session")
def one_simulator() -> Iterator[Simulator]:
    with running() as simulator:
        yield simulator


@pytest.fixture
def simulator(one_simulator: Simulator) -> Simulator:
    """A fresh company of 40 with no faults of real life; `simulator.reset(…)` makes another."""
    one_simulator.reset(employees=40, departments=14, with_faults=False, calls_per_minute=1000, seed=1)
    return one_simulator


def work() -> None:
    """Be the worker: do what is rung for until nothing is due, however far ahead it was put off."""
    for _ in range(200):
        run = Run.objects.filter(state__in=WORKED_ON, next_at__isnull=False).exclude(task_id="").order_by("pk").first()
        if run is None:
            return
        work_on(run.pk, run.task_id)
    raise AssertionError("the runs do not come to an end")


@pytest.fixture
def activated(acme: Space) -> Space:
    Activation.objects.create(space=acme, integration="lucca", activated_at=acme.created_at)
    return acme


def connected_to(simulator: Simulator, space: Space, by: User) -> LuccaAccount:
    address = address_of(simulator.url, also_allowed=["127.0.0.1"])
    assert connect.save(space, None, address, simulator.key, by=by) is connect.Connection.WORKS
    return LuccaAccount.objects.get(space=space)


@pytest.fixture
def account(simulator: Simulator, activated: Space, ada: User) -> LuccaAccount:
    """Acme's access to the simulator; nothing is read yet."""
    return connected_to(simulator, activated, ada)


@pytest.fixture
def directory(account: LuccaAccount, ada: User) -> LuccaAccount:
    """The same, with the collaborators read."""
    sync.refresh(account, by=ada)
    work()
    account.refresh_from_db()
    return account


def planned(account: LuccaAccount, by: User, kind: str = sync.IMPORT_USERS, **options: Any) -> Run:
    """The plan of an import of everybody, or of all departments."""
    run = sync.plan_import(account, by=by, options=sync.ImportOptions(**options), kind=kind)
    work()
    run.refresh_from_db()
    assert run.state == RunState.DRAFT
    return run


def carried_out(run: Run, by: User) -> Run:
    """Start what is planned, and let it end."""
    sync.start_import(run=run, by=by)
    work()
    run.refresh_from_db()
    return run


@pytest.fixture
def import_all(ada: User) -> Callable[..., Run]:
    """Plan and start the import of everybody, and let it end."""

    return lambda account, **options: carried_out(planned(account, ada, **options), ada)


@pytest.fixture
def import_begun(ada: User, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[LuccaAccount], Run]:
    """Start an import of everybody that notifies, and carry out its first ten lines."""

    def import_begun(account: LuccaAccount) -> Run:
        run = planned(account, ada, notify=True)
        with monkeypatch.context() as patched:
            patched.setattr(apply, "BATCH", 10)
            settings.CARDS_SLICE_SECONDS = 0
            sync.start_import(run=run, by=ada)
            run.refresh_from_db()
            work_on(run.pk, run.task_id)
        return run

    return import_begun


@pytest.fixture
def import_cancelled(ada: User, import_begun: Callable[[LuccaAccount], Run]) -> Callable[[LuccaAccount], Run]:
    """Start an import that notifies, and cancel it after its first ten lines."""

    def import_cancelled(account: LuccaAccount) -> Run:
        run = import_begun(account)
        cancel(run=run, by=ada)
        assert Mail.objects.filter(run_number=run.pk, state=MailState.HELD).count() == 10
        return run

    return import_cancelled


ImportDepartments = Callable[..., Run]


@pytest.fixture
def import_departments(ada: User) -> ImportDepartments:
    """Plan and start the import of all departments, and let it end."""

    return lambda account, **options: carried_out(planned(account, ada, sync.IMPORT_DEPARTMENTS, **options), ada)


def reading(account: LuccaAccount, by: User, *, believe: bool = False) -> Run:
    """Read Lucca now, whatever its age."""
    run = sync.refresh(account, by=by, believe=believe)
    work()
    run.refresh_from_db()
    account.refresh_from_db()
    return run


def text_of(client: Client, name: str, *args: object, **query: str) -> str:
    """The page, which must be there, without the signs where words may break."""
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode()).replace("<wbr>", "")


@pytest.fixture
def world(
    simulator: Simulator,
    directory: LuccaAccount,
    import_all: Callable[..., Run],
    ada: User,
    settings: Any,
) -> World:
    """Forty linked collaborators, the fields made in Lucca, the sending of statistics switched on."""
    settings.CARDS_CALLS_PER_MINUTE = 100_000
    simulator.set_settings({"calls": 100_000})
    import_all(directory)
    define_trainings(simulator.company.catalogue)
    statistics.save_settings(directory, is_on=True, codes={}, by=ada)
    world = World(simulator, directory, ada)
    world.forget_calls()
    return world
