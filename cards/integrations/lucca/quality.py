"""What is wrong in the company's own data, for whoever keeps the files in Lucca. It looks, and never writes."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from cards.integrations.lucca.models import DirectoryEmployee, LuccaAccount
from cards.integrations.lucca.sides import departments_seen, present


class Defect(TextChoices):
    """What is wrong with a file in Lucca."""

    NO_EMAIL = "no_email", _("No e-mail")
    BAD_EMAIL = "bad_email", _("The e-mail is not an address")
    DOUBLED = "doubled", _("Same e-mail as somebody else")
    DOUBLED_BY_CASE = "doubled_by_case", _("Same e-mail but for capital letters")
    NO_DEPARTMENT = "no_department", _("In no department")
    NAMESAKE_DEPARTMENT = "namesake_department", _("Another department has this name")
    ENDS_BEFORE_START = "ends_before_start", _("The contract ends before it starts")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the page: a person (or, without `email`, a department) and what is wrong."""

    defect: Defect
    lucca_id: str
    name: str
    detail: str
    is_person: bool = True


People = QuerySet[DirectoryEmployee]


def _doubled(account: LuccaAccount) -> People:
    return present(account).filter(is_doubled=True)


def _exact(account: LuccaAccount) -> People:
    """The e-mails that several people have letter for letter."""
    emails = _doubled(account).order_by().values("email").annotate(people=Count("pk")).filter(people__gt=1)
    return _doubled(account).filter(email__in=emails.values("email"))


PEOPLE: dict[Defect, Callable[[LuccaAccount], People]] = {
    Defect.NO_EMAIL: lambda account: present(account).filter(email=""),
    Defect.BAD_EMAIL: lambda account: present(account).filter(~Q(email=""), email_key=""),
    Defect.DOUBLED: _exact,
    Defect.DOUBLED_BY_CASE: lambda account: _doubled(account).exclude(pk__in=_exact(account).values("pk")),
    Defect.NO_DEPARTMENT: lambda account: present(account).filter(department_lucca_id=""),
    Defect.ENDS_BEFORE_START: lambda account: DirectoryEmployee.objects.filter(
        account=account, absences=0, contract_end_on__lt=F("contract_start_on")
    ),
}


def findings(account: LuccaAccount) -> list[Finding]:
    """Everything that is wrong, defect by defect, people by name."""
    found = [
        Finding(defect, person.lucca_id, person.name, person.email or person.department_name)
        for defect, people in PEOPLE.items()
        for person in people(account).order_by("sort_key", "pk")
    ]
    return found + _namesake_departments(account)


def _namesake_departments(account: LuccaAccount) -> list[Finding]:
    by_name: dict[str, list[Finding]] = {}
    for row in departments_seen(account).filter(is_active=True):
        detail = " · ".join(part for part in (row.above, row.code) if part)
        finding = Finding(Defect.NAMESAKE_DEPARTMENT, row.lucca_id, str(row), detail, is_person=False)
        by_name.setdefault(row.name.strip().casefold(), []).append(finding)
    return [finding for namesakes in by_name.values() if len(namesakes) > 1 for finding in namesakes]
