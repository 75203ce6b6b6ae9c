"""Undoing an import: what it made and nobody touched since is taken back, and everything else is kept and named.

It is limited to the lines of one run. Its own plan is shown before; each line is worked out again at its turn.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from cards.audit.actions import reaches_back_to
from cards.audit.models import Entry
from cards.integrations.lucca.apply import BATCH, carry_out
from cards.integrations.lucca.apply_groups import GROUP_ACTIONS
from cards.integrations.lucca.models import DepartmentLink, Link
from cards.integrations.lucca.plan import Action, GroupAction
from cards.integrations.lucca.undo_plan import (
    KeptReason,
    MadeOfGroup,
    MadeOfPerson,
    UndoAction,
    Undoing,
    undo_of_group,
    undo_of_person,
)
from cards.people import outbox
from cards.people.models import Group, Mail, MailKind, MailState, Membership, User
from cards.runs.engine import Again, Done, Prepared, Verdict, Work
from cards.runs.lines import PlannedLine, note_outcomes
from cards.runs.models import LineState, Run, RunLine, RunState
from cards.runs.queries import tallies
from cards.runs.report import report
from cards.trainings.models import Attempt, Training

PERHAPS_READ = (MailState.SENT, MailState.SENDING)
# Positions of the lines about groups begin here: a group is taken back after the people who were in it.
AFTER_THE_PEOPLE = 10_000_000


def work_undo(work: Work) -> Verdict:
    """One slice of an undo, which needs no Lucca: at first its plan; once started, its lines."""
    if work.run.state == RunState.PREPARING:
        return Prepared() if plan_undo(work) else Again()
    return Done() if carry_out_undo(work) else Again()


def note_counts(run: Run) -> None:
    """When a run has ended: what became of its lines is counted once, for the history."""
    Run.objects.filter(pk=run.pk).update(memory=run.memory | {"counts": report(run, tallies(run))["counts"]})


def plan_undo(work: Work) -> bool:
    """Write what undoing the run in `memory["of"]` does; False when the slice is over before the end."""
    run, memory = work.run, work.run.memory
    undone = Run.objects.get(pk=memory["of"], space=run.space_id)
    while True:
        lines = list(
            RunLine.objects.filter(
                run=memory["of"], state=LineState.DONE, position__gte=memory.get("planned_to", 0)
            ).order_by("position")[:BATCH]
        )
        if not lines:
            break
        made = made_by(undone, lines)
        with work.batch():
            new = [_line_of(run, line, undoing, made) for line in lines if (undoing := made.undoing(line))]
            kept = {line.facts.get("joins") for line in new if line.reason} - {None}
            RunLine.objects.bulk_create(new, batch_size=BATCH)
            memory["kept_in"] = sorted({*memory.get("kept_in", []), *kept})
            memory["placed_by"] = sorted({*memory.get("placed_by", []), *made.placed_by})
            memory["planned_to"] = lines[-1].position + 1
            run.total += sum(line.state == LineState.PLANNED for line in new)
        if not work.may_go_on():
            return False
    with work.batch():
        run.total -= run.lines.filter(action=UndoAction.REMOVE_GROUP, lucca_id__in=memory.get("kept_in", [])).update(
            action=UndoAction.KEEP, reason=KeptReason.GROUP_IN_USE, state=LineState.SKIPPED
        )
    return True


def carry_out_undo(work: Work) -> bool:
    """Take back what the plan says; False when the slice is over before the end."""
    if not work.run.memory.get("withdrawn"):
        with work.batch():
            outbox.withdraw_run(work.run.memory["of"])
            work.run.memory["withdrawn"] = True
    return carry_out(work, _take_back)


@dataclass(frozen=True, slots=True)
class Made:
    """What is left of what a run did for some of its lines."""

    people: Mapping[int, MadeOfPerson]
    groups: Mapping[str, MadeOfGroup]
    memberships: Mapping[int, list[int]]
    mailed: frozenset[int]
    # The other runs that placed these people in groups.
    placed_by: frozenset[int]

    def undoing(self, line: RunLine) -> Undoing | None:
        """What undoing the line does; None when nothing of it is left."""
        if line.action in GROUP_ACTIONS:
            return undo_of_group(GroupAction(line.action), self.groups[line.lucca_id])
        return undo_of_person(Action(line.action), self.people.get(line.user_id or 0, MadeOfPerson(has_account=False)))


def made_by(run: Run, lines: Sequence[RunLine], *, are_people_done: bool = False) -> Made:
    """What is left of the lines of a run, in a fixed number of queries.

    Whoever is in a group `are_people_done` stays there; before, those whom the run placed are expected to go.
    """
    people = [line.user_id for line in lines if line.user_id and line.action not in GROUP_ACTIONS]
    mails = Mail.objects.filter(user__in=people, kind=MailKind.INVITATION, state__in=PERHAPS_READ)
    ours, others = _memberships(run, people)
    # As far as it is still known, which other import made them.
    numbers = {each.run_number for each in others if each.run_number}
    imports = set(Run.objects.filter(pk__in=numbers, subject=run.subject).values_list("pk", flat=True))
    return Made(
        people=_people(
            run,
            people,
            ours.keys(),
            touched={each.user_id for each in others if each.run_number not in imports},
            placed={each.user_id for each in others if each.run_number in imports},
        ),
        groups=_groups(run, [line for line in lines if line.action in GROUP_ACTIONS], are_people_done=are_people_done),
        memberships=ours,
        mailed=frozenset(pk for pk in mails.values_list("user_id", flat=True) if pk),
        placed_by=frozenset(imports),
    )


def _people(
    run: Run, user_ids: Sequence[int], members: Set[int], *, touched: Set[int], placed: Set[int]
) -> dict[int, MadeOfPerson]:
    has_learned = Exists(Attempt.objects.filter(user=OuterRef("pk")))
    users = User.objects.filter(pk__in=user_ids, space_id=run.space_id).annotate(learned=has_learned)
    links = set(Link.objects.filter(space=run.space_id, user__in=user_ids).values_list("user_id", "run_id"))
    linked_by_others = {user_id for user_id, run_id in links if run_id != run.pk}
    acts = Entry.objects.filter(space_id=run.space_id, target__in=[f"user {pk}" for pk in user_ids])
    acted_on = set(acts.values_list("target", flat=True))
    # Of what the log no longer tells, nobody knows that it did not happen.
    log_is_whole = reaches_back_to(run.created_at)
    return {
        user.pk: MadeOfPerson(
            is_linked_by_run=(user.pk, run.pk) in links,
            is_member_by_run=user.pk in members,
            has_signed_in=user.last_login is not None,
            has_learned=user.learned,
            is_touched=not log_is_whole or user.pk in touched | linked_by_others or f"user {user.pk}" in acted_on,
            is_placed_by_another=user.pk in placed,
        )
        for user in users
    }


def _memberships(run: Run, user_ids: Sequence[int]) -> tuple[dict[int, list[int]], list[Membership]]:
    """The memberships of these users: those that the run made, by user; and the others."""
    ours: dict[int, list[int]] = {}
    others = []
    for membership in Membership.objects.filter(user__in=user_ids, group__space=run.space_id):
        if membership.run_number == run.pk:
            ours.setdefault(membership.user_id, []).append(membership.pk)
        else:
            others.append(membership)
    return ours, others


def _groups(run: Run, lines: Sequence[RunLine], *, are_people_done: bool) -> dict[str, MadeOfGroup]:
    host = run.memory.get("host", "")
    of_departments = DepartmentLink.objects.filter(
        space_id=run.space_id, host=host, lucca_id__in=[line.lucca_id for line in lines]
    )
    links = {link.lucca_id: link for link in of_departments.select_related("group")}
    group_ids = [link.group_id for link in links.values()]
    used = set(Training.objects.filter(space=run.space_id, groups__in=group_ids).values_list("groups", flat=True))
    for membership in Membership.objects.filter(group__space=run.space_id, group__in=group_ids):
        if are_people_done or membership.run_number != run.pk:
            used.add(membership.group_id)
    return {line.lucca_id: _made_of_group(run, line, links.get(line.lucca_id), used) for line in lines}


def _made_of_group(run: Run, line: RunLine, link: DepartmentLink | None, used: Set[int]) -> MadeOfGroup:
    if link is None:
        return MadeOfGroup(is_linked=False)
    return MadeOfGroup(
        is_linked_by_run=link.run_id == run.pk,
        has_the_given_name=link.group.name == line.facts["name"] or line.action == GroupAction.REUSE_GROUP,
        is_in_use=link.group_id in used,
    )


def _line_of(undo: Run, line: RunLine, undoing: Undoing, made: Made) -> RunLine:
    is_group = line.action in GROUP_ACTIONS
    return RunLine(
        run=undo,
        position=line.position + (AFTER_THE_PEOPLE if is_group else 0),
        action=undoing.action,
        lucca_id=line.lucca_id,
        label=line.label,
        search_key=line.search_key,
        reason=undoing.reason or "",
        state=LineState.SKIPPED if undoing.action is UndoAction.KEEP else LineState.PLANNED,
        facts=line.facts | {"line": line.pk, "mailed": line.user_id in made.mailed},
        user_id=line.user_id,
    )


def _take_back(undo: Run, lines: Sequence[PlannedLine]) -> None:
    """Take back what these lines say, in the caller's transaction, as far as it is still the same."""
    run = Run.objects.get(pk=undo.memory["of"], space=undo.space_id)
    former = RunLine.objects.filter(run=run).in_bulk([line.facts["line"] for line in lines])
    people = [line for line in lines if former[line.facts["line"]].action not in GROUP_ACTIONS]
    # Whoever signs in meanwhile waits, or has done it before.
    list(
        User.objects.select_for_update().filter(pk__in=[line.user_id for line in people if line.user_id]).order_by("pk")
    )
    made, due = _due(run, people, former)
    left = [line.user_id for line in due[UndoAction.UNLINK] + due[UndoAction.LEAVE] if line.user_id]
    in_groups = [pk for user_id in left for pk in made.memberships.get(user_id, [])]
    Membership.objects.filter(group__space=run.space_id, pk__in=in_groups).delete()
    Link.objects.filter(run=run, user__in=[line.user_id for line in due[UndoAction.UNLINK] if line.user_id]).delete()
    made_here = [line.user_id for line in due[UndoAction.REMOVE_ACCOUNT] if line.user_id]
    User.objects.filter(space=run.space_id, pk__in=made_here).delete()
    groups = [line for line in lines if former[line.facts["line"]].action in GROUP_ACTIONS]
    _, due = _due(run, groups, former, are_people_done=True)
    _take_back_groups(run, due)
    undo.done += len(lines)


def _due(
    run: Run, lines: Sequence[PlannedLine], former: Mapping[int, RunLine], *, are_people_done: bool = False
) -> tuple[Made, Mapping[str, list[PlannedLine]]]:
    """What is left of what the run did, and the lines to carry out by action; what comes of each line is noted."""
    made = made_by(run, [former[line.facts["line"]] for line in lines], are_people_done=are_people_done)
    due: dict[str, list[PlannedLine]] = {action: [] for action in UndoAction}
    for line in lines:
        undoing = made.undoing(former[line.facts["line"]])
        if undoing is None or undoing.action != line.action:
            line.state, line.reason = LineState.STALE, (undoing.reason if undoing else None) or ""
        else:
            line.state = LineState.DONE
            due[line.action].append(line)
    note_outcomes(lines)
    return made, due


def _take_back_groups(run: Run, due: Mapping[str, list[PlannedLine]]) -> None:
    links = DepartmentLink.objects.filter(space_id=run.space_id, host=run.memory.get("host", ""))
    of_removed = links.filter(run=run, lucca_id__in=[line.lucca_id for line in due[UndoAction.REMOVE_GROUP]])
    groups = Group.objects.filter(space=run.space_id)
    groups.filter(pk__in=list(of_removed.values_list("group_id", flat=True))).delete()
    released = links.filter(run=run, lucca_id__in=[line.lucca_id for line in due[UndoAction.RELEASE_GROUP]])
    groups.filter(pk__in=list(released.values_list("group_id", flat=True))).update(lucca_department="")
    released.delete()
    for line in due[UndoAction.NAME_BACK]:
        link = links.select_related("group").get(lucca_id=line.lucca_id)
        link.group.name = link.given_name = line.facts["former_name"]
        link.department_name = link.group.lucca_department = line.facts["former_department"]
        link.group.save()
        link.save()
