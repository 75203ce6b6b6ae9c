"""What the tab of collaborators shows: the rows of the directory, each with its state, found, counted and paged."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _

from cards.integrations.lucca.models import DirectoryDepartment, DirectoryEmployee, LuccaAccount
from cards.integrations.lucca.sides import ABSENCES_TO_WONDER, links_of, today_of
from cards.people.models import User
from cards.people.queries import holding

# More departments than these are not offered as a filter.
MOST_OFFERED = 500


class RowState(TextChoices):
    """Where a collaborator stands with Cards (R25)."""

    NOT_IMPORTED = "not_imported", _("Not imported")
    IMPORTED = "imported", _("Imported")
    HAS_ACCOUNT = "has_account", _("Has an account, not linked yet")
    ARRIVES = "arrives", _("Arrives later")
    NO_EMAIL = "no_email", _("No e-mail")
    DOUBLED = "doubled", _("Same e-mail twice")
    TAKEN = "taken", _("Account linked to someone else")
    GONE = "gone", _("No longer seen in Lucca")
    LEFT = "left", _("Left")


# Who can be imported by a click on their row.
IMPORTABLE = (RowState.NOT_IMPORTED, RowState.HAS_ACCOUNT, RowState.ARRIVES)


@dataclass(frozen=True)
class Filters:
    """What the reader asked to see. Without a state, people who have left are not shown."""

    search: str = ""
    state: str = ""
    department: str = ""


class Standing(TypedDict):
    """What a row knows besides the directory: its RowState, the linked user, the user who has the same e-mail."""

    state: str
    user_id: int | None
    same_email_user_id: int | None


if TYPE_CHECKING:
    from collections.abc import Sequence

    from django_stubs_ext import WithAnnotations

    Row = WithAnnotations[DirectoryEmployee, Standing]
    Rows = QuerySet[Row, Row]


def rows_of(account: LuccaAccount) -> "Rows":
    """Everybody in the directory, each with its Standing."""
    today = today_of(account)
    links = links_of(account)
    users = User.objects.filter(space_id=account.space_id)
    linked = links.filter(lucca_id=OuterRef("lucca_id")).values("user_id")
    has_email = ~Q(email_key="")
    return (
        DirectoryEmployee.objects.filter(account=account)
        .annotate(
            user_id=Subquery(linked[:1]),
            same_email_user_id=Subquery(users.filter(email_key=OuterRef("email_key")).order_by().values("pk")[:1]),
        )
        .annotate(
            state=Case(
                When(user_id__isnull=False, absences__gte=ABSENCES_TO_WONDER, then=Value(RowState.GONE)),
                When(user_id__isnull=False, then=Value(RowState.IMPORTED)),
                When(contract_end_on__lt=today, then=Value(RowState.LEFT)),
                When(~has_email, then=Value(RowState.NO_EMAIL)),
                When(is_doubled=True, then=Value(RowState.DOUBLED)),
                When(Exists(links.filter(user_id=OuterRef("same_email_user_id"))), then=Value(RowState.TAKEN)),
                When(same_email_user_id__isnull=False, then=Value(RowState.HAS_ACCOUNT)),
                When(contract_start_on__gt=today, then=Value(RowState.ARRIVES)),
                default=Value(RowState.NOT_IMPORTED),
            )
        )
    )


def matching(account: LuccaAccount, filters: Filters) -> "Rows":
    """The rows that the filters let through; every word that was typed must be in the name or the e-mail."""
    rows = holding(rows_of(account), filters.search)
    if filters.department:
        rows = rows.filter(department_lucca_id=filters.department)
    if filters.state:
        return rows.filter(_is_in(filters.state, account))
    # Who has left, without working out the state of everybody.
    return rows.filter(_is_present(account) | Q(user_id__isnull=False))


def _is_present(account: LuccaAccount) -> Q:
    return Q(contract_end_on__isnull=True) | Q(contract_end_on__gte=today_of(account))


def _is_in(state: str, account: LuccaAccount) -> Q:
    """The same states as those of `rows_of`, each said by itself, so that a database can look for it by its indexes."""
    links = links_of(account)
    is_linked = Q(Exists(links.filter(lucca_id=OuterRef("lucca_id"))))
    users = User.objects.filter(space_id=account.space_id, email_key=OuterRef("email_key"))
    is_of_another = Exists(links.filter(user=OuterRef("pk")))
    is_present = ~is_linked & _is_present(account)
    has_usable_email = is_present & ~Q(email_key="") & Q(is_doubled=False)
    has_no_account = has_usable_email & ~Q(Exists(users))
    arrives = Q(contract_start_on__isnull=False, contract_start_on__gt=today_of(account))
    conditions = {
        RowState.GONE: is_linked & Q(absences__gte=ABSENCES_TO_WONDER),
        RowState.IMPORTED: is_linked & Q(absences__lt=ABSENCES_TO_WONDER),
        RowState.LEFT: ~is_linked & Q(contract_end_on__lt=today_of(account)),
        RowState.NO_EMAIL: is_present & Q(email_key=""),
        RowState.DOUBLED: is_present & ~Q(email_key="") & Q(is_doubled=True),
        RowState.TAKEN: has_usable_email & Q(Exists(users.filter(is_of_another))),
        RowState.HAS_ACCOUNT: has_usable_email & Q(Exists(users.filter(~is_of_another))),
        RowState.ARRIVES: has_no_account & arrives,
        RowState.NOT_IMPORTED: has_no_account & ~arrives,
    }
    return conditions[RowState(state)] if state in conditions else Q(pk__in=[])


def counts_of(account: LuccaAccount) -> Counter[str]:
    """How many collaborators are in each state."""
    return Counter(dict(rows_of(account).values_list("state").annotate(people=Count("pk")).order_by()))


def departments_of(account: LuccaAccount) -> list[tuple[str, str]]:
    """The departments that somebody is in, by name: (Lucca id, name).

    None where they are too many to choose from a list; the tab of departments finds each of them, and its people.
    """
    departments = DirectoryDepartment.objects.filter(account=account, people__gt=0)
    found = departments.order_by("search_key", "lucca_id")[: MOST_OFFERED + 1]
    offered = [(department.lucca_id, str(department)) for department in found]
    return offered if len(offered) <= MOST_OFFERED else []


def namesakes_by_email(rows: "Sequence[Row]") -> dict[str, list[DirectoryEmployee]]:
    """For the rows held back because of a shared e-mail, everybody who shares it, by e-mail key (one query)."""
    keys = {row.email_key for row in rows if row.is_doubled}
    shared: dict[str, list[DirectoryEmployee]] = {}
    if keys:
        people = DirectoryEmployee.objects.filter(account_id=rows[0].account_id, email_key__in=keys, is_doubled=True)
        for person in people:
            shared.setdefault(person.email_key, []).append(person)
    return shared


def accounts_of(rows: "Sequence[Row]") -> dict[int | None, User]:
    """The linked users of the rows by id (one query)."""
    return {user.pk: user for user in User.objects.filter(pk__in=[row.user_id for row in rows if row.user_id])}
