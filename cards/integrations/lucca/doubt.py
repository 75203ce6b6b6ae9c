"""When an answer of Lucca is not believed without asking: it shows far fewer people, departments or facts than before.

An empty, halved or narrowed answer is more often a fault or a right taken away than a company that shrank.
"""

from collections import Counter
from typing import Any

from django.db.models import QuerySet

from cards import clock
from cards.integrations.lucca.models import DirectoryEmployee, LuccaAccount, RefreshPage, Resource
from cards.integrations.lucca.sides import departments_seen, importable
from cards.runs.models import Run

# So many may be missing from a reading, or a tenth of those known, before a person is asked whether it is right.
FEW_MISSING = 4
# The facts that an import rests on: the name in the directory, and in Lucca's answer.
FACTS = {
    "email": "email",
    "last_name": "last_name",
    "department_lucca_id": "department_id",
    "contract_start_on": "contract_start_on",
    "contract_end_on": "contract_end_on",
}
SHORT = "short"


def note_incomplete(run: Run, resource: Resource, *, counted: int, shown: int) -> None:
    """Remember, until the reading is taken over, that Lucca counts more than it shows."""
    run.memory[SHORT] = {**run.memory.get(SHORT, {}), resource.value: [counted, shown]}


def is_incomplete(run: Run, resource: Resource) -> bool:
    return resource.value in run.memory.get(SHORT, {})


def doubt_about(run: Run, account: LuccaAccount, pages: QuerySet[RefreshPage]) -> dict[str, Any] | None:
    """What is missing from the run's pages, if too much to be believed without asking.

    `what` is "people", "departments" or one of FACTS; `seen` of the `known` are there. `is_counted` where Lucca itself
    counts more than it shows.
    """
    for resource, (counted, shown) in run.memory.get(SHORT, {}).items():
        what = "departments" if resource == Resource.DEPARTMENTS else "people"
        return _doubt(what, known=counted, seen=shown, is_counted=True)
    people = pages.filter(resource=Resource.EMPLOYEES)
    departments = pages.filter(resource=Resource.DEPARTMENTS)
    known_people = set(importable(account).values_list("lucca_id", flat=True))
    known_departments = set(departments_seen(account).filter(is_listed=True).values_list("lucca_id", flat=True))
    for what, known, read in (("people", known_people, people), ("departments", known_departments, departments)):
        if read.exists():
            seen = len(known) - len(known - _ids_in(read))
            if _is_too_few(seen, of=len(known)):
                return _doubt(what, known=len(known), seen=seen)
    return _doubt_about_facts(account, people)


def _doubt_about_facts(account: LuccaAccount, pages: QuerySet[RefreshPage]) -> dict[str, Any] | None:
    """Facts that many of the same people had before and have no longer."""
    known: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for page in pages.iterator(chunk_size=1):
        now = {item["lucca_id"]: item for item in page.items}
        rows = DirectoryEmployee.objects.filter(account=account, lucca_id__in=now)
        for lucca_id, *before in rows.values_list("lucca_id", *FACTS):
            for (fact, name), value in zip(FACTS.items(), before, strict=True):
                known[fact] += bool(value)
                kept[fact] += bool(value and now[lucca_id][name])
    for fact in FACTS:
        if _is_too_few(kept[fact], of=known[fact]):
            return _doubt(fact, known=known[fact], seen=kept[fact])
    return None


def _ids_in(pages: QuerySet[RefreshPage]) -> set[str]:
    return {item["lucca_id"] for page in pages.iterator(chunk_size=1) for item in page.items}


def _is_too_few(seen: int, *, of: int) -> bool:
    return of - seen > max(FEW_MISSING, of // 10)


def _doubt(what: str, *, known: int, seen: int, is_counted: bool = False) -> dict[str, Any]:
    return {"what": what, "known": known, "seen": seen, "is_counted": is_counted, "at": clock.now().isoformat()}
