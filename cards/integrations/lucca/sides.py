"""Both sides as values for the plan: what the directory says of people, and what Cards knows of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import IntegerField, QuerySet, TextField
from django.db.models.functions import Cast

from cards import clock
from cards.integrations.lucca import plan
from cards.integrations.lucca.grouping import group_changes
from cards.integrations.lucca.models import (
    AccountState,
    DepartmentLink,
    DirectoryDepartment,
    DirectoryEmployee,
    Link,
    LuccaAccount,
)
from cards.people.models import Group, Membership, User, name_key

# The columns of the directory for the fields of a plan.Employee, in their order, in a form that costs no conversion.
EMPLOYEE = (
    "lucca_id",
    "first_name",
    "last_name",
    "email",
    "email_key",
    Cast("is_doubled", IntegerField()),
    Cast("contract_start_on", TextField()),
    Cast("contract_end_on", TextField()),
    "culture",
    "department_lucca_id",
)

# A linked person is "no longer seen" after this many complete readings without them.
ABSENCES_TO_WONDER = 2


def today_of(account: LuccaAccount) -> date:
    """The day it is where the space is."""
    return clock.today(account.space.time_zone)


def still_there(account: LuccaAccount) -> QuerySet[DirectoryEmployee]:
    """Who has not left: neither by the contract nor, as far as one reading alone is no proof, by not being shown."""
    known = DirectoryEmployee.objects.filter(account=account, absences__lt=ABSENCES_TO_WONDER)
    return known.exclude(contract_end_on__lt=today_of(account))


def links_of(account: LuccaAccount) -> QuerySet[Link]:
    return Link.objects.filter(space_id=account.space_id, host=account.host)


def is_known(account: LuccaAccount) -> bool:
    """Whether this Lucca has ever answered, or somebody is linked to it."""
    has_answered = account.state != AccountState.UNREACHABLE or account.refreshed_at is not None
    return has_answered or links_of(account).exists()


def importable(account: LuccaAccount) -> QuerySet[DirectoryEmployee]:
    """Everybody whom the last reading showed, in Lucca's order as we learned of them."""
    return DirectoryEmployee.objects.filter(account=account, absences=0).order_by("pk")


def lucca_side(rows: QuerySet[DirectoryEmployee]) -> list[plan.Employee]:
    """These people as values, in the order of the rows."""
    return [_employee(*columns) for columns in rows.values_list(*EMPLOYEE)]


def _employee(
    lucca_id: str,
    first_name: str,
    last_name: str,
    email: str,
    email_key: str,
    is_doubled: int,
    start: str | None,
    end: str | None,
    culture: str,
    department_id: str,
) -> plan.Employee:
    return plan.Employee(
        lucca_id,
        first_name,
        last_name,
        email,
        email_key,
        bool(is_doubled),
        date.fromisoformat(start) if start else None,
        date.fromisoformat(end) if end else None,
        culture,
        department_id,
    )


def lucca_side_with(rows: QuerySet[DirectoryEmployee], column: str) -> list[tuple[plan.Employee, Any]]:
    """The same, each with one more column of its row."""
    return [(_employee(*columns), more) for *columns, more in rows.values_list(*EMPLOYEE, column)]


def lucca_side_after(rows: QuerySet[DirectoryEmployee], pk: int, *, at_most: int) -> tuple[list[plan.Employee], int]:
    """The first of those people whose row is after `pk`, and the key of the last of these rows."""
    found = lucca_side_with(rows.filter(pk__gt=pk)[:at_most], "pk")
    return [employee for employee, _ in found], found[-1][1] if found else pk


def cards_side(
    account: LuccaAccount,
    employees: Sequence[plan.Employee],
    *,
    places_left: int | None,
    group_of: Mapping[str, int] | None = None,
) -> plan.CardsSide:
    """What Cards knows about these people: five queries at most, however many they are (at most a few thousand).

    `group_of` names the groups in which to look for them, by department id.
    """
    links = links_of(account)
    linked = dict(
        links.filter(lucca_id__among={employee.lucca_id for employee in employees}).values_list("lucca_id", "user_id")
    )
    # The link goes before the e-mail, so that only those who are not linked are looked for by e-mail.
    keys = {one.email_key for one in employees if one.email_key and one.lucca_id not in linked}
    users = User.objects.filter(space_id=account.space_id, email_key__among=keys).order_by()
    accounts = list(users.values_list("email_key", "pk", "is_active"))
    linked_to = dict(
        links.filter(user_id__in=[user_id for _, user_id, _ in accounts]).values_list("user_id", "lucca_id")
    )
    holders = set(linked_to.values())
    if holders:
        holders -= set(still_there(account).filter(lucca_id__among=holders).values_list("lucca_id", flat=True))
    return plan.CardsSide(
        linked=linked,
        accounts={
            key: plan.Account(user_id, linked_to.get(user_id), linked_to.get(user_id) in holders, is_active)
            for key, user_id, is_active in accounts
        },
        places_left=places_left,
        language=account.space.language,
        members=_members(group_of or {}),
    )


def _members(group_of: Mapping[str, int]) -> dict[str, frozenset[int]]:
    """The users in the group of each of these departments."""
    department_of = {group_id: department_id for department_id, group_id in group_of.items()}
    found: dict[str, set[int]] = {}
    if department_of:
        memberships = Membership.objects.filter(group__in=department_of)
        for group_id, user_id in memberships.values_list("group_id", "user_id"):
            found.setdefault(department_of[group_id], set()).add(user_id)
    return {department_id: frozenset(users) for department_id, users in found.items()}


def present(account: LuccaAccount) -> QuerySet[DirectoryEmployee]:
    """Who is to be seen in Lucca and has not left."""
    return importable(account).exclude(contract_end_on__lt=today_of(account))


def department_links_of(account: LuccaAccount) -> QuerySet[DepartmentLink]:
    return DepartmentLink.objects.filter(space_id=account.space_id, host=account.host)


def groups_of_departments(account: LuccaAccount, lucca_ids: Iterable[str]) -> dict[str, int]:
    """The groups that these departments are linked to, by department id."""
    return dict(department_links_of(account).filter(lucca_id__in=set(lucca_ids)).values_list("lucca_id", "group_id"))


def departments_seen(account: LuccaAccount) -> QuerySet[DirectoryDepartment]:
    """The departments that the last reading showed, in the order of the tree."""
    return DirectoryDepartment.objects.filter(account=account, absences=0).order_by("position", "pk")


def departments_side(rows: QuerySet[DirectoryDepartment]) -> list[plan.Department]:
    facts = rows.order_by().values_list("lucca_id", "name", "code", "is_active", "people")
    return [plan.Department(*each) for each in facts]


def groups_side(account: LuccaAccount) -> plan.GroupsSide:
    """The groups of the space, linked to this Lucca's departments or free (two queries)."""
    links = department_links_of(account).values_list(
        "lucca_id", "group_id", "group__name", "given_name", "department_name"
    )
    linked = {
        lucca_id: plan.LinkedGroup(group_id, name, given_name, department_name)
        for lucca_id, group_id, name, given_name, department_name in links
    }
    used = {group.group_id for group in linked.values()}
    groups = Group.objects.filter(space_id=account.space_id).values_list("name_key", "pk")
    return plan.GroupsSide(linked=linked, free={key: pk for key, pk in groups if pk not in used})


def due_groups(account: LuccaAccount, *, given_up: Iterable[str] = ()) -> dict[str, plan.GroupChange]:
    """What importing each department would do about its group now. The names `given_up` are not given yet."""
    departments = departments_side(departments_seen(account))
    return group_changes(departments, groups_side(account), key=name_key, given_up=given_up)
