"""Reading Lucca into the directory.

The directory changes only when a reading is complete; nobody is declared gone by a reading that may have lost people.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from django.db.models import Count, F, Q, QuerySet

import lucca
from cards import clock
from cards.integrations.lucca.connect import Calls, client_of
from cards.integrations.lucca.doubt import doubt_about, is_incomplete, note_incomplete
from cards.integrations.lucca.models import DirectoryEmployee, LuccaAccount, RefreshPage, Resource
from cards.integrations.lucca.read_departments import CLOSED, read_departments_page, take_over_departments
from cards.integrations.lucca.reconcile import is_an_address
from cards.integrations.lucca.sides import links_of, present
from cards.people.models import email_key, search_key
from cards.runs.engine import Work
from cards.runs.models import Run
from lucca import Incomplete, LuccaClient

PAGE = 1000
FACTS = (
    "first_name",
    "last_name",
    "email",
    "email_key",
    "department_lucca_id",
    "department_name",
    "contract_start_on",
    "contract_end_on",
    "culture",
    "search_key",
    "sort_key",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a complete reading changed in the directory."""

    people: int = 0
    new: int = 0
    changed: int = 0
    no_longer_seen: int = 0
    departments: int = 0


def read_pages(work: Work, account: LuccaAccount) -> bool:
    """Read pages until there are no more (True) or the slice is over (False); each page is kept as it comes.

    Costs max(1, ⌈people / 1,000⌉) calls and max(1, ⌈departments / 100⌉), plus one where v4 is closed to the key.
    Raises the client's errors; what was read stays.
    """
    memory, calls = work.run.memory, Calls()
    with client_of(account, calls) as client:
        while not memory.get("read"):
            work.check()
            one_page = read_departments_page if memory.get("people_read") else _read_people_page
            one_page(work, client, calls)
            if not memory.get("read") and not work.may_go_on():
                return False
    return True


def _read_people_page(work: Work, client: LuccaClient, calls: Calls) -> None:
    run = work.run
    offset = run.memory.get("offset", 0)
    try:
        page = client.employee_page(offset, limit=PAGE)
    except Incomplete as answer:
        with work.batch():
            run.lucca_calls += calls.taken()
            note_incomplete(run, Resource.EMPLOYEES, counted=answer.counted, shown=answer.shown)
            run.memory["people_read"] = True
        return
    with work.batch():
        RefreshPage.objects.update_or_create(
            run=run,
            resource=Resource.EMPLOYEES,
            offset=offset,
            defaults={"count": page.count, "items": msgspec.to_builtins(page.employees)},
        )
        run.lucca_calls += calls.taken()
        run.done = offset + len(page.employees)
        run.total = max(page.count or 0, run.done)
        run.memory["offset"] = page.next_offset
        run.memory["people_read"] = page.next_offset is None


def take_over(run: Run, account: LuccaAccount) -> Reading | None:
    """Bring the directory to what the run's pages say, all of it in the caller's transaction, and drop the pages.

    None, and nothing changed, when the pages show so much less than is known that a person is asked first.
    """
    # A refresh and an import may both have read: one after the other.
    LuccaAccount.objects.select_for_update().get(pk=account.pk)
    pages = RefreshPage.objects.filter(run=run)
    doubt = None if run.options.get("believe") else doubt_about(run, account, pages)
    LuccaAccount.objects.filter(pk=account.pk).update(doubt=doubt)
    if doubt is not None:
        pages.delete()
        return None
    reading = _take_over_people(account, pages.filter(resource=Resource.EMPLOYEES))
    is_closed = run.memory.get("departments") == CLOSED
    departments = take_over_departments(
        account,
        pages.filter(resource=Resource.DEPARTMENTS),
        is_complete=not is_closed and not is_incomplete(run, Resource.DEPARTMENTS),
    )
    pages.delete()
    LuccaAccount.objects.filter(pk=account.pk).update(
        refreshed_at=clock.now(), refresh_number=F("refresh_number") + 1, departments_are_closed=is_closed
    )
    return replace(reading, departments=departments)


def _take_over_people(account: LuccaAccount, pages: QuerySet[RefreshPage]) -> Reading:
    counts = set(pages.values_list("count", flat=True))
    seen: set[str] = set()
    new = changed = repeated = 0
    for page in pages.iterator(chunk_size=1):
        employees = {facts["lucca_id"]: facts for facts in page.items}
        repeated += len(page.items) - len(employees.keys() - seen)
        fresh = {lucca_id: facts for lucca_id, facts in employees.items() if lucca_id not in seen}
        seen |= fresh.keys()
        created, rewritten = _write_page(account, msgspec.convert(list(fresh.values()), list[lucca.Employee]))
        new, changed = new + created, changed + rewritten
    company_stood_still = not repeated and (counts == {len(seen)} or counts == {None})
    no_longer_seen = _note_absences(account, seen) if company_stood_still else 0
    mark_doubled(account)
    return Reading(len(seen), new, changed, no_longer_seen)


def _write_page(account: LuccaAccount, employees: Sequence[lucca.Employee]) -> tuple[int, int]:
    """Add the new people of a page and rewrite those whose facts changed; the others are not touched."""
    known = {
        row.lucca_id: row
        for row in DirectoryEmployee.objects.filter(
            account=account, lucca_id__in=[employee.lucca_id for employee in employees]
        )
    }
    now = clock.now()
    new, changed = [], []
    for employee in employees:
        facts = facts_of(employee)
        row = known.get(employee.lucca_id)
        if row is None:
            new.append(DirectoryEmployee(account=account, lucca_id=employee.lucca_id, first_seen_at=now, **facts))
        elif row.absences or any(getattr(row, name) != value for name, value in facts.items()):
            for name, value in facts.items():
                setattr(row, name, value)
            row.absences = 0
            changed.append(row)
    DirectoryEmployee.objects.bulk_create(new, batch_size=500)
    DirectoryEmployee.objects.bulk_update(changed, [*FACTS, "absences"], batch_size=200)
    return len(new), len(changed)


def facts_of(employee: lucca.Employee) -> dict[str, Any]:
    """The columns of the directory for what Lucca says of one person."""
    first_name, last_name = employee.first_name[:255], employee.last_name[:255]
    email = (employee.email or "").strip()[:320]
    return {
        "first_name": first_name,
        "last_name": last_name,
        "email": email,
        "email_key": email_key(email) if is_an_address(email) else "",
        "department_lucca_id": employee.department_id or "",
        "department_name": (employee.department_name or "")[:255],
        "contract_start_on": employee.contract_start_on,
        "contract_end_on": employee.contract_end_on,
        "culture": (employee.culture or "")[:8],
        "search_key": search_key(first_name, last_name, email)[:1100],
        "sort_key": search_key(last_name, first_name)[:600],
    }


def _note_absences(account: LuccaAccount, seen: set[str]) -> int:
    """Count one more absence for who was not seen. Who was never linked is forgotten; a linked person is kept."""
    rows = DirectoryEmployee.objects.filter(account=account)
    absent = [
        (pk, lucca_id)
        for pk, lucca_id in rows.values_list("pk", "lucca_id").iterator(chunk_size=2000)
        if lucca_id not in seen
    ]
    linked = set(links_of(account).values_list("lucca_id", flat=True)) if absent else set()
    for start in range(0, len(absent), 500):
        part = absent[start : start + 500]
        rows.filter(pk__in=[pk for pk, lucca_id in part if lucca_id in linked]).update(absences=F("absences") + 1)
        rows.filter(pk__in=[pk for pk, lucca_id in part if lucca_id not in linked]).delete()
    return len(absent)


def mark_doubled(account: LuccaAccount) -> None:
    """Note on each row whether its e-mail is also somebody else's; people who have left do not count (R17)."""
    there = present(account)
    doubled = there.exclude(email_key="").values("email_key").annotate(people=Count("pk")).filter(people__gt=1)
    rows = DirectoryEmployee.objects.filter(account=account)
    is_one = Q(email_key__in=doubled.values("email_key")) & Q(pk__in=there.values("pk"))
    rows.filter(is_one, is_doubled=False).update(is_doubled=True)
    rows.filter(is_doubled=True).exclude(is_one).update(is_doubled=False)
