"""Carrying out the lines of an import, in batches, each line only while what its plan relied on still holds."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from django.db import DatabaseError

from cards import bulk, clock, traces
from cards.integrations.lucca.apply_groups import GROUP_ACTIONS, apply_groups, place
from cards.integrations.lucca.models import Link, LuccaAccount
from cards.integrations.lucca.plan import Action, Change, ImportOptions, Reason
from cards.integrations.lucca.reconcile import reconcile
from cards.integrations.lucca.sides import (
    cards_side,
    groups_of_departments,
    importable,
    lucca_side,
    today_of,
)
from cards.people import outbox
from cards.people.models import search_key
from cards.people.newcomers import Newcomer, add_learners
from cards.people.queries import learners_left
from cards.runs.engine import Work
from cards.runs.lines import NewLine, PlannedLine, note_outcomes, planned
from cards.runs.models import LineState, Run, RunLine
from cards.spaces.models import Space

BATCH = 1000


# --- plan → lines -----------------------------------------------------------------------------------


def line_of(change: Change) -> NewLine:
    employee = change.employee
    return NewLine(
        action=change.action,
        lucca_id=employee.lucca_id,
        label=employee.name,
        search_key=search_key(employee.name, employee.email),
        reason=change.reason or "",
        state=LineState.SKIPPED if change.action is Action.SKIP else LineState.PLANNED,
        facts=facts_of(change),
        user_id=change.user_id,
    )


def facts_of(change: Change) -> dict[str, str | int | None]:
    """What the plan relies on; a line is carried out only while they are the same."""
    employee = change.employee
    facts: dict[str, str | int | None] = {"email": employee.email, "department": employee.department_id}
    if change.action is Action.CREATE:
        facts |= {
            "first_name": employee.first_name,
            "last_name": employee.last_name,
            "language": change.language,
            "starts_on": employee.contract_start_on.isoformat() if employee.contract_start_on else None,
        }
    if change.action in (Action.LINK, Action.JOIN):
        facts["user"] = change.user_id
    if change.joins:
        facts["joins"] = change.joins
    return facts


# --- lines → accounts and links ---------------------------------------------------------------------


def apply_lines(work: Work, account: LuccaAccount, options: ImportOptions) -> bool:
    """Carry out planned lines until there are none (True) or the slice is over (False)."""
    return carry_out(work, partial(_apply, account=account, options=options))


def carry_out(work: Work, act: Callable[[Run, Sequence[PlannedLine]], None]) -> bool:
    """Have `act` do the planned lines, a batch in each transaction, until there are none or the slice is over."""
    # So that the database need not look again and again at all that is done already.
    after = -1
    while lines := planned(work.run, at_most=BATCH, after=after) or planned(work.run, at_most=BATCH):
        _do(work, act, lines)
        after = lines[-1].position
        if not work.may_go_on():
            return False
    return True


def _do(work: Work, act: Callable[[Run, Sequence[PlannedLine]], None], lines: Sequence[PlannedLine]) -> None:
    """Do these lines in one transaction; what the database refuses is done again by halves, so that one bad line costs
    one line."""
    try:
        with work.batch():
            act(work.run, lines)
    except DatabaseError as error:
        if traces.is_away(error):
            # The lines are not to blame.
            raise
        half = len(lines) // 2
        if half:
            # Read anew: what the refused attempt noted on them is not so.
            _do(work, act, planned(work.run, at_most=half))
            _do(work, act, planned(work.run, at_most=len(lines) - half))
            return
        with work.batch():
            RunLine.objects.filter(pk=lines[0].pk).update(state=LineState.FAILED)
            work.run.done += 1


def _apply(run: Run, lines: Sequence[PlannedLine], *, account: LuccaAccount, options: ImportOptions) -> None:
    """Carry out `lines` in the caller's transaction.

    What should be done is worked out again; a line that would no longer be the same is stale.
    """
    if account.space.learner_quota is not None:
        # Whoever adds somebody by hand meanwhile counts before or after this batch.
        Space.objects.select_for_update(no_key=True).get(pk=account.space_id)
    apply_groups(run, account, [line for line in lines if line.action in GROUP_ACTIONS])
    people = [line for line in lines if line.action not in GROUP_ACTIONS]
    groups = groups_of_departments(account, (line.facts.get("department") or "" for line in people))
    due = _due(run, account, people, groups)
    carried_out: dict[Action, list[tuple[PlannedLine, Change]]] = {Action.CREATE: [], Action.LINK: [], Action.JOIN: []}
    for line in people:
        change = due.get(line.lucca_id)
        if change is None or change.action != line.action or facts_of(change) != line.facts:
            line.state = LineState.STALE
            line.reason = (change.reason if change else None) or ""
        elif change.joins and change.joins not in groups:
            line.state, line.reason = LineState.STALE, Reason.NO_GROUP
        else:
            line.state, line.reason = LineState.DONE, change.reason or ""
            carried_out[change.action].append((line, change))
    create, link, join = carried_out.values()
    users = _create(account, options, [change for _, change in create])
    for (line, _), user_id in zip(create, users, strict=True):
        line.user_id = user_id
    _link(run, account, [(line.lucca_id, line.user_id) for line, _ in create + link])
    placed = [(groups[change.joins], line.user_id) for line, change in create + link + join if change.joins]
    place(run, placed)
    if options.notify:
        outbox.invite_new(space_id=account.space_id, user_ids=users, run_number=run.pk)
    note_outcomes(lines)
    run.done += len(lines)


def _due(run: Run, account: LuccaAccount, lines: Sequence[PlannedLine], groups: Mapping[str, int]) -> dict[str, Change]:
    """What should be done now about the people of these lines."""
    position = {line.lucca_id: line.position for line in lines}
    employees = lucca_side(importable(account).filter(lucca_id__among=position.keys()))
    cards = cards_side(account, employees, places_left=learners_left(account.space), group_of=groups)
    ordered = sorted(employees, key=lambda employee: position[employee.lucca_id])
    changes = reconcile(ordered, cards, today=today_of(account), into_groups=run.memory["into_groups"])
    return {change.employee.lucca_id: change for change in changes}


def _create(account: LuccaAccount, options: ImportOptions, changes: Sequence[Change]) -> list[int]:
    """Accounts without a password, in the space's keys; their ids (R18, R23)."""
    newcomers = [
        Newcomer(
            email=change.employee.email,
            first_name=change.employee.first_name,
            last_name=change.employee.last_name,
            language=change.language,
            starts_on=change.employee.contract_start_on,
        )
        for change in changes
    ]
    return add_learners(space_id=account.space_id, newcomers=newcomers, connection_mode=options.connection_mode)


def _link(run: Run, account: LuccaAccount, pairs: Sequence[tuple[str, int | None]]) -> None:
    space_id, host, run_id, now = account.space_id, account.host, run.pk, clock.now()
    columns = ["space_id", "host", "lucca_id", "user_id", "run_id", "linked_at"]
    rows = ((space_id, host, lucca_id, user_id, run_id, now) for lucca_id, user_id in pairs)
    bulk.insert(Link, columns, rows)
