"""Who is created, linked, unchanged or left out, and why."""

from datetime import date

import pytest
from django.core.validators import validate_email
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cards.integrations.lucca.plan import Account, Action, CardsSide, Employee, Reason
from cards.integrations.lucca.quality import Defect, defects_of
from cards.integrations.lucca.reconcile import is_an_address, reconcile

TODAY = date(2026, 11, 22)


def employee(lucca_id: str, email: str = "", **facts: object) -> Employee:
    return replace(
        Employee(lucca_id, "Anne", "Bel", email, email.casefold() if is_an_address(email) else ""),
        **facts,  # type: ignore[arg-type]
    )


def planned(*employees: Employee, cards: CardsSide | None = None) -> str:
    return str(reconcile(employees, cards or CardsSide(), today=TODAY))


@pytest.mark.requirement("R1", "R18")
def test_a_collaborator_without_account_is_created() -> None:
    assert planned(employee("1", "anne@acme.example")) == "create Anne Bel <anne@acme.example>"


@pytest.mark.requirement("R15", "R28", "R29")
def test_who_has_an_account_of_the_same_e_mail_in_any_case_is_linked() -> None:
    cards = CardsSide(accounts={"anne@acme.example": Account(7)})
    plan = reconcile([employee("1", "ANNE@acme.example")], cards, today=TODAY)
    assert str(plan) == "link Anne Bel <ANNE@acme.example>"
    assert plan.changes[0].user_id == 7


def test_who_has_a_deactivated_account_is_linked_with_a_word_about_it() -> None:
    cards = CardsSide(accounts={"anne@acme.example": Account(7, is_active=False)})
    assert planned(employee("1", "anne@acme.example"), cards=cards) == "link Anne Bel <anne@acme.example> (deactivated)"


@pytest.mark.requirement("R25")
def test_who_is_linked_stays_so_whatever_the_e_mail_has_become() -> None:
    cards = CardsSide(linked={"1": 7}, accounts={"other@acme.example": Account(8)})
    for email in ("", "other@acme.example", "nobody"):
        plan = reconcile([employee("1", email, is_doubled=True)], cards, today=TODAY)
        assert [(change.action, change.user_id) for change in plan] == [(Action.UNCHANGED, 7)]


@pytest.mark.requirement("R16")
def test_who_has_no_e_mail_is_left_out() -> None:
    assert planned(employee("1")) == "skip Anne Bel (no_email)"
    assert planned(employee("1", "nobody")) == "skip Anne Bel <nobody> (bad_email)"


@pytest.mark.requirement("R17")
def test_who_shares_an_e_mail_is_left_out() -> None:
    assert planned(employee("1", "anne@acme.example", is_doubled=True)) == (
        "skip Anne Bel <anne@acme.example> (doubled_email)"
    )


def test_an_account_already_linked_to_somebody_else_is_never_linked_twice() -> None:
    cards = CardsSide(accounts={"anne@acme.example": Account(7, linked_to="99")})
    plan = reconcile([employee("1", "anne@acme.example")], cards, today=TODAY)
    assert str(plan) == "skip Anne Bel <anne@acme.example> (account_taken)"
    assert plan.changes[0].user_id == 7, "the page shows whose it is"


@pytest.mark.requirement("R29")
def test_an_account_of_the_former_file_of_somebody_who_left_is_named_as_such() -> None:
    cards = CardsSide(accounts={"anne@acme.example": Account(7, linked_to="99", is_of_former_file=True)})
    assert planned(employee("1", "anne@acme.example"), cards=cards) == (
        "skip Anne Bel <anne@acme.example> (former_file)"
    )


@pytest.mark.parametrize(
    ("end", "line"),
    [
        (date(2026, 11, 21), "skip Anne Bel <anne@acme.example> (left)"),
        (date(2026, 11, 22), "create Anne Bel <anne@acme.example>"),
        (None, "create Anne Bel <anne@acme.example>"),
    ],
)
def test_who_has_left_is_not_created_and_the_last_day_is_not_yet_gone(end: date | None, line: str) -> None:
    assert planned(employee("1", "anne@acme.example", contract_end_on=end)) == line


def test_who_arrives_later_is_created() -> None:
    later = employee("1", "anne@acme.example", contract_start_on=date(2027, 1, 4))
    assert planned(later) == "create Anne Bel <anne@acme.example>"


@pytest.mark.parametrize(("culture", "language"), [("fr", "fr"), ("en", "en"), ("de", "en"), ("", "en")])
def test_a_new_account_speaks_luccas_language_or_else_the_spaces(culture: str, language: str) -> None:
    plan = reconcile([employee("1", "anne@acme.example", culture=culture)], CardsSide(language="en"), today=TODAY)
    assert plan.changes[0].language == language


def test_creating_stops_at_the_quota_and_linking_goes_on() -> None:
    cards = CardsSide(accounts={"d@acme.example": Account(4)}, places_left=1)
    people = [employee(letter, f"{letter}@acme.example") for letter in "abcd"]
    assert [str(change.reason or change.action) for change in reconcile(people, cards, today=TODAY)] == [
        "create",
        "quota_reached",
        "quota_reached",
        "link",
    ]


@pytest.mark.requirement("R34", "R35")
@pytest.mark.parametrize(
    ("lucca_id", "name", "facts", "line"),
    [
        ("1", "new", {}, "create Anne Bel <new@acme.example> into 2"),
        ("1", "known", {}, "link Anne Bel <known@acme.example> into 2"),
        ("1", "member", {}, "link Anne Bel <member@acme.example>"),
        ("8", "linked", {}, "join Anne Bel <linked@acme.example> into 2"),
        ("8", "linked", {"contract_end_on": TODAY}, "join Anne Bel <linked@acme.example> into 2"),
        ("9", "linked", {}, "unchanged Anne Bel <linked@acme.example>"),
        ("9", "linked", {"department_id": "3"}, "join Anne Bel <linked@acme.example> into 3"),
        ("9", "linked", {"department_id": ""}, "skip Anne Bel <linked@acme.example> (no_department)"),
        ("9", "linked", {"contract_end_on": date(2026, 11, 21)}, "skip Anne Bel <linked@acme.example> (left)"),
        ("1", "new", {"is_doubled": True, "department_id": ""}, "skip Anne Bel <new@acme.example> (doubled_email)"),
    ],
)
def test_who_is_imported_with_their_department_joins_its_group_once(
    lucca_id: str, name: str, facts: dict[str, object], line: str
) -> None:
    cards = CardsSide(
        linked={"8": 18, "9": 19},
        accounts={"known@acme.example": Account(17), "member@acme.example": Account(20)},
        members={"2": frozenset({19, 20})},
    )
    one = employee(lucca_id, f"{name}@acme.example", **{"department_id": "2", **facts})
    assert str(reconcile([one], cards, today=TODAY, into_groups=True)) == line


@pytest.mark.parametrize(
    ("first_name", "last_name", "email", "name"),
    [("Anne", "Bel", "a@acme.example", "Anne Bel"), ("", "Bel", "", "Bel"), ("", "", "a@b", "a@b"), ("", "", "", "1")],
)
def test_a_line_names_somebody_also_when_the_file_does_not(
    first_name: str, last_name: str, email: str, name: str
) -> None:
    assert Employee("1", first_name, last_name, email, "").name == name


@pytest.mark.parametrize(
    ("email", "may_be_one"),
    [
        ("anne@acme.example", True),
        ("zoe@café.example", True),
        ("zoé@acme.example", False),
        ("zoe@acme", False),
        ("zoe.@acme.example", False),
        ("zoe(office)@acme.example", False),
        ("zoe,max@acme.example", False),
        ("zoe@acme,example", False),
        ("zoe@acme.example.", False),
        ("o'neil+x@acme.example", True),
        ("anne", False),
        ("@acme.example", False),
        ("anne@", False),
        ("anne bel@acme.example", False),
        ("anne@bel@acme.example", False),
        ("anne@acme..example", False),
        ("anne@.acme.example", False),
        ("anne\n@acme.example", False),
        ("a" * 244 + "@a.example", True),
        ("a" * 245 + "@a.example", False),
    ],
)
def test_what_cannot_be_an_address_is_told_from_what_can(email: str, may_be_one: bool) -> None:
    assert is_an_address(email) is may_be_one
    if may_be_one:
        # Else an account would be made that the forms let nobody sign in to.
        validate_email(email)


people = st.lists(
    st.builds(
        employee,
        st.integers(1, 30).map(str),
        st.sampled_from(["", "a@acme.example", "B@acme.example", "c@acme.example", "no address"]),
        is_doubled=st.booleans(),
        contract_end_on=st.sampled_from([None, date(2020, 1, 1), date(2030, 1, 1)]),
    ),
    unique_by=lambda employee: employee.lucca_id,
)
sides = st.builds(
    CardsSide,
    linked=st.dictionaries(st.integers(1, 30).map(str), st.integers(1, 9)),
    accounts=st.dictionaries(
        st.sampled_from(["a@acme.example", "b@acme.example"]),
        st.builds(Account, st.integers(1, 9), st.sampled_from([None, "99"])),
    ),
    places_left=st.sampled_from([None, 0, 1, 5]),
)


@given(people, sides)
def test_every_collaborator_that_was_read_has_exactly_one_line(employees: list[Employee], cards: CardsSide) -> None:
    plan = reconcile(employees, cards, today=TODAY)
    assert [change.employee for change in plan] == employees
    assert sum(plan.counts.values()) == len(employees)
    assert all((change.action is Action.SKIP) == (change.reason is not None) for change in plan)


@given(people, sides)
def test_nobody_is_created_without_an_e_mail_of_their_own(employees: list[Employee], cards: CardsSide) -> None:
    for change in reconcile(employees, cards, today=TODAY):
        if change.action is Action.CREATE:
            assert change.employee.email_key not in cards.accounts
            assert change.employee.email
            assert not change.employee.is_doubled


@given(people, sides)
def test_no_more_are_created_than_there_are_places(employees: list[Employee], cards: CardsSide) -> None:
    plan = reconcile(employees, cards, today=TODAY)
    if cards.places_left is not None:
        assert plan.counts[Action.CREATE] <= cards.places_left
        full = [change for change in plan if change.reason is Reason.QUOTA_REACHED]
        assert not full or plan.counts[Action.CREATE] == cards.places_left


@pytest.mark.parametrize(
    ("email", "facts", "defects"),
    [
        ("anne@acme.example", {}, []),
        ("", {}, [Defect.NO_EMAIL]),
        ("anne at acme", {}, [Defect.BAD_EMAIL]),
        ("bel@acme.example", {"is_doubled": True}, [Defect.DOUBLED]),
        ("Bel@acme.example", {"is_doubled": True}, [Defect.DOUBLED_BY_CASE]),
        ("", {"department_id": ""}, [Defect.NO_EMAIL, Defect.NO_DEPARTMENT]),
        ("", {"department_id": "", "contract_end_on": date(2026, 11, 21)}, []),
        ("", {"contract_end_on": TODAY}, [Defect.NO_EMAIL]),
        (
            "",
            {"contract_start_on": date(2024, 1, 2), "contract_end_on": date(2024, 1, 1)},
            [Defect.ENDS_BEFORE_START],
        ),
    ],
)
def test_a_file_is_told_what_is_wrong_with_it_unless_its_person_has_left(
    email: str, facts: dict[str, object], defects: list[Defect]
) -> None:
    one = employee("1", email, **{"department_id": "2", **facts})
    assert list(defects_of(one, today=TODAY, shared={"bel@acme.example"})) == defects
