"""Carrying out the lines of an import that are about groups: making, reusing and renaming them, placing people."""

from collections.abc import Sequence

from cards import bulk, clock
from cards.integrations.lucca.models import DepartmentLink, LuccaAccount
from cards.integrations.lucca.plan import GroupAction, GroupChange
from cards.integrations.lucca.sides import department_links_of, due_groups
from cards.people.models import Group, Membership, Origin, search_key
from cards.runs.lines import NewLine, PlannedLine
from cards.runs.models import LineState, Run

GROUP_ACTIONS = frozenset(GroupAction)


def group_line_of(change: GroupChange) -> NewLine:
    department = change.department
    return NewLine(
        action=change.action,
        lucca_id=department.lucca_id,
        label=change.name or department.name,
        search_key=search_key(department.name, change.name, department.code),
        reason=change.reason or "",
        state=LineState.SKIPPED if change.action is GroupAction.SKIP else LineState.PLANNED,
        facts=facts_of_group(change),
    )


def facts_of_group(change: GroupChange) -> dict[str, str | int | None]:
    """What the plan relies on; a line is carried out only while they are the same."""
    facts: dict[str, str | int | None] = {
        "department": change.department.lucca_id,
        "department_name": change.department.name,
        "group": change.group_id,
        "name": change.name,
    }
    if change.former:
        facts |= {"former_name": change.former.name, "former_department": change.former.department_name}
    return facts


def apply_groups(run: Run, account: LuccaAccount, lines: Sequence[PlannedLine]) -> None:
    """Carry out the lines about groups in the caller's transaction; each line's state says what came of it."""
    if not lines:
        return
    renamed = run.lines.filter(action=GroupAction.RENAME_GROUP, state=LineState.DONE)
    due = due_groups(account, given_up=renamed.values_list("facts__former_name", flat=True))
    make: list[GroupChange] = []
    for line in lines:
        change = due.get(line.lucca_id)
        if change is None or change.action != line.action or facts_of_group(change) != line.facts:
            line.state = LineState.STALE
        else:
            line.state = LineState.DONE
            make.append(change)
    for change in make:
        if change.action is GroupAction.RENAME_GROUP:
            _rename(account, change)
    _link_groups(run, account, [change for change in make if change.action is not GroupAction.RENAME_GROUP])


def _rename(account: LuccaAccount, change: GroupChange) -> None:
    link = department_links_of(account).select_related("group").get(lucca_id=change.department.lucca_id)
    link.group.name, link.group.lucca_department = change.name, change.department.name
    link.group.save()
    link.given_name, link.department_name = link.group.name, change.department.name
    link.save()


def _link_groups(run: Run, account: LuccaAccount, changes: Sequence[GroupChange]) -> None:
    now = clock.now()
    new = [change for change in changes if change.action is GroupAction.CREATE_GROUP]
    made = [
        Group(space_id=account.space_id, name=change.name, lucca_department=change.department.name) for change in new
    ]
    for group in made:
        group.set_keys()
    Group.objects.bulk_create(made)
    group_of = {change.department.lucca_id: group.pk for change, group in zip(new, made, strict=True)}
    department_of = {change.group_id: change.department.name for change in changes if change.group_id}
    reused = list(Group.objects.filter(space=account.space_id, pk__in=department_of))
    for group in reused:
        group.lucca_department = department_of[group.pk]
    Group.objects.bulk_update(reused, ["lucca_department"], batch_size=500)
    name_of = {group.pk: group.name for group in reused}
    DepartmentLink.objects.bulk_create(
        DepartmentLink(
            space_id=account.space_id,
            host=account.host,
            lucca_id=change.department.lucca_id,
            group_id=change.group_id or group_of[change.department.lucca_id],
            given_name=name_of[change.group_id] if change.group_id else change.name,
            department_name=change.department.name,
            run=run,
            linked_at=now,
        )
        for change in changes
    )


def place(run: Run, pairs: Sequence[tuple[int, int | None]]) -> None:
    """Put users in groups, as (group, user): from Lucca, and by whoever started the run."""
    now, origin = clock.now(), Origin.LUCCA.value
    columns = ["group_id", "user_id", "origin", "added_by_id", "added_at", "run_number"]
    rows = ((group_id, user_id, origin, run.created_by_id, now, run.pk) for group_id, user_id in pairs)
    bulk.insert(Membership, columns, rows, ignore_conflicts=True)
