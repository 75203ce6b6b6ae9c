"""From the departments of a pretend Lucca to groups and their members, again and again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cards.audit.actions import record
from cards.integrations.lucca import apply, prepare, sync
from cards.integrations.lucca.counters import counters_of
from cards.integrations.lucca.departments import DepartmentState, department_rows, moved_on
from cards.integrations.lucca.directory import RowState
from cards.integrations.lucca.models import DepartmentLink, DirectoryDepartment, DirectoryEmployee, Link, LuccaAccount
from cards.integrations.lucca.plan import ImportOptions
from cards.people import actions
from cards.people.models import Group, Mail, Membership, Origin, User
from cards.runs.engine import work_on
from cards.runs.models import LineState, Run, RunState
from cards.spaces.models import Space
from lucca_simulator import Simulator
from lucca_simulator.company import Employee
from tests.cards.integrations.lucca.conftest import ImportDepartments, planned, reading, text_of, work

ClientOf = Callable[[User], Client]
OPTIONS = {"notify": "no", "connection_mode": "password"}


def department_of(simulator: Simulator, code: str) -> int:
    return next(each.id for each in simulator.company.departments.values() if each.code == code)


def hire(simulator: Simulator, department_id: int, name: str = "Nina") -> Employee:
    company = simulator.company
    model = next(iter(company.employees.values()))
    new = Employee(**{slot: getattr(model, slot) for slot in Employee.__slots__})
    new.id, new.department_id = company.next_employee_id(), department_id
    new.first_name, new.mail, new.login = name, f"{name.lower()}.{new.id}@acme.example", f"{name}{new.id}"
    return company.add(new)


def members(name: str) -> set[int]:
    return set(Membership.objects.filter(group__name=name).values_list("user_id", flat=True))


# --- reading ----------------------------------------------------------------------------------------


@pytest.mark.requirement("R26", "R30")
def test_five_thousand_people_in_two_hundred_departments_cost_five_calls_and_two(
    simulator: Simulator, account: LuccaAccount, ada: User
) -> None:
    simulator.reset(employees=5000, departments=200, with_faults=False)
    run = reading(account, ada)
    assert run.state == RunState.FINISHED
    assert (len(simulator.journal()), run.lucca_calls) == (7, 7)
    assert DirectoryDepartment.objects.count() == 200


@pytest.mark.parametrize(
    "positions",
    [
        {},
        {"departments_v4": "gone-404"},
        {"departments_v4": "gone-404", "hierarchy_segments": "ids"},
        {"hierarchy_segments": "ids"},
        {"parent_lucca_id": "filled"},
        {"departments_v3": "gone-410"},
    ],
)
def test_the_tree_is_shown_as_far_as_it_is_proven_with_at_most_two_more_calls(
    simulator: Simulator, account: LuccaAccount, ada: User, positions: dict[str, str]
) -> None:
    simulator.reset(employees=240, with_faults=False)
    simulator.switch(**positions)
    reading(account, ada)
    assert len(simulator.journal()) <= 1 + 1 + 2
    company = simulator.company
    for row in DirectoryDepartment.objects.all():
        true = company.departments[int(row.lucca_id)]
        assert row.parent_lucca_id in ("", str(true.parent_id or "")), "a parent is never guessed"
    everyone = list(DirectoryDepartment.objects.order_by("position"))
    assert [row.position for row in everyone] == list(range(len(everyone)))


def test_a_department_counts_who_is_in_it_and_who_is_below(
    simulator: Simulator, account: LuccaAccount, ada: User
) -> None:
    simulator.reset(employees=240, with_faults=False)
    simulator.switch(parent_lucca_id="filled")
    reading(account, ada)
    root = DirectoryDepartment.objects.get(code="DG")
    assert (root.depth, root.position) == (0, 0)
    assert root.people + root.people_below == 240
    deep = DirectoryDepartment.objects.get(code="SUP-SI")
    assert deep.depth == 3
    assert deep.above == "Direction générale › Systèmes d’information › Développement"
    assert deep.parent_lucca_id == DirectoryDepartment.objects.get(name="Développement").lucca_id


def test_departments_that_are_as_they_were_are_not_written(
    simulator: Simulator, directory: LuccaAccount, ada: User
) -> None:
    simulator.company.departments[department_of(simulator, "INN")].name = "Innovations"
    for changed in (1, 0):
        with CaptureQueriesContext(connection) as asked:
            reading(directory, ada)
        rewriting = [
            query["sql"] for query in asked if "directorydepartment" in query["sql"] and "CASE" in query["sql"]
        ]
        assert len(rewriting) == changed
    assert DirectoryDepartment.objects.get(code="INN").name == "Innovations"


def test_a_key_that_is_refused_when_departments_are_read_stops_the_reading(
    simulator: Simulator, account: LuccaAccount, ada: User
) -> None:
    simulator.faults(kind="unauthorized", route="*/departments")
    run = reading(account, ada)
    assert (run.state, run.reason) == (RunState.STOPPED, sync.StopReason.REFUSED)
    assert not DirectoryEmployee.objects.exists()


def test_fewer_departments_than_lucca_counts_are_a_question_and_change_nothing(
    simulator: Simulator, account: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    simulator.faults(kind="empty_page", route="/organization/*")
    before = len(simulator.journal())
    run = reading(account, ada)
    assert run.lucca_calls == len(simulator.journal()) - before
    assert not DirectoryDepartment.objects.exists()
    number = sum(department.is_active for department in simulator.company.departments.values())
    page = text_of(client_of(ada), "lucca_departments")
    assert f"Lucca says that it has {number} departments and shows only 0 of them." in page


def test_a_key_that_may_not_list_departments_shows_those_its_collaborators_name(
    simulator: Simulator, account: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    simulator.faults(kind="error", status=403, route="*/departments")
    run = reading(account, ada)
    assert run.state == RunState.FINISHED
    assert account.departments_are_closed
    named = {employee.department_id for employee in simulator.company.employees.values()}
    assert set(DirectoryDepartment.objects.values_list("lucca_id", flat=True)) == {str(each) for each in named}
    assert not DirectoryDepartment.objects.filter(is_listed=True).exists()
    assert "does not let this API key list the departments" in text_of(client_of(ada), "lucca_departments")


# --- importing --------------------------------------------------------------------------------------


def test_a_department_that_the_key_cannot_list_is_there_as_long_as_somebody_is_in_it(
    simulator: Simulator, account: LuccaAccount, ada: User, import_departments: ImportDepartments
) -> None:
    simulator.faults(kind="error", status=403, route="*/departments")
    reading(account, ada)
    import_departments(account)
    emptied, other = DirectoryDepartment.objects.order_by("people")[:2]
    for employee in simulator.company.employees.values():
        if str(employee.department_id) == emptied.lucca_id:
            employee.department_id = int(other.lucca_id)
    reading(account, ada)
    reading(account, ada)
    row = department_rows(account).get(lucca_id=emptied.lucca_id)
    assert (row.state, row.people) == (DepartmentState.GONE, 0)
    assert not DirectoryDepartment.objects.exclude(pk=emptied.pk).filter(absences__gt=0).exists()
    DepartmentLink.objects.filter(lucca_id=emptied.lucca_id).delete()
    reading(account, ada)
    assert not DirectoryDepartment.objects.filter(lucca_id=emptied.lucca_id).exists()


@pytest.mark.requirement("R2", "R31", "R33", "R34", "R35")
def test_importing_all_departments_makes_groups_accounts_and_memberships(
    simulator: Simulator, directory: LuccaAccount, import_departments: ImportDepartments
) -> None:
    run = import_departments(directory)
    assert run.state == RunState.FINISHED
    assert not run.lines.exclude(state__in=[LineState.DONE, LineState.SKIPPED]).exists()
    assert Group.objects.count() == DepartmentLink.objects.count() == 14
    assert Link.objects.count() == 40
    for department in simulator.company.departments.values():
        if department.is_active:
            link = DepartmentLink.objects.get(lucca_id=str(department.id))
            inside = {str(one.id) for one in simulator.company.employees.values() if one.department_id == department.id}
            placed = Link.objects.filter(user__memberships__group=link.group_id)
            assert set(placed.values_list("lucca_id", flat=True)) == inside, department.name
    assert set(Membership.objects.values_list("origin", flat=True)) == {Origin.LUCCA}
    assert {"Support", "Support (SUP-CL)"} <= set(Group.objects.values_list("name", flat=True))


@pytest.mark.requirement("R39")
def test_importing_again_changes_nothing_and_then_adds_the_newcomer_alone(
    simulator: Simulator, directory: LuccaAccount, ada: User, import_departments: ImportDepartments, client_of: ClientOf
) -> None:
    import_departments(directory, notify=True)
    before = (User.objects.count(), Membership.objects.count(), Mail.objects.count())
    again = import_departments(directory, notify=True)
    assert (User.objects.count(), Membership.objects.count(), Mail.objects.count()) == before
    assert not again.lines.exists()
    assert again.unchanged == 40
    new = hire(simulator, department_of(simulator, "COM"))
    reading(directory, ada)
    assert counters_of(directory).new_people == 1
    assert counters_of(directory).people_to_add == 1
    way = f'<a href="{reverse("lucca_users")}?state=not_imported">1 new person in Lucca</a>'
    assert all(way in text_of(client_of(ada), tab) for tab in ("lucca_users", "lucca_departments"))
    planned(directory, ada)
    sync.import_one(directory, Link.objects.values_list("lucca_id", flat=True)[0], by=ada, options=ImportOptions())
    work()
    assert counters_of(directory).new_people == 1, "neither a plan nor the import of one is that of everybody"
    run = import_departments(directory)
    assert [str(line) for line in run.lines.all()] == [f"create {new.id}"]
    assert Link.objects.get(lucca_id=str(new.id)).user_id in members("Commerce")
    assert counters_of(LuccaAccount.objects.get()).people_to_add == 0


def test_figures_are_counted_again_after_what_may_change_them_and_not_after_a_sign_in(
    directory: LuccaAccount, ada: User
) -> None:
    before = counters_of(directory)
    counted_for = directory.counted_for
    record("signed_in", space=directory.space, by=ada, target=f"user {ada.pk}")
    assert counters_of(directory) == before
    assert directory.counted_for == counted_for
    known = directory.employees.exclude(email="").first()
    assert known is not None
    actions.create_user(space=directory.space, by=ada, email=known.email, first_name="Nina", last_name="Neuve")
    assert counters_of(directory).states[RowState.HAS_ACCOUNT] == before.states.get(RowState.HAS_ACCOUNT, 0) + 1


@pytest.mark.requirement("R32", "R35")
def test_one_department_is_imported_alone_with_who_had_an_account_and_who_had_none(
    simulator: Simulator, directory: LuccaAccount, ada: User, acme: Space
) -> None:
    department_id = department_of(simulator, "COM")
    people = [one for one in simulator.company.employees.values() if one.department_id == department_id]
    known = User.objects.create(space=acme, email=people[0].mail, first_name="Known", last_name="Already")
    run = sync.import_department(directory, str(department_id), by=ada, options=ImportOptions())
    work()
    assert run is not None
    run.refresh_from_db()
    assert run.state == RunState.FINISHED
    assert Group.objects.get().name == "Commerce"
    assert len(members("Commerce")) == len(people)
    assert known.pk in members("Commerce")
    assert Link.objects.count() == len(people)


@pytest.mark.requirement("R33")
def test_an_existing_group_is_used_and_keeps_its_members(
    simulator: Simulator, directory: LuccaAccount, ada: User, lou: User, acme: Space
) -> None:
    group = actions.create_group(space=acme, by=ada, name="COMMERCE")
    actions.add_members(group=group, by=ada, users=[lou])
    sync.import_department(directory, str(department_of(simulator, "COM")), by=ada, options=ImportOptions())
    work()
    assert DepartmentLink.objects.get().group == group
    assert Membership.objects.get(user=lou).origin == Origin.BY_HAND
    assert group.memberships.filter(origin=Origin.LUCCA).exists()


def test_who_is_in_the_existing_group_by_hand_already_stays_so(
    simulator: Simulator, directory: LuccaAccount, ada: User, acme: Space, import_departments: ImportDepartments
) -> None:
    department_id = department_of(simulator, "COM")
    person = next(one for one in simulator.company.employees.values() if one.department_id == department_id)
    known = User.objects.create(space=acme, email=person.mail, first_name="Known", last_name="Already")
    group = actions.create_group(space=acme, by=ada, name="Commerce")
    actions.add_members(group=group, by=ada, users=[known])
    run = import_departments(directory)
    assert run.lines.get(lucca_id=str(person.id), action="link").state == LineState.DONE
    assert Membership.objects.get(user=known).origin == Origin.BY_HAND


@pytest.mark.requirement("R33")
def test_a_rename_in_lucca_reaches_the_group_unless_a_hand_was_there_first(
    simulator: Simulator, directory: LuccaAccount, ada: User, import_departments: ImportDepartments
) -> None:
    import_departments(directory)
    sales, marketing = (Group.objects.get(name=name) for name in ("Commerce", "Marketing et communication"))
    actions.rename_group(group=marketing, by=ada, name="Our marketing")
    for code, name in (("COM", "Ventes"), ("MKT", "Communication")):
        simulator.company.departments[department_of(simulator, code)].name = name
    reading(directory, ada)
    import_departments(directory)
    sales.refresh_from_db()
    marketing.refresh_from_db()
    assert (sales.name, marketing.name) == ("Ventes", "Our marketing")


@pytest.mark.requirement("R33", "R39")
def test_groups_get_the_names_of_the_plan_however_many_batches_it_takes(
    simulator: Simulator,
    directory: LuccaAccount,
    ada: User,
    import_departments: ImportDepartments,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import_departments(directory)
    first, second, *_, last = [each for each in simulator.company.departments.values() if each.is_active]
    # In a circle, and a new department under a name that one of them gives up.
    first.name, second.name, free = second.name, first.name, last.name
    last.name = "Archives"
    simulator.company.departments[99] = replace(last, id=99, name=free, parent_id=None)
    hire(simulator, 99)
    reading(directory, ada)
    monkeypatch.setattr(apply, "BATCH", 1)
    run = import_departments(directory)
    assert set(run.lines.values_list("state", flat=True)) == {LineState.DONE}
    assert members(f"{free} ({last.code})")


def test_a_membership_says_which_department_it_came_from_also_after_a_rename(
    simulator: Simulator, directory: LuccaAccount, ada: User, client_of: ClientOf, import_departments: ImportDepartments
) -> None:
    import_departments(directory)
    link = DepartmentLink.objects.filter(group__memberships__isnull=False).select_related("group")[0]
    member = link.group.memberships.all()[0].user_id
    assert f"from Lucca: {link.department_name}, on " in text_of(client_of(ada), "group", link.group_id)
    assert f"from Lucca: {link.department_name}, on " in text_of(client_of(ada), "user", member)
    simulator.company.departments[int(link.lucca_id)].name = "Écoute"
    reading(directory, ada)
    import_departments(directory)
    assert "from Lucca: Écoute, on " in text_of(client_of(ada), "group", link.group_id)


@pytest.mark.requirement("R27", "R31")
@pytest.mark.long
def test_importing_two_hundred_departments_of_five_thousand_people_costs_no_call_more_than_reading_them(
    simulator: Simulator, account: LuccaAccount, import_departments: ImportDepartments
) -> None:
    simulator.reset(employees=5000, departments=200, with_faults=False)
    run = import_departments(account)
    assert (run.state, len(simulator.journal()), run.lucca_calls) == (RunState.FINISHED, 7, 7)
    assert Membership.objects.filter(origin=Origin.LUCCA).count() == 5000


@pytest.mark.requirement("R35", "R39")
def test_who_left_the_department_stays_in_the_group_until_a_hand_takes_them_out(
    simulator: Simulator,
    directory: LuccaAccount,
    ada: User,
    lou: User,
    client_of: ClientOf,
    import_departments: ImportDepartments,
) -> None:
    import_departments(directory)
    commerce = Group.objects.get(name="Commerce")
    actions.add_members(group=commerce, by=ada, users=[lou])
    department_id = department_of(simulator, "COM")
    mover = next(one for one in simulator.company.employees.values() if one.department_id == department_id)
    simulator.company.move(mover, department_of(simulator, "INN"), simulator.clock.now())
    reading(directory, ada)
    import_departments(directory)
    user = Link.objects.get(lucca_id=str(mover.id)).user
    assert {membership.group.name for membership in user.memberships.all()} == {"Commerce", "Innovation"}
    assert moved_on(directory).count() == 1
    client = client_of(ada)
    assert "1 person of the group is not in the department any more" in text_of(client, "lucca_departments")
    row = DirectoryDepartment.objects.get(lucca_id=str(department_id))
    assert "Innovation" in text_of(client, "lucca_department", row.pk)
    membership = Membership.objects.get(group=commerce, user=user)
    response = client.post(f"/integrations/lucca/departments/{row.pk}/remove/{membership.pk}/")
    assert response.status_code == 302
    assert user.pk not in members("Commerce")
    by_hand = Membership.objects.get(group=commerce, user=lou)
    assert client.post(f"/integrations/lucca/departments/{row.pk}/remove/{by_hand.pk}/").status_code == 404
    assert lou.pk in members("Commerce")


@pytest.mark.requirement("R35")
def test_who_has_left_the_company_joins_no_group(
    simulator: Simulator,
    directory: LuccaAccount,
    ada: User,
    import_all: Callable[..., Run],
    import_departments: ImportDepartments,
) -> None:
    import_all(directory)
    leaver = next(iter(simulator.company.employees.values()))
    simulator.company.end(leaver, simulator.today() - timedelta(days=1), simulator.clock.now())
    reading(directory, ada)
    run = import_departments(directory)
    assert not Link.objects.get(lucca_id=str(leaver.id)).user.memberships.exists()
    assert run.lines.get(lucca_id=str(leaver.id), state=LineState.SKIPPED).reason == "left"
    assert Membership.objects.count() == 39


@pytest.mark.requirement("R31", "R34")
def test_a_reading_that_ends_while_the_plan_is_made_neither_doubles_nor_loses_anybody(
    simulator: Simulator, directory: LuccaAccount, ada: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "PAGE", 1)
    settings.CARDS_SLICE_SECONDS = 0
    run = sync.plan_import(directory, by=ada, options=ImportOptions(), kind=sync.IMPORT_DEPARTMENTS)
    for _ in range(4):
        run.refresh_from_db()
        work_on(run.pk, run.task_id)
    departments = simulator.company.departments
    departments[99] = replace(departments[1], id=99, name="Archives", parent_id=None)
    reread = sync.refresh(directory, by=ada)
    while not reread.has_ended:
        work_on(reread.pk, reread.task_id)
        reread.refresh_from_db()
    run.refresh_from_db()
    assert run.state == RunState.PREPARING
    work()
    run.refresh_from_db()
    of_groups = run.lines.filter(action__endswith="_group").values_list("lucca_id", flat=True)
    assert sorted(of_groups) == sorted(str(each.id) for each in departments.values() if each.is_active)
    of_people = run.lines.exclude(action__endswith="_group").values_list("lucca_id", flat=True)
    assert sorted(of_people) == sorted(str(number) for number in simulator.company.employees)
    assert (run.state, run.total) == (RunState.DRAFT, len(of_groups) + len(of_people))


def test_a_line_whose_person_moved_meanwhile_is_not_carried_out(
    simulator: Simulator, directory: LuccaAccount, ada: User
) -> None:
    run = planned(directory, ada, sync.IMPORT_DEPARTMENTS)
    mover = next(iter(simulator.company.employees.values()))
    simulator.company.move(mover, department_of(simulator, "INN"), simulator.clock.now())
    reading(directory, ada)
    run.refresh_from_db()
    sync.start_import(run=run, by=ada)
    work()
    assert [line.lucca_id for line in run.lines.filter(state=LineState.STALE)] == [str(mover.id)]
    assert not Link.objects.filter(lucca_id=str(mover.id)).exists()


def test_people_in_no_department_and_with_no_e_mail_are_named(
    simulator: Simulator, account: LuccaAccount, ada: User, import_departments: ImportDepartments
) -> None:
    simulator.reset(employees=240, with_faults=True)
    reading(account, ada)
    run = import_departments(account)
    counts = simulator.state()["counts"]
    people = run.lines.exclude(action__endswith="_group")
    assert people.count() + run.unchanged == counts["employees"]
    assert people.filter(reason="no_email").count() == counts["without_mail"]
    assert people.filter(reason="left").count() == counts["former_employees"]


def test_an_import_of_departments_obeys_the_quota(
    directory: LuccaAccount, acme: Space, import_departments: ImportDepartments
) -> None:
    Space.objects.update(learner_quota=10)
    run = import_departments(LuccaAccount.objects.get())
    assert Link.objects.count() == 10
    assert run.lines.filter(reason="quota_reached").count() == 30
    assert Group.objects.count() == 14


# --- pages ------------------------------------------------------------------------------------------


@pytest.mark.requirement("R13", "R30")
def test_the_tab_lists_the_departments_with_their_people_and_groups(
    simulator: Simulator, directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    page = text_of(client_of(ada), "lucca_departments")
    assert "Synchro departments" in page
    for name in DirectoryDepartment.objects.values_list("name", flat=True):
        assert name.replace("&", "&amp;") in page
    assert "will be “Support (SUP-CL)”" in page

    assert "14 departments" in page
    assert page.count('data-depth="1"') >= 1
    assert "No department matches" in text_of(client_of(ada), "lucca_departments", search="nothing at all")
    assert text_of(client_of(ada), "lucca_departments", search="developpement").count("tree-node") == 1


@pytest.mark.requirement("R31", "R36", "R37")
def test_importing_all_departments_shows_the_plan_with_the_options_and_starts_on_a_persons_word(
    directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    client = client_of(ada)
    page = text_of(client, "lucca_departments")
    assert "Notify created users" in page
    assert "Connection mode" in page
    response = client.post("/integrations/lucca/departments/import/", OPTIONS | {"notify": "yes"})
    run = Run.objects.get(kind=sync.IMPORT_DEPARTMENTS)
    assert response.headers["Location"] == f"/integrations/lucca/runs/{run.pk}/"
    work()
    page = text_of(client, "lucca_run", run.pk)
    assert "The group will be created" in page
    assert "40 people will be invited by e-mail." in page
    assert not Group.objects.exists()
    client.post(f"/integrations/lucca/runs/{run.pk}/start/")
    work()
    assert "Account created, added to the group" in text_of(client, "lucca_run", run.pk)
    assert Mail.objects.count() == 40


@pytest.mark.requirement("R32", "R36")
def test_importing_one_department_from_the_list_makes_its_row_say_so(
    directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    client = client_of(ada)
    row = DirectoryDepartment.objects.get(name="Commerce")
    path = f"/integrations/lucca/departments/{row.pk}/import/"
    response = client.post(path, OPTIONS | {"notify": "yes"}, headers={"HX-Request": "true"})
    assert "Being imported" in response.content.decode()
    work()
    run = Run.objects.get(kind=sync.IMPORT_DEPARTMENT)
    row_after = text_of(client, "lucca_import_department_row", row.pk, run.pk)
    assert "Imported" in row_after
    assert 'data-say="Commerce, Imported"' in row_after
    assert "1 imported" in row_after
    assert Mail.objects.count() == Link.objects.count() > 0


@pytest.mark.requirement("R37")
def test_the_connection_mode_of_the_panel_is_that_of_the_accounts(
    directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    client = client_of(ada)
    path = "/integrations/lucca/departments/import/"
    assert client.post(path, {"notify": "no", "connection_mode": "sso"}).status_code == 422
    Space.objects.update(sso_is_active=True)
    client.post(path, {"notify": "no", "connection_mode": "sso"})
    work()
    sync.start_import(run=Run.objects.get(kind=sync.IMPORT_DEPARTMENTS), by=ada)
    work()
    assert set(User.objects.filter(lucca_links__isnull=False).values_list("connection_mode", flat=True)) == {"sso"}


@pytest.mark.requirement("R38")
def test_the_tab_says_that_nothing_is_imported_by_itself(
    directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    for tab in ("lucca_configuration", "lucca_users", "lucca_departments", "lucca_quality"):
        assert ("Nothing is imported by itself" in text_of(client_of(ada), tab)) == (tab == "lucca_departments")
    reading(directory, ada)
    assert not Run.objects.exclude(kind=sync.REFRESH).exists()
    assert not Group.objects.exists()


def test_departments_that_change_pages_while_they_are_read_are_not_declared_gone(
    simulator: Simulator, account: LuccaAccount, ada: User
) -> None:
    simulator.reset(employees=5, departments=230, with_faults=False)
    reading(account, ada)
    for turn in range(2):
        # Each reading shows some twice and misses as many.
        simulator.faults(kind="unstable_order", route="/organization/*", count=3, seed=turn)
        reading(account, ada, believe=True)
        assert DirectoryDepartment.objects.filter(account=account, absences=0).count() == 230


def test_a_department_not_seen_any_more_keeps_its_group_and_says_so(
    simulator: Simulator, directory: LuccaAccount, ada: User, import_departments: ImportDepartments
) -> None:
    import_departments(directory)
    department = simulator.company.departments[department_of(simulator, "INN")]
    department.is_active = False
    for _ in range(2):
        reading(directory, ada)
    row = department_rows(directory).get(lucca_id=str(department.id))
    assert row.state == DepartmentState.GONE
    assert Group.objects.filter(name="Innovation").exists()
    department.is_active = True
    reading(directory, ada)
    assert DirectoryDepartment.objects.get(lucca_id=str(department.id)).absences == 0


def test_a_department_that_is_not_seen_and_was_never_imported_is_forgotten(
    simulator: Simulator, directory: LuccaAccount, ada: User
) -> None:
    department = simulator.company.departments[department_of(simulator, "INN")]
    department.is_active = False
    reading(directory, ada)
    assert not DirectoryDepartment.objects.filter(lucca_id=str(department.id)).exists()
