"""Unticking lines of a plan, the history, and undoing an import."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime

from cards import clock
from cards.integrations.lucca import apply, sync, undo
from cards.integrations.lucca.models import DepartmentLink, DirectoryEmployee, Link, LuccaAccount
from cards.integrations.lucca.ticks import tick
from cards.integrations.lucca.undo_plan import UndoAction
from cards.people import actions
from cards.people.models import Group, Mail, MailState, Membership, User
from cards.runs import actions as actions_of_runs
from cards.runs.actions import NotPossible
from cards.runs.engine import work_on
from cards.runs.models import LineState, Run, RunState
from cards.spaces.models import Space
from cards.trainings.models import Attempt, Training
from lucca_simulator import Simulator
from tests.cards.integrations.lucca.conftest import ImportDepartments, carried_out, planned, reading, text_of, work

ClientOf = Callable[[User], Client]
ImportAll = Callable[..., Run]


def drafted(account: LuccaAccount, by: User, kind: str = sync.IMPORT_DEPARTMENTS) -> Run:
    return planned(account, by, kind, notify=True)


def undone(run: Run, by: User) -> Run:
    plan = sync.plan_undo_of(run, by=by)
    work()
    plan.refresh_from_db()
    assert plan.state == RunState.DRAFT
    return carried_out(plan, by)


def picture() -> dict[str, Any]:
    """Everything an import may change."""
    return {
        "users": sorted(User.objects.values_list("pk", "email", "first_name", "role", "is_active")),
        "groups": sorted(Group.objects.values_list("pk", "name", "lucca_department")),
        "memberships": sorted(Membership.objects.values_list("group", "user", "origin")),
        "links": sorted(Link.objects.values_list("host", "lucca_id", "user")),
        "departments": sorted(DepartmentLink.objects.values_list("lucca_id", "group", "given_name", "department_name")),
        "mails": sorted(Mail.objects.exclude(state=MailState.WITHDRAWN).values_list("user", "kind")),
    }


# --- unticking --------------------------------------------------------------------------------------


def test_what_is_unticked_is_not_carried_out(directory: LuccaAccount, ada: User) -> None:
    run = drafted(directory, ada, sync.IMPORT_USERS)
    first = run.lines.all()[0]
    assert tick(run=run, lines=run.lines.filter(pk=first.pk), ticked=False) == 1
    assert run.total == 39
    carried_out(run, ada)
    assert Link.objects.count() == 39
    assert not Link.objects.filter(lucca_id=first.lucca_id).exists()
    assert run.lines.get(pk=first.pk).state == LineState.UNTICKED


def test_a_group_and_the_people_who_would_join_it_are_unticked_together(directory: LuccaAccount, ada: User) -> None:
    run = drafted(directory, ada)
    group = run.lines.get(label="Commerce")
    people = run.lines.filter(facts__joins=group.lucca_id)
    number = people.count()
    assert tick(run=run, lines=run.lines.filter(pk=group.pk), ticked=False) == number + 1
    assert people.filter(state=LineState.UNTICKED).count() == number
    assert tick(run=run, lines=run.lines.filter(pk=people.all()[0].pk), ticked=True) == 2
    carried_out(run, ada)
    assert Group.objects.get(name="Commerce").memberships.count() == 1
    assert not run.lines.filter(state=LineState.STALE).exists()


def test_a_started_plan_is_not_ticked_any_more(directory: LuccaAccount, ada: User) -> None:
    run = drafted(directory, ada)
    carried_out(run, ada)
    with pytest.raises(NotPossible):
        tick(run=run, lines=run.lines.all(), ticked=False)


def test_what_a_plan_counts_follows_every_tick(directory: LuccaAccount, ada: User, client_of: ClientOf) -> None:
    run = drafted(directory, ada, sync.IMPORT_USERS)
    first, second = run.lines.all()[:2]
    for line, ticked, left_out in ((first, False, 1), (first, True, 0), (second, False, 1), (first, False, 2)):
        tick(run=run, lines=run.lines.filter(pk=line.pk), ticked=ticked)
        counted = client_of(ada).get(f"/integrations/lucca/runs/{run.pk}/").context["counted"]
        assert (counted["create"], counted["unticked"]) == (40 - left_out, left_out)
    carried_out(run, ada)
    counted = client_of(ada).get(f"/integrations/lucca/runs/{run.pk}/").context["counted"]
    assert (counted["create"], counted["unticked"]) == (38, 2)


def test_all_lines_that_a_search_shows_are_left_out_at_once(
    directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    run = drafted(directory, ada, sync.IMPORT_USERS)
    someone = run.lines.all()[0]
    client = client_of(ada)
    page = text_of(client, "lucca_run", run.pk, search=someone.facts["email"])
    assert page.count('class="row-main"') == 1
    response = client.post(
        reverse("lucca_tick", args=[run.pk]), {"search": someone.facts["email"], "show": "create", "ticked": "no"}
    )
    assert response.status_code == 302
    assert [line.pk for line in run.lines.filter(state=LineState.UNTICKED)] == [someone.pk]
    assert "Left out by hand" in text_of(client, "lucca_run", run.pk, show="unticked")


@pytest.mark.parametrize("asked", [{"line": "none"}, {"line": "9" * 5000}, {"search": "a\x00nobody"}])
def test_a_tick_that_names_no_line_leaves_the_plan_as_it_is(
    asked: dict[str, str], directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    run = drafted(directory, ada, sync.IMPORT_USERS)
    answer = client_of(ada).post(reverse("lucca_tick", args=[run.pk]), {**asked, "ticked": "no"})
    assert answer.status_code == 302
    assert not run.lines.filter(state=LineState.UNTICKED).exists()


def test_the_plan_shows_the_mail_and_how_long_it_takes(directory: LuccaAccount, ada: User, client_of: ClientOf) -> None:
    run = drafted(directory, ada)
    page = text_of(client_of(ada), "lucca_run", run.pk)
    assert "Bienvenue dans l" in page or "Welcome to the learning space" in page
    assert "https://…" in page
    assert "/account/password/" not in page
    assert "less than a minute" in page
    assert not Mail.objects.exists()


# --- undoing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [sync.IMPORT_USERS, sync.IMPORT_DEPARTMENTS])
def test_undoing_at_once_brings_back_what_was_before(
    directory: LuccaAccount, simulator: Simulator, ada: User, lou: User, acme: Space, kind: str
) -> None:
    known = next(iter(simulator.company.employees.values()))
    user = User.objects.create(space=acme, email=known.mail, first_name="Known", last_name="Already")
    Link.objects.create(space=acme, host="former.ilucca.net", lucca_id="7", user=user, linked_at=clock.now())
    group = actions.create_group(space=acme, by=ada, name="Commerce")
    actions.add_members(group=group, by=ada, users=[lou])
    before = picture()
    run = carried_out(drafted(directory, ada, kind), ada)
    assert picture() != before
    undo = undone(run, ada)
    assert picture() == before
    assert not undo.lines.exclude(state=LineState.DONE).exists()


def test_a_renaming_is_undone_too(simulator: Simulator, directory: LuccaAccount, ada: User) -> None:
    carried_out(drafted(directory, ada), ada)
    department = next(each for each in simulator.company.departments.values() if each.code == "COM")
    department.name = "Ventes"
    reading(directory, ada)
    before = picture()
    run = carried_out(drafted(directory, ada), ada)
    assert Group.objects.filter(name="Ventes").exists()
    undone(run, ada)
    assert picture() == before


def test_of_a_group_that_was_renamed_and_then_deleted_nothing_is_left_to_undo(
    simulator: Simulator, directory: LuccaAccount, ada: User
) -> None:
    carried_out(drafted(directory, ada), ada)
    next(each for each in simulator.company.departments.values() if each.code == "COM").name = "Ventes"
    reading(directory, ada)
    run = carried_out(drafted(directory, ada), ada)
    Group.objects.get(name="Ventes").delete()
    undo_run = undone(run, ada)
    assert (undo_run.state, undo_run.lines.count()) == (RunState.FINISHED, 0)


def test_who_signed_in_learned_or_was_changed_is_kept_and_named(
    directory: LuccaAccount, ada: User, acme: Space, client_of: ClientOf
) -> None:
    run = carried_out(drafted(directory, ada), ada)
    signed_in, learned, changed, member, linked = User.objects.filter(lucca_links__isnull=False)[:5]
    User.objects.filter(pk=signed_in.pk).update(last_login=clock.now())
    training = Training.objects.create(space=acme, title="Security", position=1, created_at=clock.now())
    Attempt.objects.create(user=learned, training=training, number=1, started_at=clock.now(), is_counted=True)
    actions.change_role(user=changed, by=ada, role="editor")
    group = actions.create_group(space=acme, by=ada, name="By hand")
    actions.add_members(group=group, by=ada, users=[member])
    Link.objects.create(space=acme, host="next.ilucca.net", lucca_id="7", user=linked, linked_at=clock.now())
    undo_run = undone(run, ada)
    kept = dict(undo_run.lines.filter(action=UndoAction.KEEP).values_list("user", "reason"))
    assert {kept.pop(person.pk) for person in (signed_in, learned)} == {"signed_in", "learned"}
    assert {kept.pop(person.pk) for person in (changed, member, linked)} == {"touched"}
    assert set(kept) <= {None}, "groups that kept people stay"
    assert User.objects.filter(lucca_links__isnull=False).distinct().count() == 5
    page = text_of(client_of(ada), "lucca_run", undo_run.pk)
    assert "Kept: this person has signed in." in page


def test_who_was_placed_in_a_group_by_a_later_import_is_kept_until_that_one_is_undone(
    directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    before = picture()
    of_users = carried_out(drafted(directory, ada, sync.IMPORT_USERS), ada)
    group = actions.create_group(space=directory.space, by=ada, name="By hand")
    by_hand = User.objects.filter(lucca_links__isnull=False)[0]
    actions.add_members(group=group, by=ada, users=[by_hand])
    of_departments = carried_out(drafted(directory, ada), ada)
    plan = sync.plan_undo_of(of_users, by=ada)
    work()
    reasons = dict(plan.lines.values_list("user", "reason"))
    assert reasons.pop(by_hand.pk) == "touched"
    assert set(reasons.values()) == {"placed"}
    assert len(reasons) == 39
    page = text_of(client_of(ada), "lucca_run", plan.pk)
    assert "Kept: placed in a group by another import." in page
    assert f'href="{reverse("lucca_run", args=[of_departments.pk])}">Import of all departments' in page
    undone(of_departments, ada)
    undo_run = undone(of_users, ada)
    assert dict(undo_run.lines.filter(action=UndoAction.KEEP).values_list("user", "reason")) == {by_hand.pk: "touched"}
    group.delete()
    by_hand.delete()
    assert picture() == before


def test_what_another_import_did_while_this_one_was_set_aside_is_not_taken_back(
    directory: LuccaAccount, ada: User, import_begun: Callable[[LuccaAccount], Run]
) -> None:
    run = import_begun(directory)
    actions_of_runs.pause(run=run, by=ada)
    made = set(Link.objects.values_list("user", flat=True))
    known = DirectoryEmployee.objects.filter(lucca_id__in=Link.objects.values("lucca_id"))
    department = known.exclude(department_lucca_id="").order_by("pk").values_list("department_lucca_id", flat=True)[0]
    sync.import_department(directory, department, by=ada, options=sync.ImportOptions())
    work()
    placed = set(Membership.objects.values_list("user", flat=True))
    assert made & placed
    actions_of_runs.resume(run=run, by=ada)
    work()
    run.refresh_from_db()
    assert run.state == RunState.FINISHED
    undo_run = undone(run, ada)
    kept = undo_run.lines.filter(action=UndoAction.KEEP, reason="placed")
    assert set(kept.values_list("user", flat=True)) == made & placed
    assert set(Membership.objects.values_list("user", flat=True)) == placed


@pytest.mark.parametrize("batch", [1, 500])
def test_who_signs_in_between_plan_and_start_is_kept_and_with_them_their_group(
    directory: LuccaAccount, ada: User, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    run = carried_out(drafted(directory, ada), ada)
    plan = sync.plan_undo_of(run, by=ada)
    work()
    plan.refresh_from_db()
    person = User.objects.filter(lucca_links__isnull=False)[0]
    User.objects.filter(pk=person.pk).update(last_login=clock.now())
    monkeypatch.setattr(apply, "BATCH", batch)
    carried_out(plan, ada)
    assert User.objects.filter(lucca_links__isnull=False).get() == person
    assert plan.lines.get(user=person).state == LineState.STALE
    kept = Group.objects.get()
    assert person in kept.users.all()
    assert [(line.lucca_id, line.reason) for line in plan.lines.filter(state=LineState.STALE, user=None)] == [
        (kept.lucca_links.get().lucca_id, "group_in_use")
    ]


def test_the_plan_keeps_the_group_of_whom_it_keeps(directory: LuccaAccount, ada: User) -> None:
    run = carried_out(drafted(directory, ada), ada)
    person = User.objects.filter(lucca_links__isnull=False)[0]
    User.objects.filter(pk=person.pk).update(last_login=clock.now())
    plan = sync.plan_undo_of(run, by=ada)
    work()
    group = Group.objects.get(users=person)
    line = plan.lines.get(state=LineState.SKIPPED, user=None)
    assert (line.lucca_id, line.action, line.reason) == (group.lucca_links.get().lucca_id, "keep", "group_in_use")
    plan.refresh_from_db()
    assert plan.total == plan.lines.filter(state=LineState.PLANNED).count()


def test_what_becomes_of_a_group_is_not_told_of_the_collaborator_of_the_same_number(
    directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    run = carried_out(drafted(directory, ada), ada)
    numbers = DirectoryEmployee.objects.values("lucca_id")
    of_group = run.lines.filter(action="create_group", lucca_id__in=numbers)[0]
    Group.objects.filter(lucca_links__lucca_id=of_group.lucca_id).update(name="Renamed by hand")
    plan = sync.plan_undo_of(run, by=ada)
    work()
    assert plan.lines.filter(action="keep", lucca_id=of_group.lucca_id).exists()
    employee = DirectoryEmployee.objects.get(lucca_id=of_group.lucca_id)
    page = client_of(ada).get(reverse("lucca_person", args=[employee.pk]))
    assert {line.action for line, _words in page.context["told"]} == {"create", "remove_account"}


def test_sent_mails_are_named_and_held_ones_withdrawn(directory: LuccaAccount, ada: User, client_of: ClientOf) -> None:
    run = carried_out(drafted(directory, ada, sync.IMPORT_USERS), ada)
    sent = Mail.objects.all()[0]
    Mail.objects.filter(pk=sent.pk).update(state=MailState.SENT)
    plan = sync.plan_undo_of(run, by=ada)
    work()
    assert plan.lines.filter(facts__mailed=True).count() == 1
    page = text_of(client_of(ada), "lucca_run", plan.pk)
    assert page.count("An invitation has already been sent to this person") == 1
    plan.refresh_from_db()
    carried_out(plan, ada)
    assert not Mail.objects.filter(state=MailState.HELD).exists()


def test_a_group_that_trainings_are_given_to_is_kept(directory: LuccaAccount, ada: User, acme: Space) -> None:
    run = carried_out(drafted(directory, ada), ada)
    training = Training.objects.create(space=acme, title="Security", position=1, created_at=clock.now())
    training.groups.add(Group.objects.get(name="Commerce"))
    undone(run, ada)
    assert [group.name for group in Group.objects.all()] == ["Commerce"]


def test_only_an_import_that_has_ended_can_be_undone(directory: LuccaAccount, ada: User) -> None:
    with pytest.raises(NotPossible):
        sync.plan_undo_of(drafted(directory, ada), by=ada)
    with pytest.raises(NotPossible):
        sync.plan_undo_of(Run.objects.filter(kind=sync.REFRESH)[0], by=ada)


def test_an_undo_goes_on_after_a_slice_that_was_too_short(
    directory: LuccaAccount, ada: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = carried_out(drafted(directory, ada), ada)
    settings.CARDS_SLICE_SECONDS = 0
    monkeypatch.setattr(undo, "BATCH", 7)
    undone(run, ada)
    assert not Link.objects.exists()
    assert not Group.objects.exists()


# --- history ----------------------------------------------------------------------------------------


def test_the_history_tells_who_did_what_and_what_came_of_it(
    directory: LuccaAccount, ada: User, client_of: ClientOf, import_departments: ImportDepartments
) -> None:
    import_departments(directory, notify=True)
    client = client_of(ada)
    page = text_of(client, "lucca_history")
    for words in ("Import of all departments", "Ada Martin", "40 accounts", "with invitations", "Finished"):
        assert words in page
    assert "Reading Lucca" not in page
    assert "Reading Lucca" in text_of(client, "lucca_history", show="readings")
    assert "Nothing here yet" in text_of(client, "lucca_history", state="stopped")
    response = client.get(reverse("lucca_history_csv"))
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 2
    what, who, begun, ended, state, mode, *_ = lines[1].split(";")
    assert (what, who, state, mode) == ("Import of all departments", "Ada Martin", "Finished", "E-mail and password")
    assert localtime(Run.objects.get(kind=sync.IMPORT_DEPARTMENTS).created_at).isoformat(" ").startswith(begun)
    assert begun <= ended


def test_an_import_is_undone_from_its_report(
    directory: LuccaAccount, ada: User, client_of: ClientOf, import_all: ImportAll
) -> None:
    run = import_all(directory)
    client = client_of(ada)
    response = client.post(reverse("lucca_undo", args=[run.pk]))
    plan = Run.objects.get(kind=sync.UNDO)
    assert response.headers["Location"] == reverse("lucca_run", args=[plan.pk])
    preparing = text_of(client, "lucca_run", plan.pk)
    assert '<noscript><a class="btn btn-sm" href="">See how far it is</a></noscript>' in preparing
    assert "0 of 0" not in preparing
    work()
    page = text_of(client, "lucca_run", plan.pk)
    assert "<noscript>" not in page
    assert "What undoing the import will do" in page
    assert "The account will be removed" in page
    client.post(reverse("lucca_change_run", args=[plan.pk, "start"]))
    work()
    assert "Account removed" in text_of(client, "lucca_run", plan.pk)
    assert not Link.objects.exists()
    assert User.objects.filter(space=directory.space).count() == 1


# --- what plan and report say -----------------------------------------------------------------------


def test_whoever_declines_a_plan_is_told_that_nothing_was_done(
    directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    client = client_of(ada)

    def declined(run: Run) -> str:
        return client.post(reverse("lucca_change_run", args=[run.pk, "cancel"]), follow=True).content.decode()

    assert "Nothing was imported." in declined(drafted(directory, ada, sync.IMPORT_USERS))
    assert "Nothing was imported." in declined(drafted(directory, ada))
    imported = drafted(directory, ada, sync.IMPORT_USERS)
    client.post(reverse("lucca_change_run", args=[imported.pk, "start"]))
    work()
    client.post(reverse("lucca_undo", args=[imported.pk]))
    work()
    assert "Nothing was undone." in declined(Run.objects.get(kind=sync.UNDO))
    assert Link.objects.exists()


def test_each_button_of_a_plan_says_what_it_does(directory: LuccaAccount, ada: User, client_of: ClientOf) -> None:
    client = client_of(ada)
    of_users, of_departments = drafted(directory, ada, sync.IMPORT_USERS), drafted(directory, ada)
    assert "Import 40 collaborators</button>" in text_of(client, "lucca_run", of_users.pk)
    assert "Import nothing</button>" in text_of(client, "lucca_run", of_users.pk)
    assert "Import 14 departments and 40 collaborators</button>" in text_of(client, "lucca_run", of_departments.pk)
    tick(run=of_users, lines=of_users.lines.all(), ticked=False)
    page = text_of(client, "lucca_run", of_users.pk)
    assert reverse("lucca_change_run", args=[of_users.pk, "start"]) not in page
    undo_plan = sync.plan_undo_of(carried_out(of_departments, ada), by=ada)
    work()
    page = text_of(client, "lucca_run", undo_plan.pk)
    assert "Undo nothing</button>" in page
    assert "Undo</button>" in page


def test_the_groups_that_an_undo_counts_are_those_it_lists(
    directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    plan = sync.plan_undo_of(carried_out(drafted(directory, ada), ada), by=ada)
    work()
    page = client_of(ada).get(reverse("lucca_run", args=[plan.pk]), {"show": "groups"})
    assert {line.action for line, _, _ in page.context["lines"]} == {UndoAction.REMOVE_GROUP}
    assert len(page.context["lines"]) == page.context["counted"]["groups"] == 14
    carried_out(plan, ada)
    report = text_of(client_of(ada), "lucca_run", plan.pk)
    assert "Undoing finished: 14 groups removed, 40 accounts removed." in report


def test_a_plan_given_up_leads_back_and_is_no_matter_of_the_history(
    directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    client, run = client_of(ada), drafted(directory, ada)
    answer = client.post(reverse("lucca_change_run", args=[run.pk, "cancel"]))
    assert answer.headers["Location"] == reverse("lucca_departments")
    assert "This plan was given up: nothing was done." in text_of(client, "lucca_run", run.pk)
    assert "Import of all departments" not in text_of(client, "lucca_history")


def test_report_and_history_tell_the_same_of_an_import(
    directory: LuccaAccount, simulator: Simulator, ada: User, client_of: ClientOf
) -> None:
    without_mail = list(simulator.company.employees.values())[:2]
    for employee in without_mail:
        employee.mail = None
    reading(directory, ada)
    run = drafted(directory, ada, sync.IMPORT_USERS)
    tick(run=run, lines=run.lines.filter(pk=run.lines.filter(action="create")[0].pk), ticked=False)
    carried_out(run, ada)
    client = client_of(ada)
    report = client.get(reverse("lucca_run", args=[run.pk]))
    assert "Import finished: 37 accounts created, 3 left out." in report.content.decode()
    assert "1 by hand" in report.content.decode()
    assert report.context["counted"]["skipped"] == sum(count for _, _, count, _ in report.context["left_out"]) == 3
    for _, _, count, address in report.context["left_out"]:
        assert len(client.get(reverse("lucca_run", args=[run.pk]) + address).context["lines"]) == count
    assert text_of(client, "lucca_run", run.pk, show="skipped").count('id="lines"') == 1
    assert len(client.get(reverse("lucca_run", args=[run.pk]), {"show": "skipped"}).context["lines"]) == 3
    assert "37 accounts created, 3 left out" in text_of(client, "lucca_history")


def test_who_is_imported_already_is_told_as_nothing_that_was_done(
    directory: LuccaAccount, ada: User, client_of: ClientOf, import_all: Callable[..., Run]
) -> None:
    import_all(directory)
    again, of_departments = import_all(directory), carried_out(drafted(directory, ada), ada)
    client = client_of(ada)
    assert again.unchanged == 40
    assert "Import finished: nothing had to be done." in text_of(client, "lucca_run", again.pk)
    assert "Import finished: 14 groups created, 40 people added to a group." in text_of(
        client, "lucca_run", of_departments.pk
    )
    once_more = carried_out(drafted(directory, ada), ada)
    assert once_more.unchanged == 40
    assert "Import finished: nothing had to be done." in text_of(client, "lucca_run", once_more.pk)
    assert "40 groups" not in text_of(client, "lucca_history")


def test_what_a_stopped_import_had_not_come_to_is_not_done(
    directory: LuccaAccount, ada: User, client_of: ClientOf, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = drafted(directory, ada, sync.IMPORT_USERS)
    settings.CARDS_SLICE_SECONDS = 0
    monkeypatch.setattr(apply, "BATCH", 15)
    sync.start_import(run=run, by=ada)
    run.refresh_from_db()
    work_on(run.pk, run.task_id)
    actions_of_runs.cancel(run=run, by=ada)
    client = client_of(ada)
    page = client.get(reverse("lucca_run", args=[run.pk]))
    counted = page.context["counted"]
    assert (counted["create"], counted["not_done"]) == (15, 25)
    assert "Stopped by hand." in page.content.decode()
    assert "Will get an account" not in page.content.decode()
    assert len(client.get(reverse("lucca_run", args=[run.pk]), {"show": "create"}).context["lines"]) == 15
    not_done = client.get(reverse("lucca_run", args=[run.pk]), {"show": "not_done"}).context["lines"]
    assert {outcome for _, outcome, _ in not_done} == {"Not done."}


def test_a_plan_says_how_many_invitations_wait_for_a_first_day(
    directory: LuccaAccount, simulator: Simulator, ada: User, client_of: ClientOf
) -> None:
    someone, other = list(simulator.company.employees.values())[:2]
    someone.starts_on, other.starts_on = simulator.today() + timedelta(days=9), None
    reading(directory, ada)
    run = drafted(directory, ada, sync.IMPORT_USERS)
    assert "1 of these invitations waits for the first day." in text_of(client_of(ada), "lucca_run", run.pk)
