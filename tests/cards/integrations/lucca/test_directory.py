"""The rows of the directory: each in one state, and found by it."""

from datetime import timedelta
from itertools import product

import pytest

from cards import clock
from cards.integrations.lucca.directory import Filters, RowState, departments_of, matching, rows_of
from cards.integrations.lucca.models import DirectoryDepartment, DirectoryEmployee, Link, LuccaAccount
from cards.integrations.lucca.sides import today_of
from tests.conftest import a_user


def one_of_each_kind(account: LuccaAccount) -> None:
    """Everything that a state may hang on, in every combination: contract, absences, link, e-mail and whose it is."""
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
        if whose == "free":
            a_user(account.space, f"Person{number}")
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
def test_a_filter_finds_exactly_the_rows_that_show_the_state(account: LuccaAccount) -> None:
    one_of_each_kind(account)
    shown = dict(rows_of(account).values_list("pk", "state"))
    assert set(shown.values()) == set(RowState.values)
    for state in RowState.values:
        found = set(matching(account, Filters(state=state)).values_list("pk", flat=True))
        assert found == {pk for pk, one in shown.items() if one == state}, state
    unfiltered = set(matching(account, Filters()).values_list("pk", flat=True))
    assert unfiltered == {pk for pk, one in shown.items() if one != RowState.LEFT}
    assert not matching(account, Filters(state="no such state")).exists()


def test_more_departments_than_a_list_can_hold_are_not_offered_as_a_filter(account: LuccaAccount) -> None:
    DirectoryDepartment.objects.bulk_create(
        DirectoryDepartment(account=account, lucca_id=str(number), name=f"{number:03}", search_key=f"{number:03}",
                            people=1, first_seen_at=clock.now())
        for number in range(500)
    )  # fmt: skip
    assert departments_of(account)[:2] == [("0", "000"), ("1", "001")]
    assert len(departments_of(account)) == 500
    DirectoryDepartment.objects.create(account=account, lucca_id="one more", people=1, first_seen_at=clock.now())
    assert departments_of(account) == []
