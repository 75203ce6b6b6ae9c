"""Whom a push is about, written as the lines of its run: nothing here asks Lucca."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from cards.integrations.lucca.field_plan import PERHAPS_FOR_ALL, Person, PushAction, PushReason, reread_on
from cards.integrations.lucca.models import DirectoryEmployee, Link, LuccaAccount, Night, StatisticsSettings
from cards.integrations.lucca.sides import ABSENCES_TO_WONDER, links_of, today_of
from cards.integrations.lucca.wanted import people_of, removable, trainings_of
from cards.people.models import search_key
from cards.runs.engine import Work
from cards.runs.models import LineState, RunLine

if TYPE_CHECKING:
    from django.db.models import QuerySet

PAGE = 500
PASSES = 3
# What somebody achieved until they left is sent for so long: the last day is over before the night comes.
STILL_SENT = timedelta(days=31)


def plan_push(work: Work, account: LuccaAccount, settings: StatisticsSettings, night: date | None) -> bool:
    """Write a line for each linked person to whom something must be sent, a page at a time; True when all is planned.

    Those whom the last night did not reach come first, those whom Lucca refused then come last. On a night, one part
    in thirty of the people is read again.
    """
    memory = work.run.memory
    trainings = trainings_of(account.space)
    reread = _to_reread(account, night) if night else set()
    while memory.get("pass", 0) < PASSES:
        links = list(_links(work, account).filter(pk__gt=memory.get("to", 0))[:PAGE])
        with work.batch():
            if links:
                people = people_of(account, settings.codes.compound, [link.lucca_id for link in links], trainings)
                _write_lines(work, account, links, people, reread)
                memory["to"] = links[-1].pk
            else:
                memory["pass"], memory["to"] = memory.get("pass", 0) + 1, 0
                work.run.done, work.run.total = 0, work.run.lines.filter(state=LineState.PLANNED).count()
        if not work.may_go_on():
            return False
    return True


def _links(work: Work, account: LuccaAccount) -> "QuerySet[Link]":
    """The links of a pass: of whom the last night did not reach, of all others, of whom Lucca refused then."""
    links = links_of(account).select_related("user").order_by("pk")
    number = work.run.memory.get("pass", 0)
    if only := work.run.options.get("only"):
        return links.filter(lucca_id=only) if number == 0 else links.none()
    last = Night.objects.filter(account=account, run__isnull=False).exclude(run=work.run).first()
    lines = RunLine.objects.filter(run=last.run if last else None)
    # It was over, or it stopped, for instance while Lucca was silent until the end.
    not_reached = lines.filter(Q(reason=PushReason.NIGHT_OVER) | Q(state=LineState.PLANNED))
    left_over = Q(lucca_id__in=not_reached.values("lucca_id"))
    refused = Q(lucca_id__in=lines.filter(state=LineState.FAILED, reason__in=PERHAPS_FOR_ALL).values("lucca_id"))
    return links.filter((left_over, ~left_over & ~refused, refused)[number])


def _to_reread(account: LuccaAccount, night: date) -> Collection[str]:
    links = links_of(account).order_by("pk")
    return set(links.values_list("lucca_id", flat=True)[reread_on(night, linked=links.count())])


def _write_lines(
    work: Work, account: LuccaAccount, links: list[Link], people: dict[str, Person], reread: Collection[str]
) -> None:
    """Within a batch: a line for each who needs one, and a count of those who need none."""
    lucca_ids = [link.lucca_id for link in links]
    last_day = today_of(account) - STILL_SENT
    known = DirectoryEmployee.objects.filter(account=account, lucca_id__in=lucca_ids)
    away = known.filter(Q(contract_end_on__lt=last_day) | Q(absences__gte=ABSENCES_TO_WONDER))
    gone = dict(away.values_list("lucca_id", "contract_end_on"))
    left = {lucca_id for lucca_id, end_on in gone.items() if end_on and end_on < last_day}
    is_asked_for = "only" in work.run.options
    lines = []
    for link in links:
        person = people.get(link.lucca_id)
        if person is not None and person.wanted and (person.is_changed or is_asked_for):
            lines.append(_line(link, PushAction.SEND, person, is_left_out=link.lucca_id in left))
        elif person and person.sent and person.wanted and link.lucca_id in reread and link.lucca_id not in gone:
            lines.append(_line(link, PushAction.REREAD, person))
        else:
            work.run.unchanged += 1
    if work.run.memory.get("pass") == PASSES - 1:
        for line in lines:
            line.facts["failed_before"] = True
    _store(work, lines)


def _line(link: Link, action: PushAction, person: Person, *, is_left_out: bool = False) -> RunLine:
    return RunLine(
        action=action,
        lucca_id=link.lucca_id,
        label=link.user.full_name[:400],
        search_key=search_key(link.user.full_name, link.user.email),
        state=LineState.SKIPPED if is_left_out else LineState.PLANNED,
        reason=PushReason.LEFT if is_left_out else "",
        facts={"rows": len(person.wanted)},
        user_id=link.user_id,
    )


def _store(work: Work, lines: list[RunLine]) -> None:
    position = work.run.memory.get("position", 0)
    for number, line in enumerate(lines, start=position):
        line.run, line.position = work.run, number
    RunLine.objects.bulk_create(lines, batch_size=PAGE)
    work.run.memory["position"] = position + len(lines)


def plan_removal(work: Work, account: LuccaAccount) -> None:
    """Write a line for each person and compound data from which something is to be taken back, and has none yet."""
    names = dict(links_of(account).select_related("user").values_list("lucca_id", "user_id"))
    planned = set(work.run.lines.values_list("facts__compound", "lucca_id"))
    with work.batch():
        _store(work, list(_removals(account, names, work.run.options.get("only"), planned)))
        work.run.total = work.run.memory["position"]


def _removals(
    account: LuccaAccount, users: dict[str, int], only: str | None, planned: Collection[tuple[str, str]]
) -> Iterator[RunLine]:
    labels = {link.lucca_id: link.user.full_name for link in links_of(account).select_related("user")}
    for employee in DirectoryEmployee.objects.filter(account=account):
        labels.setdefault(employee.lucca_id, employee.name)
    rows: dict[tuple[str, str], int] = {}
    receipts = removable(account, only).order_by("compound", "lucca_id")
    for compound, lucca_id in receipts.values_list("compound", "lucca_id"):
        rows[compound, lucca_id] = rows.get((compound, lucca_id), 0) + 1
    for (compound, lucca_id), count in rows.items():
        if (compound, lucca_id) in planned:
            continue
        label = labels.get(lucca_id, lucca_id)
        yield RunLine(
            action=PushAction.REMOVE,
            lucca_id=lucca_id,
            label=label[:400],
            search_key=search_key(label),
            facts={"compound": compound, "rows": count},
            user_id=users.get(lucca_id),
        )
