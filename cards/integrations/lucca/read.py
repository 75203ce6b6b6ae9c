"""Reading Lucca into the directory.

The directory changes only when a reading is complete; nobody is declared gone by a reading that may have lost people.
"""

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, TextField
from django.db.models.functions import Cast

import lucca
from cards import bulk, clock
from cards.integrations.lucca import doubt
from cards.integrations.lucca.connect import Calls, client_of
from cards.integrations.lucca.doubt import (
    Comparison,
    doubt_about,
    is_incomplete,
    known_people,
    note_incomplete,
    stood_still,
)
from cards.integrations.lucca.models import DirectoryEmployee, LuccaAccount, RefreshPage, Resource
from cards.integrations.lucca.pace import ask_for_fewer
from cards.integrations.lucca.read_departments import CLOSED, keep_page, read_departments_page, take_over_departments
from cards.integrations.lucca.reconcile import is_an_address
from cards.integrations.lucca.sides import ABSENCES_TO_WONDER, importable, links_of, present, today_of
from cards.people import outbox
from cards.people.models import MailKind, MailState, email_key, search_key
from cards.runs.engine import Work
from cards.runs.models import Run
from lucca import Incomplete, LuccaClient, Unavailable

PAGE = 1000
# A page for which Lucca takes too long is halved, down to this.
SMALLEST_PAGE = 50
# Seconds that a slice may wait in all for calls: they become free one by one, as those a minute ago were made.
PATIENCE = 5.0
# What Lucca says of a person, as the columns of the directory, days as text (2026-11-22); then what follows from it.
SAID = (
    "first_name",
    "last_name",
    "email",
    "department_lucca_id",
    "department_name",
    "contract_start_on",
    "contract_end_on",
    "culture",
)
DERIVED = ("email_key", "search_key", "sort_key")
FACTS = (*SAID, *DERIVED)
# Somebody in a kept page: the Lucca id, and the columns SAID.
Person = tuple[str, str, str, str, str, str, str | None, str | None, str]
DOUBTED = [(name, SAID.index(name) + 1) for name in doubt.FACTS]
SAID_AS_TEXT = [Cast(name, TextField()) if name in doubt.DAYS else name for name in SAID]


class OtherLuccaError(Exception):
    """The space was connected to another Lucca account while this one was read."""


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

    Costs max(1, ⌈people / 1,000⌉) calls and max(1, ⌈departments / 100⌉), plus one where v4 is closed to the key; more
    where Lucca takes too long for a thousand people. Raises the client's errors; what was read stays.
    """
    memory, calls = work.run.memory, Calls(before_each=work.check)
    calls.patience = PATIENCE
    with client_of(account, calls) as client:
        while not memory.get("read"):
            one_page = read_departments_page if memory.get("people_read") else _read_people_page
            one_page(work, client, calls)
            if not memory.get("read") and not work.may_go_on():
                return False
    return True


def _read_people_page(work: Work, client: LuccaClient, calls: Calls) -> None:
    run = work.run
    offset, limit = run.memory.get("offset", 0), run.memory.get("page", PAGE)
    try:
        page = client.employee_page(offset, limit=limit)
    except Unavailable as silence:
        if not silence.is_too_much or limit <= SMALLEST_PAGE:
            raise
        ask_for_fewer(work, calls, page=max(limit // 2, SMALLEST_PAGE))
        return
    except Incomplete as answer:
        with work.batch():
            run.lucca_calls += calls.taken()
            note_incomplete(run, Resource.EMPLOYEES, counted=answer.counted, shown=answer.shown)
            run.memory["people_read"] = True
        return
    items = [_person_of(employee) for employee in page.employees]
    with work.batch():
        keep_page(run, Resource.EMPLOYEES, offset, page.count, items)
        run.lucca_calls += calls.taken()
        run.done = offset + len(page.employees)
        run.total = max(page.count or 0, run.done)
        run.memory["offset"] = page.next_offset
        run.memory["people_read"] = page.next_offset is None


def take_over(run: Run, account: LuccaAccount) -> Reading | None:
    """Bring the directory to what the run's pages say, all of it in the caller's transaction, and drop the pages.

    None, and nothing changed, when the pages show so much less than is known that a person is asked first. Raises
    OtherLuccaError.
    """
    # A refresh and an import may both have read: one after the other.
    if LuccaAccount.objects.select_for_update().get(pk=account.pk).host != account.host:
        raise OtherLuccaError
    pages = RefreshPage.objects.filter(run=run)
    people, departments = (pages.filter(resource=resource) for resource in (Resource.EMPLOYEES, Resource.DEPARTMENTS))
    is_closed = run.memory.get("departments") == CLOSED
    noted: dict[str, Any] = {"departments_are_closed": is_closed, "refreshed_at": clock.now()}
    with transaction.atomic():
        reading, comparison = _take_over_people(account, people)
        doubted = None if run.options.get("believe") else doubt_about(run, account, comparison, departments)
        if doubted is None:
            is_complete = not is_closed and not is_incomplete(run, Resource.DEPARTMENTS)
            number = take_over_departments(account, departments, is_complete=is_complete)
            reading = replace(reading, departments=number)
            note_first_days(account)
            noted |= {"refresh_number": F("refresh_number") + 1}
        else:
            # Nothing of what was written above remains.
            transaction.set_rollback(True)
            noted = {}
    LuccaAccount.objects.filter(pk=account.pk).update(doubt=doubted, **noted)
    pages.delete()
    return reading if doubted is None else None


def _take_over_people(account: LuccaAccount, pages: QuerySet[RefreshPage]) -> tuple[Reading, Comparison]:
    comparison = known_people(account)
    counts: set[int | None] = set()
    seen: set[str] = set()
    written: Counter[str] = Counter()
    for count, kept in pages.values_list("count", "items").iterator(chunk_size=1):
        items = msgspec.json.decode(kept, type=list[Person])
        fresh = {item[0]: item for item in items if item[0] not in seen}
        written["shown"] += len(items)
        written.update(_write_page(account, fresh, comparison))
        counts.add(count)
        seen |= fresh.keys()
    company_stood_still = stood_still(counts, shown=written["shown"], distinct=len(seen))
    somebody_is_missing = written["known"] < comparison.known
    no_longer_seen = _note_absences(account, seen) if company_stood_still and somebody_is_missing else 0
    mark_doubled(account)
    return Reading(len(seen), written["new"], written["changed"], no_longer_seen), comparison


def _write_page(account: LuccaAccount, people: Mapping[str, Person], comparison: Comparison) -> dict[str, int]:
    """Add the new people of a page and rewrite those whose facts changed; the others are not touched.

    How many were new, changed, and known already.
    """
    rows = DirectoryEmployee.objects.filter(account=account, lucca_id__among=people.keys()).order_by()
    known = {row[2]: row for row in rows.values_list("pk", "absences", "lucca_id", *SAID_AS_TEXT)}
    account_id, now = account.pk, clock.now()
    new, changed = [], []
    for lucca_id, person in people.items():
        row = known.get(lucca_id)
        if row is None:
            new.append((account_id, *person, *_derived_from(*person), False, 0, now))
            continue
        before, absences = row[2:], row[1]
        comparison.seen += not absences
        if absences or before != person:
            pk = row[0]
            changed.append((pk, 0, *person[1:], *_derived_from(*person)))
            comparison.lost.update(name for name, place in DOUBTED if before[place] and not person[place])
    columns = ["account_id", "lucca_id", *FACTS, "is_doubled", "absences", "first_seen_at"]
    bulk.insert(DirectoryEmployee, columns, new)
    bulk.update(DirectoryEmployee, ["absences", *FACTS], changed)
    return {"new": len(new), "changed": len(changed), "known": len(known)}


def facts_of(employee: lucca.Employee) -> dict[str, str | None]:
    """The columns of the directory for what Lucca says of one person, days as text."""
    person = _person_of(employee)
    return dict(zip(FACTS, (*person[1:], *_derived_from(*person)), strict=True))


def _person_of(employee: lucca.Employee) -> Person:
    start, end = employee.contract_start_on, employee.contract_end_on
    return (
        employee.lucca_id,
        employee.first_name[:255],
        employee.last_name[:255],
        (employee.email or "").strip()[:320],
        employee.department_id or "",
        (employee.department_name or "")[:255],
        start.isoformat() if start else None,
        end.isoformat() if end else None,
        (employee.culture or "")[:8],
    )


def _derived_from(
    _lucca_id: str, first_name: str, last_name: str, email: str, *_others: str | None
) -> tuple[str, str, str]:
    """The columns DERIVED. They follow what is said: to derive them otherwise, a migration must rewrite the rows."""
    return (
        email_key(email) if is_an_address(email) else "",
        search_key(first_name, last_name, email)[:1100],
        search_key(last_name, first_name)[:600],
    )


def people_without(page: str, lucca_ids: Set[str]) -> str:
    """A kept page of people (`RefreshPage.items`) without some of them."""
    items = msgspec.json.decode(page)
    return msgspec.json.encode([item for item in items if item[0] not in lucca_ids]).decode()


def _note_absences(account: LuccaAccount, seen: set[str]) -> int:
    """Count one more absence for who was not seen. Who was never linked is forgotten; a linked person is kept."""
    rows = DirectoryEmployee.objects.filter(account=account)
    known = rows.values_list("lucca_id", "pk").iterator(chunk_size=2000)
    absent = {lucca_id: pk for lucca_id, pk in known if lucca_id not in seen}
    if absent:
        linked = absent.keys() & set(links_of(account).values_list("lucca_id", flat=True))
        rows.filter(lucca_id__among=linked).update(absences=F("absences") + 1)
        rows.filter(lucca_id__among=absent.keys() - linked).delete()
    return len(absent)


def note_first_days(account: LuccaAccount) -> None:
    """Let waiting invitations leave on the first days that Lucca says now; withdraw those of people who do not come."""
    today, shown = today_of(account), importable(account).order_by()
    waiting = links_of(account).filter(user__mails__kind=MailKind.INVITATION, user__mails__state=MailState.HELD)
    # Who arrives later, as was known or as Lucca says: never all of those who wait.
    ahead = shown.filter(contract_start_on__gt=today).values_list("lucca_id", flat=True)
    expected = list(waiting.filter(user__starts_on__gte=today))
    links = [*expected, *waiting.filter(lucca_id__among=list(ahead))]
    # A day that Lucca does not say is no reason to write to anybody today.
    ours = shown.filter(lucca_id__among=[link.lucca_id for link in links], contract_start_on__isnull=False)
    said = dict(ours.values_list("lucca_id", "contract_start_on"))
    days = {link.user_id: said[link.lucca_id] for link in links if link.lucca_id in said}
    outbox.change_first_days(account.space, days)
    known = DirectoryEmployee.objects.filter(account=account, lucca_id__among=[link.lucca_id for link in expected])
    has_ended = Q(contract_end_on__lt=today) | Q(contract_end_on__lt=F("contract_start_on"))
    not_coming = known.filter(has_ended | Q(absences__gte=ABSENCES_TO_WONDER))
    away = set(not_coming.values_list("lucca_id", flat=True))
    outbox.withdraw_from(account.space, [link.user_id for link in expected if link.lucca_id in away])


def mark_doubled(account: LuccaAccount) -> None:
    """Note on each row whether its e-mail is also somebody else's; people who have left do not count (R17)."""
    # An index answers who shares an e-mail with anybody; those few are looked at.
    known = DirectoryEmployee.objects.filter(account=account).exclude(email_key="").order_by()
    by_key = known.values_list("email_key").annotate(people=Count("pk")).filter(people__gt=1)
    shared = {key for key, _people in by_key}
    there = list(present(account).filter(email_key__among=shared).values_list("email_key", "pk"))
    people = Counter(key for key, _pk in there)
    sharing = {pk for key, pk in there if people[key] > 1}
    rows = DirectoryEmployee.objects.filter(account=account)
    marked = set(rows.filter(is_doubled=True).values_list("pk", flat=True))
    for is_doubled, differing in ((True, sharing - marked), (False, marked - sharing)):
        rows.filter(pk__among=differing).update(is_doubled=is_doubled)
