"""What is wrong in the company's own data, for whoever keeps the files in Lucca. It looks, and never writes."""

from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from cards.integrations.lucca.models import LuccaAccount
from cards.integrations.lucca.plan import Employee
from cards.integrations.lucca.sides import departments_seen, importable, lucca_side_with, today_of
from cards.people.models import name_key


class Defect(TextChoices):
    """What is wrong with a file in Lucca."""

    NO_EMAIL = "no_email", _("No e-mail")
    BAD_EMAIL = "bad_email", _("The e-mail is not an address")
    DOUBLED = "doubled", _("Same e-mail as somebody else")
    DOUBLED_BY_CASE = "doubled_by_case", _("Same e-mail but for capital letters")
    NO_DEPARTMENT = "no_department", _("In no department")
    ENDS_BEFORE_START = "ends_before_start", _("The contract ends before it starts")
    NAMESAKE_DEPARTMENT = "namesake_department", _("Another department has this name")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the page: a person or a department, and what is wrong."""

    defect: Defect
    lucca_id: str
    name: str
    detail: str
    is_person: bool = True


# Whoever may have a defect.
SUSPECTS = (
    Q(email_key="") | Q(is_doubled=True) | Q(department_lucca_id="") | Q(contract_end_on__lt=F("contract_start_on"))
)


def findings(account: LuccaAccount) -> list[Finding]:
    """Everything that is wrong, defect by defect, people by name."""
    today = today_of(account)
    rows = importable(account).filter(SUSPECTS).order_by("sort_key", "pk")
    people = lucca_side_with(rows, "department_name")
    emails = Counter(one.email for one, _ in people if one.is_doubled and not one.has_left(today))
    shared = {email for email, owners in emails.items() if owners > 1}
    found: dict[Defect, list[Finding]] = {defect: [] for defect in Defect}
    for one, department in people:
        for defect in defects_of(one, today=today, shared=shared):
            found[defect].append(Finding(defect, one.lucca_id, one.name, one.email or department))
    for defect in (Defect.DOUBLED, Defect.DOUBLED_BY_CASE):
        # Who shares an e-mail stands together.
        found[defect].sort(key=lambda finding: finding.detail.casefold())
    found[Defect.NAMESAKE_DEPARTMENT] = _namesake_departments(account)
    return [finding for each in found.values() for finding in each]


def defects_of(employee: Employee, *, today: date, shared: Set[str]) -> Iterator[Defect]:
    """What is wrong with the file of one person. `shared` are the e-mails that several have letter for letter."""
    start, end = employee.contract_start_on, employee.contract_end_on
    if start and end and end < start:
        yield Defect.ENDS_BEFORE_START
    if employee.has_left(today):
        return
    if not employee.email_key:
        yield Defect.BAD_EMAIL if employee.email else Defect.NO_EMAIL
    if employee.is_doubled:
        yield Defect.DOUBLED if employee.email in shared else Defect.DOUBLED_BY_CASE
    if not employee.department_id:
        yield Defect.NO_DEPARTMENT


def _namesake_departments(account: LuccaAccount) -> list[Finding]:
    departments = departments_seen(account).filter(is_active=True)
    by_name: dict[str, set[int]] = {}
    for pk, name in departments.values_list("pk", "name"):
        by_name.setdefault(name_key(name), set()).add(pk)
    namesakes = set().union(*(keys for keys in by_name.values() if len(keys) > 1))
    rows = sorted(departments.filter(pk__among=namesakes), key=lambda row: name_key(row.name))
    return [
        Finding(
            Defect.NAMESAKE_DEPARTMENT,
            row.lucca_id,
            str(row),
            " · ".join(part for part in (row.above, row.code) if part),
            is_person=False,
        )
        for row in rows
    ]
