"""Reading departments, and bringing the directory to what was read: each at its place in the tree, counted.

A department that Lucca hides is known by what its collaborators' files say of it, and stands alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from django.db.models import Count, F, QuerySet

import lucca
from cards.integrations.lucca.connect import Calls
from cards.integrations.lucca.doubt import note_incomplete, stood_still
from cards.integrations.lucca.models import DirectoryDepartment, LuccaAccount, RefreshPage, Resource
from cards.integrations.lucca.sides import department_links_of, present
from cards.people.models import search_key
from cards.runs.engine import Work
from cards.runs.models import Run
from lucca import Incomplete, LuccaClient, NotFound, Refused, Rejected
from lucca.departments import with_parents

# What a run remembers when the key may not list departments.
CLOSED = "closed"
FORBIDDEN = 403
FACTS = (
    "name",
    "code",
    "is_active",
    "is_listed",
    "parent_lucca_id",
    "above",
    "position",
    "depth",
    "search_key",
    "people",
    "people_below",
)


def keep_page(run: Run, resource: Resource, offset: int, count: int | None, items: Sequence[Any]) -> None:
    """Keep a page until the reading is complete; one that was read twice is kept once. Within a batch."""
    run.memory.pop("silences", None)
    kept = msgspec.json.encode(items).decode()
    RefreshPage.objects.bulk_create(
        [RefreshPage(run=run, resource=resource, offset=offset, count=count, items=kept)],
        update_conflicts=True,
        unique_fields=["run", "resource", "offset"],
        update_fields=["count", "items"],
    )


def read_departments_page(work: Work, client: LuccaClient, calls: Calls) -> None:
    """Read and keep one page of departments. A key that may not list them is no reason to stop."""
    run = work.run
    token = run.memory.get("department_token")
    try:
        page = client.departments_page(token)
    except Incomplete as answer:
        with work.batch():
            run.lucca_calls += calls.taken()
            note_incomplete(run, Resource.DEPARTMENTS, counted=answer.counted, shown=answer.shown)
            run.memory["read"] = True
        return
    except (NotFound, Rejected, Refused) as error:
        if isinstance(error, Refused) and error.status != FORBIDDEN:
            raise
        with work.batch():
            run.lucca_calls += calls.taken()
            run.memory |= {"read": True, "departments": CLOSED}
        return
    with work.batch():
        number = run.memory.get("department_pages", 0)
        keep_page(run, Resource.DEPARTMENTS, number, page.count, page.departments)
        run.lucca_calls += calls.taken()
        run.memory["department_pages"] = number + 1
        run.memory["department_token"] = page.next_token
        run.memory["read"] = page.next_token is None


def take_over_departments(account: LuccaAccount, pages: QuerySet[RefreshPage], *, is_complete: bool) -> int:
    """Bring the directory's departments to what the pages say; how many there are. What is missing from pages that are
    not complete, or between which something moved, is not absent."""
    read = [(page.count, msgspec.json.decode(page.items, type=list[lucca.Department])) for page in pages]
    shown = [department for _, departments in read for department in departments]
    listed = with_parents(shown)
    counted = dict(
        present(account)
        .exclude(department_lucca_id="")
        .values_list("department_lucca_id")
        .annotate(people=Count("pk"))
        .order_by()
    )
    tree = [*_in_order(listed), *_unlisted(account, counted.keys() - {one.lucca_id for one in listed})]
    facts = _facts(tree, {one.lucca_id for one in listed}, counted)
    _write(account, facts)
    absent = DirectoryDepartment.objects.filter(account=account).exclude(lucca_id__in=list(facts))
    if not is_complete or not stood_still({count for count, _ in read}, shown=len(shown), distinct=len(listed)):
        # A list that may have holes says nothing of those it showed once; the others are known by files alone.
        absent = absent.filter(is_listed=False)
    _note_absences(account, absent)
    return len(facts)


def _in_order(departments: tuple[lucca.Department, ...]) -> list[tuple[lucca.Department, tuple[str, ...]]]:
    """The departments from top to bottom, namesakes in the order of their ids, each with the ids above it."""
    below: dict[str | None, list[lucca.Department]] = {}
    for department in sorted(departments, key=lambda one: (search_key(one.name), len(one.lucca_id), one.lucca_id)):
        below.setdefault(department.parent_id, []).append(department)

    def under(parent: str | None, above: tuple[str, ...]) -> Iterator[tuple[lucca.Department, tuple[str, ...]]]:
        for department in below.get(parent, []):
            yield department, above
            yield from under(department.lucca_id, (*above, department.lucca_id))

    return list(under(None, ()))


def _unlisted(account: LuccaAccount, lucca_ids: set[str]) -> list[tuple[lucca.Department, tuple[str, ...]]]:
    """The departments that only their collaborators' files speak of."""
    rows = present(account).filter(department_lucca_id__in=lucca_ids).order_by("department_name")
    names = dict(rows.values_list("department_lucca_id", "department_name"))
    return [(lucca.Department(lucca_id, name), ()) for lucca_id, name in names.items()]


def _facts(
    tree: list[tuple[lucca.Department, tuple[str, ...]]], listed: set[str], counted: Mapping[str, int]
) -> dict[str, dict[str, object]]:
    """The columns of the directory for each department, by its Lucca id, in the order of the tree."""
    names = {department.lucca_id: department.name for department, _ in tree}
    people_below = dict.fromkeys(names, 0)
    for department, above in tree:
        for lucca_id in above:
            people_below[lucca_id] += counted.get(department.lucca_id, 0)
    return {
        department.lucca_id: {
            "name": department.name.strip()[:255],
            "code": (department.code or "").strip()[:64],
            "is_active": department.is_active is not False,
            "is_listed": department.lucca_id in listed,
            "parent_lucca_id": above[-1] if above else "",
            "above": " › ".join(names[lucca_id] for lucca_id in above)[:1200],
            "position": position,
            "depth": len(above),
            "search_key": search_key(department.name, department.code or "")[:400],
            "people": counted.get(department.lucca_id, 0),
            "people_below": people_below[department.lucca_id],
        }
        for position, (department, above) in enumerate(tree)
    }


def _write(account: LuccaAccount, facts: dict[str, dict[str, object]]) -> None:
    """Add new departments and rewrite those that changed; the others are not touched."""
    rows = {row.lucca_id: row for row in DirectoryDepartment.objects.filter(account=account)}
    new, changed = [], []
    for lucca_id, columns in facts.items():
        row = rows.get(lucca_id)
        if row is None:
            new.append(DirectoryDepartment(account=account, lucca_id=lucca_id, **columns))
        elif row.absences or any(getattr(row, name) != value for name, value in columns.items()):
            for name, value in columns.items():
                setattr(row, name, value)
            row.absences = 0
            changed.append(row)
    DirectoryDepartment.objects.bulk_create(new, batch_size=500)
    DirectoryDepartment.objects.bulk_update(changed, [*FACTS, "absences"], batch_size=200)


def _note_absences(account: LuccaAccount, absent: QuerySet[DirectoryDepartment]) -> None:
    """A linked department that was not seen is kept and counted absent; one that was never linked is forgotten."""
    linked = department_links_of(account).values("lucca_id")
    absent.exclude(lucca_id__in=linked).delete()
    absent.filter(lucca_id__in=linked).update(absences=F("absences") + 1, people=0, people_below=0)
