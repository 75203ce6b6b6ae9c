"""What holds for any company and any history: the plan is what happens, twice is once, undone is before."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.integrations.lucca import sync
from cards.integrations.lucca.models import DirectoryEmployee, Link, LuccaAccount
from cards.people.models import Group, Mail, Membership, User
from cards.runs.models import Budget, LineState, Run, RunState
from lucca_simulator import Simulator
from tests.cards.integrations.lucca.conftest import reading, work
from tests.cards.integrations.lucca.test_undo import drafted, picture, undone

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

EMAILS = ("", "not an address", *(f"{letter}@acme.example" for letter in "aAbBcdefg"))


@dataclass(frozen=True)
class Person:
    """What may be different about a collaborator."""

    email: str
    department: int
    ends_on: date | None


@dataclass(frozen=True)
class Step:
    """Something that happens at Lucca: person number `who` becomes another, disappears, or a department is renamed."""

    who: int
    becomes: Person | None
    department: int
    is_renamed: str


people = st.builds(
    Person,
    email=st.sampled_from(EMAILS),
    department=st.integers(1, 6),
    ends_on=st.sampled_from([None, None, None, date(2020, 1, 1), date(2999, 1, 1)]),
)
steps = st.builds(
    Step,
    who=st.integers(1, 12),
    becomes=st.none() | people,
    department=st.integers(1, 6),
    is_renamed=st.sampled_from(["", "", "Sales", "sales ", "Marketing"]),
)
kinds = st.sampled_from([sync.IMPORT_USERS, sync.IMPORT_DEPARTMENTS])
known = st.lists(st.sampled_from(EMAILS[2:]), max_size=3, unique_by=str.casefold)
sometimes = settings(max_examples=100)


def found(simulator: Simulator, company: list[Person]) -> None:
    """Make the simulator's company exactly these people."""
    simulator.reset(employees=len(company), departments=6, with_faults=False, calls_per_minute=100_000, seed=1)
    for number, person in enumerate(company, start=1):
        become(simulator, number, person)


def become(simulator: Simulator, number: int, person: Person) -> None:
    employee = simulator.company.employees[number]
    employee.mail, employee.department_id, employee.ends_on = person.email, person.department, person.ends_on


def happen(simulator: Simulator, step: Step) -> None:
    if step.becomes is None:
        simulator.company.employees.pop(step.who, None)
    elif step.who in simulator.company.employees:
        become(simulator, step.who, step.becomes)
    if step.is_renamed:
        simulator.company.departments[step.department].name = step.is_renamed


def begin(simulator: Simulator, account: LuccaAccount, ada: User, company: list[Person], emails: list[str]) -> None:
    """A space with these accounts, connected to this company, nothing imported."""
    space = account.space
    # Every example is a minute of its own.
    Budget.objects.all().delete()
    for model in (Run, Link, Group):
        model._default_manager.filter(space=space).delete()
    User.objects.filter(space=space).exclude(pk=ada.pk).delete()
    DirectoryEmployee.objects.filter(account=account).delete()
    found(simulator, company)
    for email in emails:
        User.objects.create(space=space, email=email, first_name="Known", last_name="Already")
    reading(account, ada, believe=True)


def imported(account: LuccaAccount, ada: User, kind: str) -> Run:
    run = drafted(account, ada, kind)
    sync.start_import(run=run, by=ada)
    work()
    run.refresh_from_db()
    assert run.state == RunState.FINISHED
    return run


@given(st.lists(people, max_size=12), known, st.lists(steps, max_size=4), kinds, kinds)
@sometimes
def test_whatever_the_company_and_its_history(
    simulator: Simulator,
    account: LuccaAccount,
    ada: User,
    company: list[Person],
    emails: list[str],
    history: list[Step],
    first: str,
    second: str,
) -> None:
    begin(simulator, account, ada, company, emails)
    before = picture()
    run = drafted(account, ada, first)
    planned = {line.pk: (line.action, line.state) for line in run.lines.all()}
    in_lines = run.lines.exclude(action__endswith="_group").count()
    assert in_lines + run.unchanged == len(company), "counts add up to what was read"
    sync.start_import(run=run, by=ada)
    work()
    run.refresh_from_db()
    outcome = {line.pk: (line.action, line.state) for line in run.lines.all()}
    done = {LineState.PLANNED: LineState.DONE}
    assert outcome == {pk: (action, done.get(LineState(state), state)) for pk, (action, state) in planned.items()}
    emails_of_accounts = Counter(User.objects.filter(space=account.space).values_list("email_key", flat=True))
    assert set(emails_of_accounts.values()) <= {1}

    after, mails = picture(), Mail.objects.count()
    again = imported(account, ada, first)
    assert picture() == after, "a second time changes nothing"
    assert not again.lines.filter(state=LineState.DONE).exists()
    assert Mail.objects.count() == mails

    undone(run, ada)
    assert picture() == before, "undone is before"

    imported(account, ada, first)
    users, memberships = set(User.objects.values_list("pk", flat=True)), set(Membership.objects.values_list("pk"))
    for step in history:
        happen(simulator, step)
        reading(account, ada, believe=True)
        imported(account, ada, second)
        now = set(User.objects.filter(is_active=True).values_list("pk", flat=True))
        assert users <= now, "absence removes nobody"
        assert memberships <= set(Membership.objects.values_list("pk"))
        users, memberships = now, set(Membership.objects.values_list("pk"))
