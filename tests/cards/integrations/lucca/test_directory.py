"""The rows of the directory: each in one state, and found by it."""

from datetime import timedelta
from itertools import product

import pytest

from cards import clock
from cards.integrations.catalogue.models import Activation
from cards.integrations.lucca import connect, sync
from cards.integrations.lucca.counters import counters_of
from cards.integrations.lucca.directory import Filters, RowState, departments_of, matching, rows_of
from cards.integrations.lucca.models import DirectoryDepartment, DirectoryEmployee, Link, LuccaAccount
from cards.integrations.lucca.sides import today_of
from cards.people.models import User
from cards.runs.models import Run
from cards.spaces.models import Space
from lucca_simulator import Simulator
from tests.cards.integrations.lucca.conftest import connected_to, reading
from tests.conftest import a_user


def one_of_each_kind(account: LuccaAccount, elsewhere: Space) -> None:
    """Everything that a state may hang on, in every combination: contract, absences, link, e-mail and whose it is.

    The e-mails that are nobody's here are somebody's `elsewhere`.
    """
    today, day = today_of(account), timedelta(days=1)
    another = a_user(account.space, "Another")
    Link.objects.create(space=account.space, host=account.host, lucca_id="another", user=another, linked_at=clock.now())
    contracts = [
        (None, None),
        (today - day, today),
        (today + day, None),
        (None, today - day),
        (today + day, today - day),
    ]
    for number, ((starts, ends), absences, is_linked, whose, is_doubled) in enumerate(
        product(contracts, (0, 1, 2), (True, False), ("nobody", "free", "taken", "empty"), (True, False))
    ):
        email = {"empty": "", "taken": another.email}.get(whose, f"person{number}@acme.example")
        if whose in ("free", "nobody"):
            User.objects.create(space=account.space if whose == "free" else elsewhere, email=email)
        DirectoryEmployee.objects.create(
            account=account, lucca_id=str(number), email=email, email_key=email, is_doubled=is_doubled,
            absences=absences, contract_start_on=starts, contract_end_on=ends, first_seen_at=clock.now(),
        )  # fmt: skip
        if is_linked:
            user = a_user(account.space, f"Linked{number}")
            Link.objects.create(
                space=account.space, host=account.host, lucca_id=str(number), user=user, linked_at=clock.now()
            )


@pytest.mark.requirement("R14", "R25")
def test_a_filter_finds_exactly_the_rows_that_show_the_state(account: LuccaAccount, birch: Space) -> None:
    one_of_each_kind(account, birch)
    shown = dict(rows_of(account).values_list("pk", "state"))
    assert set(shown.values()) == set(RowState.values)
    for state in RowState.values:
        found = set(matching(account, Filters(state=state)).values_list("pk", flat=True))
        assert found == {pk for pk, one in shown.items() if one == state}, state
    unfiltered = set(matching(account, Filters()).values_list("pk", flat=True))
    assert unfiltered == {pk for pk, one in shown.items() if one != RowState.LEFT}
    assert not matching(account, Filters(state="no such state")).exists()


def test_two_spaces_of_one_lucca_have_a_directory_each(
    directory: LuccaAccount, simulator: Simulator, ada: User, birch: Space, zoe: User
) -> None:
    def known(account: LuccaAccount) -> tuple[list[str], int]:
        people = DirectoryEmployee.objects.filter(account=account).order_by("lucca_id")
        departments = DirectoryDepartment.objects.filter(account=account)
        return list(people.values_list("first_name", flat=True)), departments.count()

    before, figures = known(directory), counters_of(directory)
    Activation.objects.create(space=birch, integration="lucca", activated_at=birch.created_at)
    other = connected_to(simulator, birch, zoe)
    reading(other, zoe)
    DirectoryDepartment.objects.filter(account=directory).update(moved_on=7)
    assert (known(other), counters_of(other)) == (before, figures)
    assert set(DirectoryDepartment.objects.values_list("account", "moved_on")) == {(directory.pk, 7), (other.pk, 0)}
    employee = next(iter(simulator.company.employees.values()))
    employee.first_name = "Okapixa"
    reading(other, zoe)
    assert "Okapixa" in known(other)[0]
    gone = simulator.company.employees.pop(max(simulator.company.employees))
    reading(other, zoe)
    assert len(known(other)[0]) == len(before[0]) - 1
    assert known(directory) == before
    simulator.company.employees[gone.id] = gone
    runs = Run.objects.filter(space=directory.space).count()
    connect.forget_directory(other)
    assert (known(other), known(directory)) == (([], 0), before)
    reading(other, zoe)
    connect.forget_everything(birch, by=zoe)
    assert (known(directory), Run.objects.filter(space=directory.space).count()) == (before, runs)
    assert not LuccaAccount.objects.filter(space=birch).exists()
    directory.refresh_from_db()
    assert counters_of(directory) == figures
    assert sync.account_of(reading(directory, ada)) == directory


def test_more_departments_than_a_list_can_hold_are_not_offered_as_a_filter(account: LuccaAccount) -> None:
    DirectoryDepartment.objects.bulk_create(
        DirectoryDepartment(account=account, lucca_id=str(number), name=f"{number:03}", search_key=f"{number:03}",
                            people=1)
        for number in range(500)
    )  # fmt: skip
    assert departments_of(account)[:2] == [("0", "000"), ("1", "001")]
    assert len(departments_of(account)) == 500
    DirectoryDepartment.objects.create(account=account, lucca_id="one more", people=1)
    assert departments_of(account) == []
