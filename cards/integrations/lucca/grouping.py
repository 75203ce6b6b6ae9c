"""From departments to groups: which group each department has or gets, and under which name. Pure."""

from collections.abc import Callable, Iterable, Iterator
from itertools import count

from cards.integrations.lucca.plan import Department, GroupAction, GroupChange, GroupsSide, Reason

# As long as the name of a group may be.
NAME_LENGTH = 255


def group_changes(
    departments: Iterable[Department],
    groups: GroupsSide,
    *,
    key: Callable[[str], str],
    given_up: Iterable[str] = (),
) -> dict[str, GroupChange]:
    """What importing departments should do about their groups, by department id (R33).

    It takes all departments, whichever are imported, so that names do not depend on the order of imports: of several
    departments of one name the one that Lucca knows longest has the plain name. `key` makes names comparable.
    """
    everyone = sorted(departments, key=lambda one: (len(one.lucca_id), one.lucca_id))
    taken = {key(name) for name in (*given_up, *(group.name for group in groups.linked.values()))}
    changes = {}
    # First those renamed in Lucca, then the new ones; what is still free then, others may have been waiting for.
    for department in sorted(everyone, key=lambda one: _turn(one, groups)):
        is_linked = department.lucca_id in groups.linked
        change = (_of_a_linked if is_linked else _of_a_new)(department, groups, taken, key)
        taken.add(key(change.name))
        changes[department.lucca_id] = change
    return changes


def _turn(department: Department, groups: GroupsSide) -> int:
    group = groups.linked.get(department.lucca_id)
    return 1 if group is None else 2 if department.name == group.department_name else 0


def _of_a_linked(department: Department, groups: GroupsSide, taken: set[str], key: Callable[[str], str]) -> GroupChange:
    group = groups.linked[department.lucca_id]
    unchanged = GroupChange(GroupAction.UNCHANGED, department, group.name, group.group_id)
    if is_renamed_by_hand(group.name, group.given_name):
        return unchanged
    others = (taken | groups.free.keys()) - {key(group.name)}
    name = next(name for name in names_for(department) if key(name) not in others)
    # Where it differs by case alone, the group was there before Cards.
    if name == group.name or (department.name == group.department_name and key(name) == key(group.name)):
        return unchanged
    return GroupChange(GroupAction.RENAME_GROUP, department, name, group.group_id, former=group)


def _of_a_new(department: Department, groups: GroupsSide, taken: set[str], key: Callable[[str], str]) -> GroupChange:
    if not department.is_active and not department.people:
        return GroupChange(GroupAction.SKIP, department, reason=Reason.CLOSED_DEPARTMENT)
    name = next(name for name in names_for(department) if key(name) not in taken)
    group_id = groups.free.get(key(name))
    action = GroupAction.CREATE_GROUP if group_id is None else GroupAction.REUSE_GROUP
    return GroupChange(action, department, name, group_id)


def names_for(department: Department) -> Iterator[str]:
    """The names its group may have, the best first: “Support”, “Support (SUP-CL)”, “Support (14)”, …"""
    code, lucca_id = department.code.strip(), department.lucca_id
    plain = " ".join(department.name.split())[:NAME_LENGTH].rstrip() or code or lucca_id
    yield plain
    if code and code != plain:
        yield _told_apart(plain, code[:60])
    yield _told_apart(plain, lucca_id)
    for number in count(2):
        yield _told_apart(plain, f"{lucca_id}-{number}")


def _told_apart(plain: str, mark: str) -> str:
    ending = f" ({mark})"
    return plain[: NAME_LENGTH - len(ending)].rstrip() + ending


def is_renamed_by_hand(name: str, given_name: str) -> bool:
    """Whether somebody gave the group another name than Cards did; then Lucca's name does not reach it any more."""
    return name != given_name
