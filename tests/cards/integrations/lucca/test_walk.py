"""Owners, Lucca, learners and workers act as they happen to, in one process: what holds after each step and at the end.

A failing walk is repeated by its seed; its steps are told with the failure.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import pytest
from django.db import connection
from django.db.models import Model, QuerySet

from cards import clock
from cards.integrations.catalogue.models import Activation
from cards.integrations.lucca import apply, connect, nights, repair, statistics, sync
from cards.integrations.lucca.models import DirectoryEmployee, LuccaAccount, Receipt
from cards.integrations.lucca.plan import ImportOptions
from cards.integrations.lucca.sides import links_of
from cards.integrations.lucca.wanted import people_of, trainings_of
from cards.people.errors import Refused
from cards.people.models import Group, Role, User
from cards.privacy.erase import erase
from cards.runs import actions
from cards.runs.engine import work_on
from cards.runs.lease import WORKED_ON
from cards.runs.models import ACTIVE, LineState, Run, RunLine, RunState
from cards.runs.queries import tallies
from cards.runs.report import report
from cards.runs.tick import tick
from cards.spaces.models import Space
from cards.trainings.models import Attempt, Status, Training
from lucca_simulator import Simulator
from lucca_simulator.custom_data import define_trainings
from tests.cards.integrations.lucca.conftest import connected_to
from tests.cards.integrations.lucca.learning import NOON, World
from tests.cards.integrations.lucca.test_push import FAULTS

Row = TypeVar("Row", bound=Model)

STEPS = 100
NAMES = ("Sales", "Support", "Marketing", "sales ")
OURS = "acme.example/t/"


class KilledError(BaseException):
    """The worker is gone, in the middle of whatever it did."""


class Walk:
    """One company, one space and their history; each method that `ACTS` names is a step."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance = world, random.Random(seed)
        self.now = datetime.combine(clock.now().date() + timedelta(days=1), NOON.timetz())
        self.told: list[str] = []
        self.gone: list[Any] = []
        # The files that somebody edited in Lucca since Cards read them, and what was typed there.
        self.edited: set[str] = set()
        self.foreign: Counter[tuple[str, str]] = Counter()

    # --- what Lucca's people do -------------------------------------------------------------------

    @property
    def company(self) -> Any:
        return self.world.simulator.company

    def one_of(self, rows: QuerySet[Row]) -> Row | None:
        """Any of them, the same each time that the walk is repeated."""
        return self.chance.choice(rows.order_by("pk") or [None])

    def somebody(self) -> Any:
        return self.chance.choice(list(self.company.employees.values()))

    def hire(self) -> None:
        number = max(*self.company.employees, *(one.id for one in self.gone), 0) + 1
        mail = f"new{number}@acme.example"
        self.company.add(replace(self.somebody(), id=number, mail=mail, login=mail, custom=None))

    def vanish(self) -> None:
        if len(self.company.employees) > 10:
            self.gone.append(self.company.employees.pop(self.somebody().id))

    def appear(self) -> None:
        if self.gone:
            self.company.add(self.gone.pop())

    def swap_emails(self) -> None:
        one, other = self.somebody(), self.somebody()
        one.mail, other.mail = other.mail, one.mail

    def spoil_an_email(self) -> None:
        self.somebody().mail = self.chance.choice([None, "", "nobody", self.somebody().mail])

    def leave_or_come_back(self) -> None:
        one = self.somebody()
        one.ends_on = None if one.ends_on else self.chance.choice([date(2020, 1, 1), self.now.date()])

    def move(self) -> None:
        self.somebody().department_id = self.chance.choice(list(self.company.departments))

    def rename_departments(self) -> None:
        one, other = self.chance.sample(list(self.company.departments.values()), 2)
        one.name, other.name = other.name, self.chance.choice([one.name, *NAMES])

    def close_a_department(self) -> None:
        one = self.chance.choice(list(self.company.departments.values()))
        one.is_active = not one.is_active

    def type_a_row(self) -> None:
        lucca_id = str(self.somebody().id)
        self.world.put_by_hand(lucca_id, link=f"https://elsewhere.example/{len(self.foreign)}")
        self.foreign[lucca_id, f"https://elsewhere.example/{len(self.foreign)}"] += 1

    def delete_a_row(self) -> None:
        one = self.somebody()
        rows = (one.custom or {}).get("e_formation", [])
        if rows and OURS in self.world.rows(str(one.id))[-1][1]:
            rows.pop()
            self.edited.add(str(one.id))

    def restore_the_copy(self) -> None:
        """Every row has another number: its link alone tells whose it is."""
        for lucca_id in self.company.employees:
            self.world.renumber(str(lucca_id))

    def fail(self) -> None:
        fault = self.chance.choice(FAULTS[:-1])
        self.world.simulator.faults(method=self.chance.choice(["GET", "PUT"]), count=1, **fault)

    # --- what people do in Cards ------------------------------------------------------------------

    def learn(self) -> None:
        trainings = list(Training.objects.filter(space=self.world.account.space))
        links = self.world.links
        if not trainings or self.chance.random() < 0.2:
            trainings = [self.world.training(f"Training {self.told.count('learn')}")]
        for link in self.chance.sample(links, min(5, len(links))):
            done, points = self.chance.randint(0, 5), self.chance.choice([None, 0, 10])
            self.world.learn(self.chance.choice(trainings), people=[link], done=done, points=points)

    def change_a_training(self) -> None:
        training = self.one_of(Training.objects.filter(space=self.world.account.space))
        if training is None:
            return
        match self.chance.randint(0, 3):
            case 0:
                training.delete()
            case 1:
                training.status = Status.DRAFT if training.status == Status.PUBLISHED else Status.PUBLISHED
                training.save()
            case _:
                training.title = f"Renamed {len(self.told)}"
                training.save()

    def rename_the_trainings(self) -> None:
        Training.objects.filter(space=self.world.account.space).update(title="Renamed for good")

    def start_over(self) -> None:
        Attempt.objects.filter(pk__in=Attempt.objects.values("pk")[:1]).update(
            chapters_done=0, completed_at=None, completed_on=None
        )

    def unlink(self) -> None:
        link = self.chance.choice(self.world.links or [None])
        employee = link and DirectoryEmployee.objects.filter(lucca_id=link.lucca_id).first()
        if employee:
            repair.unlink(account=self.account, employee=employee, by=self.world.ada)

    def link(self) -> None:
        user = repair.may_be_linked(self.account, "").exclude(pk=self.world.ada.pk).first()
        free = DirectoryEmployee.objects.exclude(lucca_id__in=links_of(self.account).values("lucca_id"))
        employee = free.filter(account=self.account).first()
        if user and employee:
            repair.link_by_hand(account=self.account, employee=employee, user=user, by=self.world.ada)

    def erase_somebody(self) -> None:
        learner = self.one_of(User.objects.filter(space=self.world.account.space, role=Role.LEARNER))
        if learner:
            erase(user=learner, by=self.world.ada)

    def change_the_host(self) -> None:
        host = self.chance.choice(["acme.example", "learn.acme.example"])
        Space.objects.filter(pk=self.world.account.space_id).update(host=host)

    def move_the_space(self) -> None:
        Space.objects.filter(pk=self.world.account.space_id).update(host="moved.acme.example")

    def change_the_quota(self) -> None:
        quota = self.chance.choice([None, 5, 100])
        Space.objects.filter(pk=self.world.account.space_id).update(learner_quota=quota)

    def rename_a_group(self) -> None:
        group = self.one_of(Group.objects.filter(space=self.world.account.space))
        if group and not Group.objects.filter(name_key=f"hand {group.pk}").exists():
            group.name = f"Hand {group.pk}"
            group.save()

    def delete_a_group(self) -> None:
        Group.objects.filter(pk__in=Group.objects.filter(space=self.world.account.space).values("pk")[:1]).delete()

    # --- what the owner and the operator do -------------------------------------------------------

    @property
    def account(self) -> LuccaAccount:
        return LuccaAccount.objects.select_related("space").get(pk=self.world.account.pk)

    def read(self) -> None:
        sync.refresh(self.account, by=self.world.ada, believe=self.chance.random() < 0.8)

    def plan(self) -> None:
        kind = self.chance.choice([sync.IMPORT_USERS, sync.IMPORT_DEPARTMENTS])
        sync.plan_import(self.account, by=self.world.ada, options=ImportOptions(notify=True), kind=kind)

    def import_one(self) -> None:
        one = str(self.somebody().id)
        sync.import_one(self.account, one, by=self.world.ada, options=ImportOptions())

    def start(self) -> None:
        run = self.one_of(Run.objects.filter(state=RunState.DRAFT))
        if run and run.kind == nights.REMOVE:
            nights.start_removing(run=run, by=self.world.ada)
        elif run:
            sync.start_import(run=run, by=self.world.ada)

    def undo(self) -> None:
        run = self.one_of(Run.objects.filter(kind__in=sync.IMPORTS, ended_at__isnull=False))
        if run:
            sync.plan_undo_of(run, by=self.world.ada)

    def pause_or_resume(self) -> None:
        run = self.one_of(Run.objects.filter(state__in=ACTIVE))
        if run:
            (actions.resume if run.state == RunState.PAUSED else actions.pause)(run=run, by=self.world.ada)

    def cancel(self) -> None:
        run = self.one_of(Run.objects.filter(state__in=ACTIVE))
        if run:
            actions.cancel(run=run, by=self.world.ada)

    def send(self) -> None:
        nights.send_now(self.account, by=self.world.ada)

    def remove(self) -> None:
        nights.plan_removing(self.account, by=self.world.ada)

    def switch(self) -> None:
        statistics.save_settings(self.account, is_on=self.chance.random() < 0.7, codes={}, by=self.world.ada)

    def disconnect_and_come_back(self) -> None:
        connect.disconnect(self.account, by=self.world.ada)
        assert not Receipt.objects.exclude(title="").exists()
        self.world.simulator.clear_faults()
        self.world.account = connected_to(self.world.simulator, self.world.account.space, self.world.ada)
        statistics.save_settings(self.account, is_on=True, codes={}, by=self.world.ada)

    def activate_or_not(self) -> None:
        if not Activation.objects.filter(space=self.account.space).delete()[0]:
            Activation.objects.create(space=self.account.space, integration="lucca", activated_at=self.now)

    # --- what time and workers do -----------------------------------------------------------------

    def wait(self) -> None:
        self.now += self.chance.choice([timedelta(minutes=2), timedelta(hours=5), timedelta(hours=13)])

    def work(self) -> None:
        """Some slices of whatever is due; now and then the worker is killed in one."""
        tick(all_chores=True)
        for _ in range(self.chance.randint(2, 12)):
            self.now += timedelta(seconds=5)
            due = Run.objects.filter(state__in=WORKED_ON, next_at__lte=self.now, lease_until=None).exclude(task_id="")
            if run := self.one_of(due):
                self.slice_of(run, killed_at=self.chance.choice([0, 0, 0, self.chance.randint(1, 120)]))

    def slice_of(self, run: Run, *, killed_at: int = 0) -> None:
        queries = 0

        def count(execute: Callable[..., Any], *query: Any) -> Any:
            nonlocal queries
            queries += 1
            if queries == killed_at:
                raise KilledError
            return execute(*query)

        try:
            with connection.execute_wrapper(count), clock.told(self.now, passes=True):
                work_on(run.pk, run.task_id)
        except KilledError:
            self.told.append("killed")
            self.now += timedelta(seconds=70)

    # --- what holds ---------------------------------------------------------------------------------

    def step(self) -> None:
        name = self.chance.choices(list(ACTS), weights=list(ACTS.values()))[0]
        self.told.append(name)
        self.now += timedelta(seconds=10)
        with clock.told(self.now, passes=True):
            try:
                getattr(self, name)()
            except (actions.NotPossible, repair.CannotRepair, sync.UnderWay, Refused):
                self.told[-1] += " (not possible)"
        self.check()

    def check(self) -> None:
        space = self.world.account.space
        emails = Counter(User.objects.filter(space=space).values_list("email_key", flat=True))
        assert set(emails.values()) <= {1}
        for employee in (*self.company.employees.values(), *self.gone):
            rows = self.rows_of(employee)
            ours = Counter(link.partition(OURS)[2] for link in rows if OURS in link)
            assert set(ours.values()) <= {1}, f"a row twice on file {employee.id}: {ours}"
            assert not {link for lucca_id, link in self.foreign if lucca_id == str(employee.id) and link not in rows}, (
                f"a foreign row is lost on file {employee.id}"
            )
        assert not Run.objects.filter(reason="unexpected").exists()
        imported = RunLine.objects.filter(run__kind__in=sync.IMPORTS)
        assert not imported.filter(state=LineState.FAILED).exists(), "somebody is planned who cannot be imported"
        for run in Run.objects.filter(ended_at__isnull=False):
            states = Counter(run.lines.values_list("state", flat=True))
            if run.state == RunState.FINISHED:
                assert not states[LineState.PLANNED]
                assert run.kind == sync.REFRESH or run.done == run.total, f"{run.kind}: {run.done} of {run.total}"
            assert sum(tally.count for tally in tallies(run)) == sum(states.values())
            assert report(run, tallies(run))

    def rows_of(self, employee: Any) -> list[str]:
        occurrences = (employee.custom or {}).get("e_formation", [])
        return [str(each.value["e_link"].value) for each in occurrences if each.value.get("e_link")]

    def import_everybody_again(self) -> None:
        """Who has an account, by the link or by the e-mail alone, gets no other."""
        for act in (self.unlink, self.unlink, self.swap_emails):
            act()
        for kind in (sync.IMPORT_USERS, sync.IMPORT_DEPARTMENTS):
            with clock.told(self.now, passes=True):
                plan = sync.plan_import(self.account, by=self.world.ada, options=ImportOptions(), kind=kind)
            self.come_to_an_end(start=plan)
            self.check()

    def come_to_an_end(self, *, start: Run | None = None) -> None:
        """All that is begun ends, and of the plans that one is carried out; then a quiet night."""
        self.told.append("end")
        self.world.simulator.clear_faults()
        Activation.objects.get_or_create(
            space=self.account.space, integration="lucca", defaults={"activated_at": self.now}
        )
        for _ in range(400):
            with clock.told(self.now, passes=True):
                for run in Run.objects.filter(state=RunState.PAUSED):
                    actions.resume(run=run, by=self.world.ada)
                for run in Run.objects.filter(state=RunState.DRAFT):
                    if run == start:
                        sync.start_import(run=run, by=self.world.ada)
                    else:
                        actions.cancel(run=run, by=self.world.ada)
                tick(all_chores=True)
                run = Run.objects.filter(state__in=WORKED_ON, lease_until=None, next_at__lte=self.now).first()
            if run is not None:
                self.slice_of(run)
            elif not Run.objects.filter(state__in=ACTIVE).exists():
                return
            self.now += timedelta(seconds=20)
        raise AssertionError("the runs do not come to an end")

    def check_the_end(self) -> None:
        self.come_to_an_end()
        with clock.told(self.now, passes=True):
            statistics.save_settings(self.account, is_on=True, codes={}, by=self.world.ada)
            sync.refresh(self.account, by=self.world.ada, believe=True)
        self.come_to_an_end()
        with clock.told(self.now, passes=True):
            nights.send_now(self.account, by=self.world.ada)
            for lucca_id in self.edited:
                nights.send_one(self.account, lucca_id, by=self.world.ada)
        self.come_to_an_end()
        self.check()
        account, shown = self.account, {str(number) for number in self.company.employees}
        trainings = trainings_of(account.space)
        linked = set(links_of(account).values_list("lucca_id", flat=True))
        proven = Receipt.objects.filter(is_proven=True, lucca_id__in=shown - (self.edited - linked))
        # What is not published is not looked for again: it stands there as it was sent, unless somebody deleted it.
        drafts = Training.objects.exclude(status=Status.PUBLISHED)
        for receipt in proven.exclude(lucca_id__in=self.edited, training__in=drafts):
            row = (receipt.title, receipt.link, receipt.progress, receipt.score, receipt.completed_on)
            assert row in self.world.rows(receipt.lucca_id), f"a receipt tells what is not there: {row}"
        there = DirectoryEmployee.objects.filter(account=account, contract_end_on=None)
        for person in people_of(account, "e_formation", sorted(linked & shown), trainings).values():
            if there.filter(lucca_id=person.lucca_id).exists():
                assert not person.is_changed, f"file {person.lucca_id} is not up to date"


# How often each step is taken, beside the others.
ACTS = dict.fromkeys(
    (
        "hire", "vanish", "appear", "swap_emails", "spoil_an_email", "leave_or_come_back", "move", "rename_departments",
        "close_a_department", "type_a_row", "delete_a_row", "restore_the_copy", "fail", "change_a_training",
        "start_over", "unlink", "link",
        "change_the_quota", "rename_a_group", "delete_a_group", "import_one", "undo", "pause_or_resume", "cancel",
        "remove", "switch", "erase_somebody", "change_the_host", "disconnect_and_come_back", "activate_or_not", "wait",
    ),
    1,
) | {"learn": 5, "read": 2, "plan": 2, "start": 8, "send": 6, "work": 40}  # fmt: skip


# A worker killed between opening a cursor on the server and asking it: a real death leaves nobody to warn.
@pytest.mark.filterwarnings("ignore:.*was deleted while still open:ResourceWarning")
@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 200))])
def test_whatever_happens_no_row_is_doubled_and_every_receipt_is_true(
    simulator: Simulator,
    account: LuccaAccount,
    ada: User,
    birch: Space,
    zoe: User,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    settings.CARDS_CALLS_PER_MINUTE = 100_000
    settings.CARDS_SLICE_SECONDS = 0
    monkeypatch.setattr(apply, "BATCH", 4)
    simulator.reset(employees=15, departments=5, with_faults=False, calls_per_minute=100_000, seed=seed)
    define_trainings(simulator.company.catalogue)
    statistics.save_settings(account, is_on=True, codes={}, by=ada)
    walk = Walk(World(simulator, account, ada), seed)
    elsewhere = (zoe.email, User.objects.filter(space=birch).count(), Group.objects.filter(space=birch).count())
    try:
        for _ in range(STEPS):
            walk.step()
        walk.check_the_end()
        walk.import_everybody_again()
        for change in (walk.rename_the_trainings, walk.move_the_space):
            walk.restore_the_copy()
            change()
            walk.check_the_end()
    except Exception as error:
        raise AssertionError(f"seed {seed}, after {', '.join(walk.told)}") from error
    zoe.refresh_from_db()
    assert elsewhere == (zoe.email, User.objects.filter(space=birch).count(), Group.objects.filter(space=birch).count())
