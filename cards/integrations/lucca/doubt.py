"""When an answer of Lucca is not believed without asking: it shows far fewer people, departments or facts than before.

An empty, halved or narrowed answer is more often a fault or a right taken away than a company that shrank.
"""

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.db.models import Count, Q, QuerySet

from cards import clock
from cards.integrations.lucca.models import DirectoryEmployee, LuccaAccount, RefreshPage, Resource
from cards.integrations.lucca.sides import departments_seen
from cards.runs.models import Run

# So many may be missing from a reading, or a tenth of those known, before a person is asked whether it is right.
FEW_MISSING = 4
# The facts that an import rests on, as the directory names them.
TEXTS = ("email", "last_name", "department_lucca_id")
DAYS = ("contract_start_on", "contract_end_on")
FACTS = (*TEXTS, *DAYS)
SHORT = "short"


def note_incomplete(run: Run, resource: Resource, *, counted: int, shown: int) -> None:
    """Remember, until the reading is taken over, that Lucca counts more than it shows."""
    run.memory[SHORT] = {**run.memory.get(SHORT, {}), resource.value: [counted, shown]}


def is_incomplete(run: Run, resource: Resource) -> bool:
    return resource.value in run.memory.get(SHORT, {})


def stood_still(counts: Set[int | None], *, shown: int, distinct: int) -> bool:
    """Whether nothing moved while pages were read: nobody was on two, and each counted as many as they show."""
    return shown == distinct and counts in ({distinct}, {None})


@dataclass(slots=True)
class Comparison:
    """What the directory knows of people, beside what a reading shows of the same ones.

    The last reading showed those `present`; `had` tells how many of the `known` had each of FACTS. `seen` of those
    present are there again; `lost` counts those who are there without a fact that they had.
    """

    known: int
    present: int
    had: Mapping[str, int]
    seen: int = 0
    lost: Counter[str] = field(default_factory=Counter)


def known_people(account: LuccaAccount) -> Comparison:
    """The directory before a reading is taken over (one query)."""
    texts = {name: Count("pk", filter=~Q(**{name: ""})) for name in TEXTS}
    days = {name: Count(name) for name in DAYS}
    rows = DirectoryEmployee.objects.filter(account=account).order_by()
    had = rows.aggregate(known=Count("pk"), present=Count("pk", filter=Q(absences=0)), **texts, **days)
    return Comparison(known=had.pop("known"), present=had.pop("present"), had=had)


def doubt_about(
    run: Run, account: LuccaAccount, people: Comparison, department_pages: QuerySet[RefreshPage]
) -> dict[str, Any] | None:
    """What is missing from the run's pages, if too much to be believed without asking.

    `what` is "people", "departments" or one of FACTS; `seen` of the `known` are there. `is_counted` where Lucca itself
    counts more than it shows.
    """
    for resource, (counted, shown) in run.memory.get(SHORT, {}).items():
        what = "departments" if resource == Resource.DEPARTMENTS else "people"
        return _doubt(what, known=counted, seen=shown, is_counted=True)
    figures = {"people": (people.present, people.seen)}
    if department_pages.exists():
        known = set(departments_seen(account).filter(is_listed=True).values_list("lucca_id", flat=True))
        listed = {item["lucca_id"] for page in department_pages for item in msgspec.json.decode(page.items)}
        figures["departments"] = len(known), len(known & listed)
    figures |= {fact: (people.had[fact], people.had[fact] - people.lost[fact]) for fact in FACTS}
    for what, (known_before, seen) in figures.items():
        if _is_too_few(seen, of=known_before):
            return _doubt(what, known=known_before, seen=seen)
    return None


def _is_too_few(seen: int, *, of: int) -> bool:
    return of - seen > max(FEW_MISSING, of // 10)


def _doubt(what: str, *, known: int, seen: int, is_counted: bool = False) -> dict[str, Any]:
    return {"what": what, "known": known, "seen": seen, "is_counted": is_counted, "at": clock.now().isoformat()}
