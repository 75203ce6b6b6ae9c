"""Setting right by hand, what is wrong in the company's data, an answer that shows too little, and another company."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cards import clock
from cards.audit.models import Entry
from cards.integrations.lucca import connect, sync
from cards.integrations.lucca.address import address_of
from cards.integrations.lucca.models import (
    DepartmentLink,
    DirectoryDepartment,
    DirectoryEmployee,
    Link,
    LuccaAccount,
    Receipt,
    StatisticsSettings,
)
from cards.integrations.lucca.plan import ImportOptions
from cards.integrations.lucca.quality import Defect, findings
from cards.integrations.lucca.read import OtherLuccaError, take_over
from cards.integrations.lucca.repair import former_link
from cards.people.models import Group, Mail, MailState, User
from cards.people.queries import not_invited
from cards.runs.engine import work_on
from cards.runs.models import Run, RunState
from cards.spaces.models import Space
from lucca_simulator import Simulator, running
from lucca_simulator.life import hire
from tests.cards.integrations.lucca.conftest import ImportDepartments, connected_to, planned, reading, text_of, work
from tests.cards.integrations.lucca.learning import World
from tests.conftest import a_user

ClientOf = Callable[[User], Client]
ImportAll = Callable[..., Run]


def mended(client: Client, employee: DirectoryEmployee, wish: str, **sent: object) -> str:
    """The page of the person after a wish."""
    response = client.post(reverse("lucca_mend", args=[employee.pk, wish]), sent, follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


# --- one person -------------------------------------------------------------------------------------


def test_a_link_is_removed_and_made_again_by_hand_with_another_user(
    directory: LuccaAccount, ada: User, lou: User, client_of: ClientOf, import_all: ImportAll
) -> None:
    import_all(directory)
    employee = DirectoryEmployee.objects.all()[0]
    client = client_of(ada)
    assert "by an import that Ada Martin started" in text_of(client, "lucca_person", employee.pk)
    users = User.objects.count()
    assert "The link is removed." in mended(client, employee, "unlink")
    page = text_of(client, "lucca_person", employee.pk, link="lou")
    assert "Link to Lou Martin" in page
    assert "They are linked now." in mended(client, employee, "link", user=lou.pk)
    assert Link.objects.get(lucca_id=employee.lucca_id).user == lou
    assert "Linked by hand on" in text_of(client, "lucca_person", employee.pk)
    assert User.objects.count() == users


def test_whoever_is_not_imported_is_imported_from_their_own_page(
    directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    employee = DirectoryEmployee.objects.all()[0]
    client = client_of(ada)
    page, address = reverse("lucca_person", args=[employee.pk]), reverse("lucca_import_user", args=[employee.pk])
    shown = text_of(client, "lucca_person", employee.pk)
    assert f'action="{address}"' in shown
    assert 'form="import-options">Import</button>' in shown
    answer = client.post(address, {"notify": "no", "connection_mode": "password"})
    assert answer["Location"] == page
    assert f'hx-get="{page}"' in text_of(client, "lucca_person", employee.pk)
    asking = {"HX-Request": "true"}
    assert client.get(page, headers=asking).status_code == 204
    work()
    assert client.get(page, headers=asking)["HX-Refresh"] == "true"
    shown = text_of(client, "lucca_person", employee.pk)
    assert "Imported" in shown
    assert "hx-get" not in shown
    assert "import-options" not in shown


def test_the_page_of_a_user_leads_to_the_collaborator_who_they_are(
    directory: LuccaAccount, ada: User, eli: User, client_of: ClientOf, import_all: ImportAll
) -> None:
    import_all(directory)
    employee = DirectoryEmployee.objects.all()[0]
    link = Link.objects.get(lucca_id=employee.lucca_id)
    way = f'href="{reverse("lucca_person", args=[employee.pk])}"'
    for reader in (ada, eli):
        assert way in text_of(client_of(reader), "user", link.user_id)
        assert "Link with Lucca" not in text_of(client_of(reader), "user", eli.pk)
    directory.space.activations.all().delete()
    assert "Link with Lucca" not in text_of(client_of(ada), "user", link.user_id)


def test_nobody_is_linked_twice_by_hand(
    directory: LuccaAccount, ada: User, client_of: ClientOf, import_all: ImportAll
) -> None:
    import_all(directory)
    first, second = DirectoryEmployee.objects.all()[:2]
    mended(client_of(ada), first, "unlink")
    taken = Link.objects.get(lucca_id=second.lucca_id).user
    assert "linked to somebody else meanwhile" in mended(client_of(ada), first, "link", user=taken.pk)
    assert not Link.objects.filter(lucca_id=first.lucca_id).exists()


def test_a_user_of_another_space_cannot_be_linked(
    directory: LuccaAccount, ada: User, zoe: User, client_of: ClientOf
) -> None:
    employee = DirectoryEmployee.objects.all()[0]
    response = client_of(ada).post(reverse("lucca_mend", args=[employee.pk, "link"]), {"user": zoe.pk})
    assert response.status_code == 404


def test_a_changed_e_mail_is_shown_and_taken_over_only_by_a_persons_word(
    simulator: Simulator, directory: LuccaAccount, ada: User, client_of: ClientOf, import_all: ImportAll
) -> None:
    import_all(directory)
    person = next(iter(simulator.company.employees.values()))
    former, person.mail = person.mail, "married@acme.example"
    employee = DirectoryEmployee.objects.get(lucca_id=str(person.id))
    calls = len(simulator.journal())
    client = client_of(ada)
    assert "Read again in Lucca just now." in mended(client, employee, "check-again")
    assert Entry.objects.get(action="lucca.checked_again").target == f"employee {employee.lucca_id}"
    assert len(simulator.journal()) == calls + 1
    assert Link.objects.get(lucca_id=employee.lucca_id).user.email == former
    page = text_of(client, "lucca_person", employee.pk)
    assert "The e-mail in Lucca is now married@acme.example" in page
    assert "The user has the e-mail of Lucca now." in mended(client, employee, "take-over-email")
    assert Link.objects.get(lucca_id=employee.lucca_id).user.email == "married@acme.example"
    mended(client, employee, "unlink")
    assert "not linked to a user any more" in mended(client, employee, "take-over-email")


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"kind": "throttle"}, "Lucca takes no more calls for the moment."),
        ({"kind": "unauthorized"}, "Lucca refuses the key."),
        ({"kind": "error", "status": 503}, "Lucca does not answer."),
        ({"kind": "html", "status": 200}, "Lucca gave an answer that cannot be read."),
    ],
)
def test_checking_again_says_what_hinders_it_and_changes_nothing(
    simulator: Simulator,
    directory: LuccaAccount,
    ada: User,
    client_of: ClientOf,
    fault: dict[str, object],
    sentence: str,
) -> None:
    employee = DirectoryEmployee.objects.all()[0]
    simulator.faults(**fault)
    assert sentence in mended(client_of(ada), employee, "check-again")
    assert DirectoryEmployee.objects.filter(pk=employee.pk, absences=0).exists()


def test_checking_somebody_again_whom_lucca_does_not_show_or_with_a_lost_key_changes_nothing(
    simulator: Simulator, directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    employee = DirectoryEmployee.objects.all()[0]
    del simulator.company.employees[int(employee.lucca_id)]
    assert "Lucca does not show this collaborator" in mended(client_of(ada), employee, "check-again")
    LuccaAccount.objects.update(encrypted_key="sealed with a key that is gone")
    assert "Lucca refuses the key." in mended(client_of(ada), employee, "check-again")
    assert DirectoryEmployee.objects.filter(pk=employee.pk, absences=0).exists()
    assert not Entry.objects.filter(action="lucca.checked_again").exists()


# --- somebody who left and came back ----------------------------------------------------------------


def test_who_has_left_is_not_their_own_successor(directory: LuccaAccount, ada: User, import_all: ImportAll) -> None:
    import_all(directory)
    DirectoryEmployee.objects.update(contract_end_on=clock.now().date() - timedelta(days=30))
    assert former_link(directory, DirectoryEmployee.objects.all()[0]) is None


@pytest.mark.requirement("R29")
@pytest.mark.parametrize("how", ["contract_ended", "not_shown", "still_there"])
def test_who_comes_back_under_a_new_id_gets_the_account_by_moving_the_link(
    world: World, client_of: ClientOf, how: str
) -> None:
    [lucca_id] = world.learn(world.training(), people=1)
    world.send()
    user = Link.objects.get(lucca_id=lucca_id).user
    company = world.simulator.company
    person = company.employees[int(lucca_id)]
    new = hire(
        company,
        world.simulator.clock,
        first_name=person.first_name,
        last_name=person.last_name,
        mail=person.mail,
        department_id=person.department_id,
    )
    if how == "contract_ended":
        person.ends_on = clock.now().date() - timedelta(days=30)
    elif how == "not_shown":
        del company.employees[person.id]
        reading(world.account, world.ada)
    else:
        person.mail = ""
    reading(world.account, world.ada)
    run = sync.import_one(world.account, str(new.id), by=world.ada, options=ImportOptions())
    work()
    employee = DirectoryEmployee.objects.get(lucca_id=str(new.id))
    client = client_of(world.ada)
    page = text_of(client, "lucca_person", employee.pk)
    if how == "still_there":
        assert run.lines.get().reason == "account_taken"
        assert "Move the link here" not in page
        assert "not linked to somebody who has left any more" in mended(client, employee, "move-link")
        return
    assert run.lines.get().reason == "former_file"
    assert "the former file of somebody who has left" in page
    assert "Move the link here" in page
    assert "The link is moved here." in mended(client, employee, "move-link")
    assert Link.objects.get(user=user).lucca_id == str(new.id)
    assert "not linked to somebody who has left any more" in mended(client, employee, "move-link")
    world.send()
    assert len(world.rows(str(new.id))) == 1
    assert set(Receipt.objects.values_list("lucca_id", flat=True)) == {lucca_id, str(new.id)}
    assert Entry.objects.filter(action="lucca.link_moved", actor=world.ada).exists()


# --- rows of a former account -----------------------------------------------------------------------


@pytest.mark.requirement("R78")
@pytest.mark.parametrize("is_night_first", [True, False])
def test_after_a_link_is_mended_the_rows_of_the_former_user_are_named_and_go_by_a_persons_word(
    world: World, eli: User, client_of: ClientOf, is_night_first: bool
) -> None:
    world.put_by_hand(world.links[0].lucca_id)
    begun_by_both, of_the_former, of_the_new = (world.training(title) for title in ("GDPR", "Harassment", "Hygiene"))
    link, neighbour = world.links[:2]
    for training in (begun_by_both, of_the_former):
        world.learn(training, people=[link, neighbour], done=5)
    world.send()
    employee = DirectoryEmployee.objects.get(lucca_id=link.lucca_id)
    client = client_of(eli)
    assert "Results of somebody else" not in text_of(client, "lucca_person", employee.pk)
    page = mended(client, employee, "unlink")
    assert "If the link was wrong, they show the results of another person." in page
    assert page.count(link.user.full_name) >= 2
    right = a_user(world.account.space, "right")
    page = mended(client, employee, "link", user=right.pk)
    assert "They do not show the results of the user who is linked now." in page
    now = [Link.objects.get(lucca_id=link.lucca_id)]
    world.learn(begun_by_both, people=now, done=1)
    world.learn(of_the_new, people=now, done=2)
    if is_night_first:
        world.send()
        assert {row[0]: row[2] for row in world.rows(link.lucca_id)}["GDPR"] == "20\u00a0%"
        assert "Results of somebody else stand on this file" in text_of(client, "lucca_statistics_person", now[0].pk)
    client.post(reverse("lucca_remove_rows", args=[employee.pk]))
    assert world.see_through(Run.objects.get(kind="push_remove")).state == RunState.FINISHED
    assert "Harassment" not in [row[0] for row in world.rows(link.lucca_id)]
    world.send()
    rows = {row[0]: row[2] for row in world.rows(link.lucca_id)}
    assert rows == {"Swimming": "", "GDPR": "20\u00a0%", "Hygiene": "40\u00a0%"}
    assert len(world.rows(link.lucca_id)) == 3
    assert len(world.rows(neighbour.lucca_id)) == 2
    assert "Results of somebody else" not in text_of(client, "lucca_person", employee.pk)
    assert StatisticsSettings.objects.get().is_on
    assert Entry.objects.filter(action="lucca.rows_removed_from_one", actor=eli).exists()


@pytest.mark.requirement("R78")
def test_rows_that_read_the_same_for_the_user_who_is_linked_now_become_theirs(
    world: World, eli: User, client_of: ClientOf
) -> None:
    training, link, client = world.training(), world.links[0], client_of(eli)
    world.learn(training, people=[link], done=5)
    world.send()
    shown = world.rows(link.lucca_id)
    employee = DirectoryEmployee.objects.get(lucca_id=link.lucca_id)
    mended(client, employee, "unlink")
    right = a_user(world.account.space, "right")
    assert "Results of somebody else" in mended(client, employee, "link", user=right.pk)
    world.learn(training, people=[Link.objects.get(lucca_id=link.lucca_id)], done=5)
    world.send()
    assert world.rows(link.lucca_id) == shown
    assert "Results of somebody else" not in text_of(client, "lucca_person", employee.pk)


def test_rows_of_the_same_user_linked_again_are_nobody_elses(world: World, client_of: ClientOf) -> None:
    [lucca_id] = world.learn(world.training(), people=1)
    world.send()
    user = Link.objects.get(lucca_id=lucca_id).user
    employee = DirectoryEmployee.objects.get(lucca_id=lucca_id)
    client = client_of(world.ada)
    mended(client, employee, "unlink")
    assert "Results of somebody else" not in mended(client, employee, "link", user=user.pk)
    client.post(reverse("lucca_remove_rows", args=[employee.pk]))
    world.see_through(Run.objects.get(kind="push_remove"))
    assert len(world.rows(lucca_id)) == 1


def test_an_equal_result_of_the_new_user_is_theirs_after_the_next_push_without_a_write(
    world: World, client_of: ClientOf
) -> None:
    training = world.training()
    [lucca_id] = world.learn(training, people=1)
    world.send()
    employee = DirectoryEmployee.objects.get(lucca_id=lucca_id)
    client = client_of(world.ada)
    mended(client, employee, "unlink")
    mended(client, employee, "link", user=a_user(world.account.space, "right").pk)
    world.learn(training, people=[Link.objects.get(lucca_id=lucca_id)])
    world.forget_calls()
    world.send()
    assert world.calls() == ["GET"]
    assert "Results of somebody else" not in text_of(client, "lucca_person", employee.pk)


# --- the company's data -----------------------------------------------------------------------------


def test_every_defect_of_the_companys_data_is_named_with_the_file_to_open(
    simulator: Simulator, account: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    simulator.reset(employees=240, with_faults=True)
    someone = next(iter(simulator.company.employees.values()))
    someone.mail = "not an address"
    reading(account, ada)
    counts = simulator.state()["counts"]
    found = findings(account)
    number = {defect: sum(each.defect is defect for each in found) for defect in Defect}
    assert number[Defect.NO_EMAIL] == counts["without_mail"]
    assert number[Defect.BAD_EMAIL] == 1
    assert number[Defect.DOUBLED_BY_CASE] == counts["doubled_only_by_case"]
    assert number[Defect.DOUBLED] == counts["with_doubled_mail"] - counts["doubled_only_by_case"]
    assert number[Defect.ENDS_BEFORE_START] == counts["ends_before_start"]
    assert number[Defect.NAMESAKE_DEPARTMENT] == 2
    page = text_of(client_of(ada), "lucca_quality")
    assert f"{simulator.url}/collaborators/{someone.id}" in page
    response = client_of(ada).get(reverse("lucca_quality_csv"))
    assert len(b"".join(response.streaming_content).splitlines()) == len(found) + 1  # type: ignore[attr-defined]


# --- an answer that shows too little ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        ("empty", "Lucca shows only 0 of the 40 collaborators known so far. Is that right?"),
        ("narrowed", "of the 40 collaborators known so far. Is that right?"),
        ("half_page", "Lucca says that it has 14 departments and shows only 7 of them. Is that right?"),
        ("empty_page", "Lucca says that it has 40 collaborators and shows only 0 of them. Is that right?"),
    ],
)
def test_an_answer_that_shows_far_fewer_is_a_question_and_changes_nobody(
    simulator: Simulator,
    directory: LuccaAccount,
    ada: User,
    client_of: ClientOf,
    import_departments: ImportDepartments,
    kind: str,
    question: str,
) -> None:
    import_departments(directory)
    rows = sorted(DirectoryEmployee.objects.values_list("lucca_id", "absences"))
    departments = sorted(DirectoryDepartment.objects.values_list("lucca_id", "people", "absences"))
    company = dict(simulator.company.employees)
    if kind == "empty":
        simulator.company.employees.clear()
    else:
        simulator.faults(kind=kind)
    reading(directory, ada)
    assert sorted(DirectoryEmployee.objects.values_list("lucca_id", "absences")) == rows
    assert sorted(DirectoryDepartment.objects.values_list("lucca_id", "people", "absences")) == departments
    page = text_of(client_of(ada), "lucca_users")
    assert question in page
    assert "The usual causes" in page
    assert ("The rights of the API key were narrowed" in page) == (kind in ("empty", "narrowed"))
    simulator.clear_faults()
    simulator.company.employees.update(company)
    reading(directory, ada)
    assert directory.doubt is None
    assert "Is that right?" not in text_of(client_of(ada), "lucca_users")


@pytest.mark.parametrize(
    ("lost", "question"),
    [
        ("mail", "Of 40 collaborators who had an e-mail, Lucca shows it for only 10 now. Is that right?"),
        ("department_id", "Of 40 collaborators who had a department, Lucca shows it for only 10 now. Is that right?"),
        ("last_name", "Of 40 collaborators who had a name, Lucca shows it for only 10 now. Is that right?"),
    ],
)
def test_facts_that_many_no_longer_have_are_a_question_and_change_nobody(
    simulator: Simulator, directory: LuccaAccount, ada: User, client_of: ClientOf, lost: str, question: str
) -> None:
    rows = list(DirectoryEmployee.objects.order_by("pk").values())
    for employee in list(simulator.company.employees.values())[10:]:
        setattr(employee, lost, "" if lost == "last_name" else None)
    reading(directory, ada)
    assert list(DirectoryEmployee.objects.order_by("pk").values()) == rows
    page = text_of(client_of(ada), "lucca_users")
    assert question in page
    assert "The API key may no longer read this in Lucca." in page
    reading(directory, ada, believe=True)
    assert list(DirectoryEmployee.objects.order_by("pk").values()) != rows


def test_the_first_reading_is_not_believed_either_when_lucca_counts_more_than_it_shows(
    simulator: Simulator, account: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    simulator.faults(kind="empty_page", route="/api/v3/users")
    reading(account, ada)
    page = text_of(client_of(ada), "lucca_users")
    assert "Lucca says that it has 40 collaborators and shows only 0 of them." in page
    assert "Nothing was taken over." in page


def test_who_is_missing_from_an_answer_that_was_believed_is_not_absent(
    simulator: Simulator, directory: LuccaAccount, ada: User
) -> None:
    simulator.faults(kind="empty_page")
    reading(directory, ada, believe=True)
    assert directory.doubt is None
    assert set(DirectoryEmployee.objects.values_list("absences", flat=True)) == {0}
    assert set(DirectoryDepartment.objects.values_list("absences", flat=True)) == {0}


def test_a_plan_made_while_lucca_shows_too_little_says_what_it_goes_by(
    simulator: Simulator, directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    simulator.faults(kind="empty_page")
    with clock.told(clock.now() + sync.OLD_FOR_AN_IMPORT + timedelta(seconds=1)):
        run = planned(directory, ada)
        page = text_of(client_of(ada), "lucca_run", run.pk)
    assert "This plan goes by what Lucca showed before" in page
    assert run.lines.count() == 40


def test_a_person_may_answer_that_it_is_right(
    simulator: Simulator, directory: LuccaAccount, ada: User, client_of: ClientOf
) -> None:
    for number in list(simulator.company.employees)[10:]:
        del simulator.company.employees[number]
    reading(directory, ada)
    assert directory.doubt == directory.doubt | {"known": 40, "seen": 10}  # type: ignore[operator]
    client_of(ada).post(reverse("lucca_refresh"), {"believe": "yes", "tab": "departments"})
    work()
    directory.refresh_from_db()
    assert directory.doubt is None
    assert DirectoryEmployee.objects.count() == 10


def test_a_few_departures_are_no_question(simulator: Simulator, directory: LuccaAccount, ada: User) -> None:
    for number in list(simulator.company.employees)[:4]:
        del simulator.company.employees[number]
    reading(directory, ada)
    assert directory.doubt is None
    assert DirectoryEmployee.objects.count() == 36


# --- another company --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def other_lucca() -> Iterator[Simulator]:
    """Another company whose ids are the same numbers."""
    with running() as simulator:
        yield simulator


def to(simulator: Simulator, space: Space, by: User) -> LuccaAccount:
    """Connect the space there, whatever it was connected to."""
    address = address_of(simulator.url, also_allowed=["127.0.0.1"])
    account = LuccaAccount.objects.filter(space=space).first()
    assert connect.save(space, account, address, simulator.key, by=by) is connect.Connection.WORKS
    account = LuccaAccount.objects.get(space=space)
    reading(account, by)
    return account


def test_what_was_read_of_the_former_company_never_becomes_the_directory_of_the_other(
    other_lucca: Simulator, directory: LuccaAccount, ada: User, acme: Space, settings: Any
) -> None:
    settings.CARDS_SLICE_SECONDS = 0
    run = sync.refresh(directory, by=ada)
    work_on(run.pk, run.task_id)
    to(other_lucca, acme, ada)
    people = DirectoryEmployee.objects.count()
    with pytest.raises(OtherLuccaError):
        take_over(run, directory)
    work()
    run.refresh_from_db()
    assert (run.state, run.reason) == (RunState.STOPPED, "other_lucca")
    assert DirectoryEmployee.objects.count() == people


def test_two_companies_whose_ids_collide_never_mix(
    simulator: Simulator,
    other_lucca: Simulator,
    directory: LuccaAccount,
    ada: User,
    acme: Space,
    import_departments: ImportDepartments,
) -> None:
    other_lucca.reset(employees=40, with_faults=False, calls_per_minute=1000, seed=9)
    import_departments(directory)
    ours = dict(Link.objects.values_list("lucca_id", "user"))
    groups = dict(DepartmentLink.objects.values_list("lucca_id", "group"))
    old_plan = planned(directory, ada, sync.IMPORT_DEPARTMENTS)
    account = to(other_lucca, acme, ada)
    old_plan.refresh_from_db()
    sync.start_import(run=old_plan, by=ada)
    work()
    old_plan.refresh_from_db()
    assert (old_plan.state, old_plan.reason) == (RunState.STOPPED, "other_lucca")
    import_departments(account)
    theirs = dict(Link.objects.filter(host=account.host).values_list("lucca_id", "user"))
    assert ours.keys() == theirs.keys(), "the ids collide"
    same = {employee.mail for employee in simulator.company.employees.values()} & {
        employee.mail for employee in other_lucca.company.employees.values()
    }
    assert len(set(ours.values()) & set(theirs.values())) == len(same)
    back = to(simulator, acme, ada)
    run = import_departments(back)
    assert not run.lines.exists()
    assert dict(Link.objects.filter(host=back.host).values_list("lucca_id", "user")) == ours
    assert dict(DepartmentLink.objects.filter(host=back.host).values_list("lucca_id", "group")) == groups


def test_disconnecting_says_what_it_does_erases_the_directory_and_keeps_the_links(
    simulator: Simulator, directory: LuccaAccount, ada: User, acme: Space, client_of: ClientOf, import_all: ImportAll
) -> None:
    import_all(directory)
    links = set(Link.objects.values_list("lucca_id", "user"))
    client = client_of(ada)
    asked = text_of(client, "lucca_disconnect")
    assert "The key and everything read from Lucca are erased" in asked
    assert f'href="{reverse("lucca_remove_statistics")}">Remove everything Cards wrote</a>' in asked
    assert DirectoryEmployee.objects.exists()
    client.post(reverse("lucca_disconnect"))
    assert not LuccaAccount.objects.exists()
    assert not DirectoryEmployee.objects.exists()
    assert client.get(reverse("lucca_users")).status_code == 404
    account = connected_to(simulator, acme, ada)
    assert set(Link.objects.values_list("lucca_id", "user")) == links
    run = import_all(account)
    assert run.unchanged == 40


def test_forgetting_everything_leaves_users_and_groups_alone(
    directory: LuccaAccount, ada: User, acme: Space, client_of: ClientOf, import_departments: ImportDepartments
) -> None:
    import_departments(directory)
    users, groups = User.objects.count(), Group.objects.count()
    client = client_of(ada)
    assert "are erased for good" in text_of(client, "lucca_forget")
    client.post(reverse("lucca_forget"))
    for kept in (Link, DepartmentLink, DirectoryEmployee, LuccaAccount, Run):
        assert not kept._default_manager.exists(), kept
    assert (User.objects.count(), Group.objects.count()) == (users, groups)


@pytest.mark.requirement("R21")
@pytest.mark.parametrize("farewell", ["lucca_disconnect", "lucca_forget"])
def test_invitations_that_nobody_can_decide_on_any_more_are_withdrawn(
    farewell: str,
    directory: LuccaAccount,
    ada: User,
    acme: Space,
    client_of: ClientOf,
    import_cancelled: Callable[[LuccaAccount], Run],
) -> None:
    import_cancelled(directory)
    plan = planned(directory, ada, notify=True)
    sync.start_import(run=plan, by=ada)
    plan.refresh_from_db()
    work_on(plan.pk, plan.task_id)
    waiting = set(Mail.objects.values_list("user", flat=True))
    client = client_of(ada)
    assert "You can invite these people" in text_of(client, farewell)
    client.post(reverse(farewell))
    work()
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.WITHDRAWN}
    assert waiting <= set(not_invited(acme).values_list("pk", flat=True))


def test_only_an_owner_disconnects_and_zoe_finds_no_person_of_acme(
    directory: LuccaAccount, ada: User, eli: User, lou: User, zoe: User, client_of: ClientOf
) -> None:
    employee = DirectoryEmployee.objects.all()[0]
    pages = [reverse("lucca_disconnect"), reverse("lucca_forget")]
    for path in pages:
        assert client_of(eli).post(path).status_code == 403
    shared = [reverse("lucca_person", args=[employee.pk]), reverse("lucca_quality"), reverse("lucca_history")]
    shared += [reverse("lucca_departments"), reverse("lucca_quality_csv"), reverse("lucca_history_csv")]
    for path in shared:
        assert client_of(eli).get(path).status_code == 200, path
        assert client_of(lou).get(path).status_code == 403, path
        assert client_of(zoe).get(path).status_code == 404, path
    for wish in ("unlink", "link", "move-link", "take-over-email", "check-again"):
        path = reverse("lucca_mend", args=[employee.pk, wish])
        assert client_of(lou).post(path).status_code == 403
        assert client_of(zoe).post(path).status_code == 404
    path = reverse("lucca_remove_rows", args=[employee.pk])
    assert client_of(lou).post(path).status_code == 403
    assert client_of(zoe).post(path).status_code == 404
    assert LuccaAccount.objects.filter(created_at__gte=directory.created_at - timedelta(days=1)).exists()
