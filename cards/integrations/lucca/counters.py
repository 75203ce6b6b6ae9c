"""What the tabs count. Counting a hundred thousand people takes a while, so it is done once per change and kept.

Nothing tells this module of a change: it compares the state of things it counted with the present one.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Sum

from cards.audit.models import Entry
from cards.audit.words import ACTS, Subject
from cards.integrations.lucca.departments import DepartmentState, department_rows, moved_on, to_add
from cards.integrations.lucca.directory import IMPORTABLE, RowState, counts_of, rows_of
from cards.integrations.lucca.models import DirectoryDepartment, LuccaAccount
from cards.integrations.lucca.sides import department_links_of, links_of, today_of
from cards.runs.models import Run, RunState

# The kinds of run after which nobody is new any more.
IMPORTS_OF_EVERYBODY = ("import_users", "import_departments")
# What people did that may change a figure; a sign-in or a new chapter does not.
TELLING_ACTS = [
    action
    for action, act in ACTS.items()
    if act.subject in {Subject.PEOPLE, Subject.GROUPS, Subject.LUCCA, Subject.PRIVACY}
]


@dataclass(frozen=True)
class Counters:
    """Collaborators by RowState, departments by DepartmentState, and what is new in Lucca since the last import."""

    states: dict[str, int] = field(default_factory=dict)
    departments: dict[str, int] = field(default_factory=dict)
    new_people: int = 0
    people_to_add: int = 0

    @property
    def people(self) -> int:
        """Who is listed without a filter: everybody but those who have left."""
        return sum(self.states.values()) - self.states.get(RowState.LEFT, 0)

    @property
    def imported_departments(self) -> int:
        return self.departments.get(DepartmentState.IMPORTED, 0) + self.departments.get(DepartmentState.TO_COMPLETE, 0)

    @property
    def all_departments(self) -> int:
        return sum(self.departments.values())


def counters_of(account: LuccaAccount) -> Counters:
    """The present figures, counted anew only when something changed since they were."""
    state_of_things = _state_of_things(account)
    if account.counted_for != state_of_things:
        _count_departments(account)
        account.counters, account.counted_for = _counted(account), state_of_things
        LuccaAccount.objects.filter(pk=account.pk).update(counters=account.counters, counted_for=account.counted_for)
    return Counters(**account.counters)


def _state_of_things(account: LuccaAccount) -> str:
    """What changes whenever the figures may: the reading, the day, what people did, what runs did, the links."""
    newest = (
        Entry.objects.filter(space=account.space_id, action__in=TELLING_ACTS)
        .order_by("-happened_at", "-pk")
        .values_list("pk", flat=True)
        .first(),
        Run.objects.filter(subject=account.subject).aggregate(at=Max("ended_at"))["at"],
        links_of(account).aggregate(pk=Max("pk"))["pk"],
        department_links_of(account).aggregate(pk=Max("pk"))["pk"],
    )
    return " ".join(map(str, (account.host, account.refresh_number, today_of(account), *newest)))


def _counted(account: LuccaAccount) -> dict[str, Any]:
    departments = department_rows(account).values_list("state").annotate(number=Count("pk")).order_by()
    people_to_add = DirectoryDepartment.objects.filter(account=account).aggregate(all=Sum("to_add"))["all"]
    return {
        "states": dict(counts_of(account)),
        "departments": dict(departments),
        "new_people": new_people(account),
        "people_to_add": people_to_add or 0,
    }


def new_people(account: LuccaAccount) -> int:
    """Who could be imported and was not in Lucca yet when everybody was imported last (R39)."""
    last = Run.objects.filter(
        subject=account.subject, kind__in=IMPORTS_OF_EVERYBODY, state=RunState.FINISHED
    ).aggregate(at=Max("created_at"))["at"]
    if last is None:
        return 0
    return rows_of(account).filter(state__in=IMPORTABLE, absences=0, first_seen_at__gt=last).count()


def _count_departments(account: LuccaAccount) -> None:
    """Note on each department who would join its group and who is not in it any more; only what changed is written."""
    joining = dict(to_add(account).values_list("department_lucca_id").annotate(number=Count("pk")).order_by())
    leaving = dict(moved_on(account).values_list("department_id").annotate(number=Count("pk")).order_by())
    changed = []
    for department in DirectoryDepartment.objects.filter(account=account):
        figures = joining.get(department.lucca_id, 0), leaving.get(department.lucca_id, 0)
        if figures != (department.to_add, department.moved_on):
            department.to_add, department.moved_on = figures
            changed.append(department)
    DirectoryDepartment.objects.bulk_update(changed, ["to_add", "moved_on"], batch_size=500)
