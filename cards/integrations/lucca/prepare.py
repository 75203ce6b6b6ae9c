"""Making the plan of an import: what is known of Lucca beside what Cards knows, written down as the run's lines."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from cards.integrations.lucca import plan
from cards.integrations.lucca.apply import line_of
from cards.integrations.lucca.apply_groups import group_line_of
from cards.integrations.lucca.models import DirectoryDepartment, DirectoryEmployee, LuccaAccount
from cards.integrations.lucca.plan import Action, GroupAction, GroupChange, Plan
from cards.integrations.lucca.read import PAGE
from cards.integrations.lucca.reconcile import reconcile
from cards.integrations.lucca.sides import (
    cards_side,
    departments_seen,
    due_groups,
    importable,
    links_of,
    lucca_side,
    lucca_side_after,
    today_of,
)
from cards.people.queries import learners_left
from cards.runs.engine import Work
from cards.runs.lines import NewLine, write
from cards.runs.models import LineState, Run


def plan_users(work: Work, account: LuccaAccount) -> bool:
    """Write what importing everybody does, a page of people at a time; False when the slice is over before the end."""
    memory = work.run.memory
    everybody = importable(account)
    wanted = everybody.filter(lucca_id=memory["only"]) if "only" in memory else everybody
    # Looked up for each row by its index; a join of tables that were just filled can take PostgreSQL minutes.
    link = Subquery(links_of(account).filter(lucca_id=OuterRef("lucca_id")).values("pk")[:1])
    while True:
        planned_to = memory.get("planned_to", 0)
        # Keys alone, once for many pages: asked for page by page, PostgreSQL may look at everybody for each.
        rows = wanted.filter(pk__gt=planned_to)
        keys = list(rows.values_list("pk", flat=True))
        if not keys:
            return _complete(work)
        # Whoever is linked is unchanged, and that is but a number: nobody looks at a hundred thousand of them.
        not_linked = rows.alias(link=link).filter(link=None, pk__lte=keys[-1]).values_list("pk", flat=True)
        to_plan = list(not_linked)
        for start in range(0, len(to_plan) or 1, PAGE):
            page = to_plan[start : start + PAGE]
            reached = page[-1] if len(page) == PAGE else keys[-1]
            changes = _changes(account, memory, lucca_side(everybody.filter(pk__among=set(page))))
            linked = bisect_right(keys, reached) - bisect_right(keys, planned_to) - len(page)
            with work.batch():
                write_lines(work.run, changes)
                work.run.unchanged += linked
                memory["places_left"] = _less(memory["places_left"], changes)
                memory["planned_to"] = planned_to = reached
            if not work.may_go_on():
                return False


def plan_departments(work: Work, account: LuccaAccount) -> bool:
    """The same for all departments: each one's group, then its people; at last the people who are in none."""
    memory = work.run.memory
    groups = due_groups(account)
    while True:
        departments = _next_departments(account, memory)
        if not departments:
            break
        changes, people = _of_departments(account, memory, departments, groups)
        with work.batch():
            write_lines(work.run, people, groups=changes)
            memory["places_left"] = _less(memory["places_left"], people)
            memory["planned_to"] = departments[-1].position + 1
        if not work.may_go_on():
            return False
    return ("only" in memory or _plan_nowhere(work, account)) and _complete(work)


def _plan_nowhere(work: Work, account: LuccaAccount) -> bool:
    """Who is in no department, or left from one that Lucca does not show any more."""
    memory = work.run.memory
    everybody = importable(account).exclude(department_lucca_id__in=departments_seen(account).values("lucca_id"))
    while True:
        people, nowhere_to = lucca_side_after(everybody, memory.get("nowhere_to", 0), at_most=PAGE)
        if not people:
            return True
        with work.batch():
            write_lines(work.run, _changes(account, memory, people, {}))
            memory["nowhere_to"] = nowhere_to
        if not work.may_go_on():
            return False


def plan_some(run: Run, account: LuccaAccount, *, employees: QuerySet[DirectoryEmployee]) -> None:
    """Write what importing just these people does."""
    write_lines(run, _changes(account, run.memory, lucca_side(employees)))
    run.total = run.memory["planned"]


def plan_department(run: Run, account: LuccaAccount, *, department: DirectoryDepartment) -> None:
    """Write what importing just this department does."""
    groups = due_groups(account)
    changes, people = _of_departments(account, run.memory, [department], groups)
    write_lines(run, people, groups=changes)
    run.total = run.memory["planned"]


def write_lines(run: Run, changes: Plan, *, groups: Iterable[GroupChange] = ()) -> None:
    """Store a plan as the run's lines, after those it has: unchanged ones as a count, every other as a line.

    The line of a department's group stands before those of its people.
    """
    position = run.memory.get("position", 0)
    of_groups = {change.department.lucca_id: change for change in groups}
    lines: list[NewLine] = []
    for change in changes:
        group = of_groups.pop(change.employee.department_id, None)
        if group is not None and group.action is not GroupAction.UNCHANGED:
            lines.append(group_line_of(group))
        if change.action is not Action.UNCHANGED:
            lines.append(line_of(change))
    lines += [group_line_of(group) for group in of_groups.values() if group.action is not GroupAction.UNCHANGED]
    write(run, lines, position=position)
    run.memory["position"] = position + len(lines)
    to_carry_out = sum(line.state == LineState.PLANNED for line in lines)
    run.memory["planned"] = run.memory.get("planned", 0) + to_carry_out
    run.unchanged += changes.counts[Action.UNCHANGED]


def forget_plan(work: Work) -> None:
    """Take away what was planned so far; the next slice begins anew."""
    with work.batch():
        work.run.lines.all().delete()
        work.run.unchanged = 0
        for name in ("as_of", "of_reading", "planned_to", "nowhere_to", "position", "planned", "places_left"):
            work.run.memory.pop(name, None)


def _complete(work: Work) -> bool:
    with work.batch():
        work.run.done, work.run.total = 0, work.run.memory.get("planned", 0)
    return True


def _next_departments(account: LuccaAccount, memory: Mapping[str, Any]) -> Sequence[DirectoryDepartment]:
    """The next departments of the tree, together about a page of people."""
    chosen: list[DirectoryDepartment] = []
    everything = departments_seen(account)
    wanted = everything.filter(lucca_id=memory["only"]) if "only" in memory else everything
    people = 0
    # Of the thousand that a page may have, most pages need few.
    for department in wanted.filter(position__gte=memory.get("planned_to", 0))[:PAGE].iterator(chunk_size=50):
        chosen.append(department)
        people += department.people
        if people >= PAGE:
            break
    return chosen


def _of_departments(
    account: LuccaAccount,
    memory: dict[str, Any],
    departments: Sequence[DirectoryDepartment],
    groups: Mapping[str, GroupChange],
) -> tuple[list[GroupChange], Plan]:
    """What to do about the groups of these departments, and about everybody in them."""
    place = {department.lucca_id: department.position for department in departments}
    rows = importable(account).filter(department_lucca_id__in=place)
    people = sorted(lucca_side(rows), key=lambda employee: place[employee.department_id])
    changes = [groups[lucca_id] for lucca_id in place]
    group_of = {change.department.lucca_id: change.group_id for change in changes if change.group_id}
    return changes, _changes(account, memory, people, group_of)


def _changes(
    account: LuccaAccount,
    memory: dict[str, Any],
    people: Sequence[plan.Employee],
    group_of: Mapping[str, int] | None = None,
) -> Plan:
    """What to do about these people: about accounts alone, or with the groups in `group_of`, about both."""
    if "places_left" not in memory:
        memory["places_left"] = learners_left(account.space)
    memory["into_groups"] = group_of is not None
    cards = cards_side(account, people, places_left=memory["places_left"], group_of=group_of)
    return reconcile(people, cards, today=today_of(account), into_groups=group_of is not None)


def _less(places: int | None, changes: Plan) -> int | None:
    return None if places is None else places - changes.counts[Action.CREATE]
