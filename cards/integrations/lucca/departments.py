"""What the tab of departments shows: the tree as far as it is proven, each department with its group and its state."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, TextChoices, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cards.integrations.lucca.directory import IMPORTABLE, RowState, rows_of
from cards.integrations.lucca.models import DirectoryDepartment, DirectoryEmployee, LuccaAccount
from cards.integrations.lucca.sides import ABSENCES_TO_WONDER, department_links_of, links_of, today_of
from cards.people.models import Membership, Origin
from cards.people.queries import holding

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from cards.integrations.lucca.directory import Rows


class DepartmentState(TextChoices):
    """Where a department stands with Cards."""

    NOT_IMPORTED = "not_imported", _("Not imported")
    TO_COMPLETE = "to_complete", _("New people")
    IMPORTED = "imported", _("Imported")
    CLOSED = "closed", _("Closed")
    GONE = "gone", _("No longer seen in Lucca")


@dataclass(frozen=True)
class DepartmentFilters:
    """What the reader asked to see."""

    search: str = ""
    state: str = ""


class DepartmentStanding(TypedDict):
    """What a row knows besides the directory: its DepartmentState, the linked group and the names of that day."""

    state: str
    group_id: int | None
    group_name: str | None
    given_name: str | None
    department_name: str | None


class Elsewhere(TypedDict):
    """Lucca's ids of the department whose group it is, and of the person."""

    department_id: str
    employee_id: str


if TYPE_CHECKING:
    DepartmentRow = WithAnnotations[DirectoryDepartment, DepartmentStanding]
    DepartmentRows = QuerySet[DepartmentRow, DepartmentRow]
    MovedOn = QuerySet[WithAnnotations[Membership, Elsewhere], WithAnnotations[Membership, Elsewhere]]


def department_rows(account: LuccaAccount) -> "DepartmentRows":
    """All departments of the directory, each with its DepartmentStanding."""
    links = department_links_of(account).filter(lucca_id=OuterRef("lucca_id"))
    return (
        DirectoryDepartment.objects.filter(account=account)
        .annotate(
            group_id=Subquery(links.values("group_id")[:1]),
            group_name=Subquery(links.values("group__name")[:1]),
            given_name=Subquery(links.values("given_name")[:1]),
            department_name=Subquery(links.values("department_name")[:1]),
        )
        .annotate(
            state=Case(
                When(group_id__isnull=False, absences__gte=ABSENCES_TO_WONDER, then=Value(DepartmentState.GONE)),
                When(group_id__isnull=False, to_add__gt=0, then=Value(DepartmentState.TO_COMPLETE)),
                When(group_id__isnull=False, then=Value(DepartmentState.IMPORTED)),
                When(is_active=False, people=0, then=Value(DepartmentState.CLOSED)),
                default=Value(DepartmentState.NOT_IMPORTED),
            )
        )
    )


def matching_departments(rows: "DepartmentRows", filters: DepartmentFilters) -> "DepartmentRows":
    """The rows that the filters let through; every word that was typed must be in the name or the code."""
    rows = holding(rows, filters.search)
    return rows.filter(state=filters.state) if filters.state else rows


def to_add(account: LuccaAccount) -> "Rows":
    """Who would join the group of their department, were it imported again: of linked departments alone."""
    links = department_links_of(account).filter(lucca_id=OuterRef("department_lucca_id"))
    is_member = Membership.objects.filter(
        user_id=Coalesce(OuterRef("user_id"), OuterRef("same_email_user_id")),
        group__lucca_links__in=department_links_of(account),
        group__lucca_links__lucca_id=OuterRef("department_lucca_id"),
    )
    return rows_of(account).filter(
        Exists(links),
        ~Exists(is_member),
        ~Q(contract_end_on__lt=today_of(account)),
        absences=0,
        state__in=[*IMPORTABLE, RowState.IMPORTED],
    )


def moved_on(account: LuccaAccount) -> "MovedOn":
    """Memberships that came from Lucca and whose people Lucca now shows elsewhere, or as having left.

    Each has `department_id` and `employee_id`, Lucca's ids. Who is not seen at all has not moved on (absence proves
    nothing), and who was added by hand is nobody's business but the hand's.
    """
    elsewhere = DirectoryEmployee.objects.filter(
        ~Q(department_lucca_id=OuterRef("department_id")) | Q(contract_end_on__lt=today_of(account)),
        account=account,
        absences=0,
        lucca_id=OuterRef("employee_id"),
    )
    return (
        Membership.objects.filter(
            origin=Origin.LUCCA,
            group__lucca_links__in=department_links_of(account),
            user__lucca_links__in=links_of(account),
        )
        .annotate(department_id=F("group__lucca_links__lucca_id"), employee_id=F("user__lucca_links__lucca_id"))
        .filter(Exists(elsewhere))
    )
