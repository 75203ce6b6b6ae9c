"""From a pretend Lucca to accounts and links: reading, planning, carrying out, again and again."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from cards import clock
from cards.audit.models import Entry
from cards.integrations.catalogue.actions import deactivate
from cards.integrations.lucca import apply, connect, read, slices, sync
from cards.integrations.lucca.address import Address
from cards.integrations.lucca.models import AccountState, DirectoryEmployee, Link, LuccaAccount, RefreshPage
from cards.integrations.lucca.plan import ImportOptions
from cards.integrations.lucca.repair import check_again
from cards.integrations.lucca.sides import cards_side, importable, lucca_side
from cards.people.models import ConnectionMode, Mail, MailState, Role, User
from cards.runs import actions, budget, lease
from cards.runs.engine import Work, work_on
from cards.runs.models import LineState, Run, RunLine, RunState
from cards.runs.tick import ring_overdue
from cards.seal import seal
from cards.spaces.models import Space
from lucca_simulator import Simulator
from tests.cards.integrations.lucca.conftest import carried_out, planned, reading, work
from tests.conftest import a_user

ImportAll = Callable[..., Run]
DEPARTMENTS = "/organization/structure/api/departments"


def calls(simulator: Simulator) -> list[str]:
    return [call["path"] for call in simulator.journal()]


# --- reading ----------------------------------------------------------------------------------------


@pytest.mark.requirement("R14", "R26", "R27")
@pytest.mark.parametrize(("people", "cost"), [(0, 1), (1, 1), (1000, 1), (1001, 2), (2500, 3)])
def test_reading_n_people_costs_one_call_per_thousand_and_one_for_the_departments(
    simulator: Simulator, account: LuccaAccount, ada: User, people: int, cost: int
) -> None:
    simulator.reset(employees=people, with_faults=False)
    run = reading(account, ada)
    assert run.state == RunState.FINISHED
    assert calls(simulator) == ["/api/v3/users"] * cost + [DEPARTMENTS]
    assert run.lucca_calls == cost + 1
    assert DirectoryEmployee.objects.filter(account=account).count() == people


def test_reading_again_rewrites_nothing_when_nothing_changed(directory: LuccaAccount, ada: User) -> None:
    before = list(DirectoryEmployee.objects.order_by("pk").values())
    run = reading(directory, ada)
    assert run.memory["reading"] == {"people": 40, "new": 0, "changed": 0, "no_longer_seen": 0, "departments": 14}
    assert list(DirectoryEmployee.objects.order_by("pk").values()) == before


def test_a_changed_name_reaches_the_directory(simulator: Simulator, directory: LuccaAccount, ada: User) -> None:
    employee = next(iter(simulator.company.employees.values()))
    employee.last_name = "Nouveau"
    run = reading(directory, ada)
    assert run.memory["reading"]["changed"] == 1
    assert DirectoryEmployee.objects.filter(lucca_id=str(employee.id), last_name="Nouveau").exists()


def test_who_was_never_imported_and_is_not_seen_any_more_is_forgotten(
    simulator: Simulator, directory: LuccaAccount, ada: User
) -> None:
    gone = simulator.company.employees.popitem()[1]
    reading(directory, ada)
    assert not DirectoryEmployee.objects.filter(lucca_id=str(gone.id)).exists()


def test_absence_is_never_departure(
    simulator: Simulator, directory: LuccaAccount, ada: User, import_all: ImportAll
) -> None:
    import_all(directory)
    users = set(User.objects.values_list("pk", flat=True))
    links = set(Link.objects.values_list("pk", flat=True))
    everybody = dict(simulator.company.employees)
    simulator.company.employees.clear()
    for absences in (1, 2):
        reading(directory, ada, believe=True)
        assert set(DirectoryEmployee.objects.values_list("absences", flat=True)) == {absences}
    import_all(directory)
    assert set(User.objects.filter(is_active=True).values_list("pk", flat=True)) == users
    assert set(Link.objects.values_list("pk", flat=True)) == links
    # Back as they were, they are seen again.
    simulator.company.employees.update(everybody)
    reading(directory, ada, believe=True)
    assert set(DirectoryEmployee.objects.values_list("absences", flat=True)) == {0}


def test_a_persons_word_that_lucca_is_right_counts_also_for_the_reading_under_way(
    simulator: Simulator, directory: LuccaAccount, ada: User
) -> None:
    for lucca_id in list(simulator.company.employees)[:20]:
        del simulator.company.employees[lucca_id]
    sync.refresh(directory, by=None)
    reading(directory, ada, believe=True)
    assert directory.doubt is None
    assert DirectoryEmployee.objects.count() == 20


def test_an_import_that_is_paused_hinders_no_other(directory: LuccaAccount, ada: User) -> None:
    former = planned(directory, ada)
    sync.start_import(run=former, by=ada)
    actions.pause(run=former, by=ada)
    assert carried_out(planned(directory, ada), ada).state == RunState.FINISHED
    actions.resume(run=former, by=ada)
    work()
    former.refresh_from_db()
    assert former.state == RunState.FINISHED
    assert Link.objects.count() == DirectoryEmployee.objects.count()


@pytest.mark.parametrize("kind", ["duplicated_page", "reordered"])
def test_pages_that_overlap_or_are_in_no_order_bring_nobody_twice_and_declare_nobody_gone(
    simulator: Simulator, account: LuccaAccount, ada: User, kind: str
) -> None:
    simulator.reset(employees=1500, with_faults=False)
    reading(account, ada)
    simulator.faults(kind=kind, count=1)
    reading(account, ada)
    assert DirectoryEmployee.objects.filter(account=account).count() == 1500
    assert not DirectoryEmployee.objects.exclude(absences=0).exists()


def test_people_who_share_an_e_mail_are_marked_and_leavers_do_not_count(
    simulator: Simulator, directory: LuccaAccount, ada: User
) -> None:
    first, second, third, *_ = simulator.company.employees.values()
    second.mail = first.mail.upper()
    third.mail = "only.me@acme.example"
    reading(directory, ada)
    doubled = set(DirectoryEmployee.objects.filter(is_doubled=True).values_list("lucca_id", flat=True))
    assert doubled == {str(first.id), str(second.id)}
    simulator.company.end(second, simulator.today() - timedelta(days=1), simulator.clock.now())
    reading(directory, ada)
    assert not DirectoryEmployee.objects.filter(is_doubled=True).exists()


def test_two_readings_asked_for_at_once_are_one(account: LuccaAccount, ada: User, eli: User) -> None:
    assert sync.refresh(account, by=ada).pk == sync.refresh(account, by=eli).pk


def test_a_reading_set_aside_holds_up_no_other_and_cannot_bring_back_what_lucca_said_then(
    directory: LuccaAccount, ada: User
) -> None:
    set_aside = sync.refresh(directory, by=ada)
    actions.pause(run=set_aside, by=ada)
    with clock.told(clock.now() + timedelta(hours=2), passes=True):
        run = sync.reading_for_a_tab(directory)
        assert run is not None
        work()
    for each in (set_aside, run):
        each.refresh_from_db()
    assert (set_aside.state, run.state) == (RunState.CANCELLED, RunState.FINISHED)


@pytest.mark.requirement("R26")
def test_imports_wait_for_the_reading_under_way_and_ask_lucca_nothing_themselves(
    simulator: Simulator, account: LuccaAccount, ada: User, eli: User
) -> None:
    simulator.reset(employees=1500, with_faults=False)
    refresh = sync.refresh(account, by=None)
    plans = [sync.plan_import(account, by=by, options=ImportOptions()) for by in (ada, eli)]
    for plan in plans:
        work_on(plan.pk, plan.task_id)
    assert calls(simulator) == []
    Run.objects.filter(pk=refresh.pk).update(done=1000, total=1500)
    for plan in plans:
        plan.refresh_from_db()
        work_on(plan.pk, plan.task_id)
        plan.refresh_from_db()
        assert (plan.state, plan.done, plan.total) == (RunState.PREPARING, 1000, 1500)
    work()
    for plan in plans:
        plan.refresh_from_db()
        assert (plan.state, plan.total, plan.lucca_calls) == (RunState.DRAFT, 1500, 0)
    assert len(calls(simulator)) == 3


def test_an_import_does_not_wait_for_a_reading_that_no_worker_comes_to(
    simulator: Simulator, account: LuccaAccount, ada: User
) -> None:
    sync.refresh(account, by=None)
    plan = sync.plan_import(account, by=ada, options=ImportOptions())
    with clock.told(clock.now() + timedelta(minutes=1)):
        work_on(plan.pk, plan.task_id)
    plan.refresh_from_db()
    assert (plan.state, plan.total) == (RunState.DRAFT, 40)


def test_an_import_reads_lucca_itself_when_the_reading_it_waited_for_stopped(
    simulator: Simulator, account: LuccaAccount, ada: User
) -> None:
    refresh = sync.refresh(account, by=None)
    plan = sync.plan_import(account, by=ada, options=ImportOptions())
    simulator.faults(kind="unauthorized", count=1)
    work()
    refresh.refresh_from_db()
    plan.refresh_from_db()
    assert (refresh.state, plan.state, plan.total, plan.lucca_calls) == (RunState.STOPPED, RunState.DRAFT, 40, 2)


# --- what Lucca may do meanwhile ---------------------------------------------------------------------


@pytest.mark.requirement("R26", "R27")
def test_a_reading_waits_when_lucca_says_it_is_too_much_and_then_goes_on(
    simulator: Simulator, account: LuccaAccount, ada: User
) -> None:
    simulator.reset(employees=2500, with_faults=False)
    simulator.faults(kind="throttle", count=1)
    run = sync.refresh(account, by=ada)
    run.refresh_from_db()
    work_on(run.pk, run.task_id)
    run.refresh_from_db()
    assert run.state == RunState.RUNNING
    assert run.next_at > clock.now()
    with clock.told(run.next_at + timedelta(seconds=1)):
        work()
    run.refresh_from_db()
    assert run.state == RunState.FINISHED
    assert DirectoryEmployee.objects.count() == 2500


@pytest.mark.requirement("R26")
def test_nobody_calls_lucca_between_its_refusal_and_the_moment_it_named(
    simulator: Simulator, account: LuccaAccount, ada: User
) -> None:
    simulator.faults(kind="throttle", count=1)
    refresh = sync.refresh(account, by=ada)
    work_on(refresh.pk, refresh.task_id)
    refresh.refresh_from_db()
    made = len(calls(simulator))
    address = Address(account.url, account.host)
    with clock.told(refresh.next_at - timedelta(seconds=1)):
        assert connect.try_out(address, simulator.key) is connect.Connection.BUSY
    assert len(calls(simulator)) == made
    with clock.told(refresh.next_at + timedelta(seconds=1)):
        assert connect.try_out(address, simulator.key) is connect.Connection.WORKS


def test_a_key_saved_while_the_former_one_is_refused_is_the_one_that_is_used(
    simulator: Simulator, account: LuccaAccount, ada: User
) -> None:
    LuccaAccount.objects.update(encrypted_key=seal("former"))

    def save_once_refused(execute: Callable[..., Any], *query: Any) -> Any:
        if any(call["status"] == 401 for call in simulator.journal()):
            simulator.entries.clear()
            LuccaAccount.objects.update(encrypted_key=seal(simulator.key))
        return execute(*query)

    with connection.execute_wrapper(save_once_refused):
        run = reading(account, ada)
    assert run.state == RunState.FINISHED
    assert account.state == AccountState.CONNECTED


def test_a_key_refused_in_mid_reading_stops_it_and_changes_nothing(
    simulator: Simulator, directory: LuccaAccount, ada: User
) -> None:
    simulator.reset(employees=1500, with_faults=False)
    simulator.faults(kind="unauthorized", skip=1)
    run = reading(directory, ada)
    assert (run.state, run.reason) == (RunState.STOPPED, "refused")
    assert directory.state == AccountState.REFUSED
    assert DirectoryEmployee.objects.count() == 40


def a_reading_in_its_midst(simulator: Simulator, account: LuccaAccount, by: User, settings: Any) -> Run:
    simulator.reset(employees=1500, with_faults=False, calls_per_minute=1000)
    settings.CARDS_SLICE_SECONDS = 0
    run = sync.refresh(account, by=by)
    work_on(run.pk, run.task_id)
    assert RefreshPage.objects.filter(run=run).count() == 1
    return run


@pytest.mark.parametrize("kind", [sync.REFRESH, sync.IMPORT_USERS])
def test_nothing_stays_of_what_a_reading_had_read_until_it_was_stopped(
    simulator: Simulator, account: LuccaAccount, ada: User, settings: Any, kind: str
) -> None:
    run = a_reading_in_its_midst(simulator, account, ada, settings)
    Run.objects.update(kind=kind)
    actions.cancel(run=run, by=ada)
    assert not RefreshPage.objects.exists()


def test_nothing_stays_of_what_a_reading_set_aside_had_read_once_lucca_is_disconnected(
    simulator: Simulator, account: LuccaAccount, ada: User, settings: Any
) -> None:
    actions.pause(run=a_reading_in_its_midst(simulator, account, ada, settings), by=ada)
    connect.disconnect(account, by=ada)
    assert not RefreshPage.objects.exists()


def test_a_silent_lucca_is_asked_again_for_a_while_and_then_the_run_stops(
    simulator: Simulator, directory: LuccaAccount, ada: User
) -> None:
    simulator.faults(kind="error")
    run = reading(directory, ada)
    assert (run.state, run.reason) == (RunState.STOPPED, "unavailable")
    assert directory.state == AccountState.UNREACHABLE
    assert len(calls(simulator)) - 3 == len(slices.PATIENCE) + 1
    simulator.clear_faults()
    assert reading(directory, ada).state == RunState.FINISHED


def test_a_lucca_that_is_silent_now_and_then_is_read_to_the_end(
    simulator: Simulator, account: LuccaAccount, ada: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "PAGE", 5)
    settings.CARDS_SLICE_SECONDS = 0
    run = sync.refresh(account, by=ada)
    silences = 0
    while not run.has_ended and silences < 20:
        simulator.faults(kind="error", count=1)
        work_on(run.pk, run.task_id)
        silences += 1
        assert sync.silent_until(Run.objects.get(pk=run.pk))
        run.refresh_from_db()
        work_on(run.pk, run.task_id)
        run.refresh_from_db()
        assert sync.silent_until(run) is None
    assert run.state == RunState.FINISHED
    assert silences > len(slices.PATIENCE) + 1


def test_a_lucca_that_answers_again_is_said_to_answer_though_our_calls_are_used_up(
    simulator: Simulator, account: LuccaAccount, ada: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "PAGE", 5)
    simulator.faults(kind="error", count=1)
    run = sync.refresh(account, by=ada)
    work_on(run.pk, run.task_id)
    account.refresh_from_db()
    assert account.state == AccountState.UNREACHABLE
    run.refresh_from_db()
    settings.CARDS_CALLS_PER_MINUTE = budget.calls_made(account.host) + 2
    work_on(run.pk, run.task_id)
    run.refresh_from_db()
    account.refresh_from_db()
    assert (run.state, run.done) == (RunState.RUNNING, 10)
    assert account.state == AccountState.CONNECTED


def test_a_lucca_that_takes_too_long_for_a_large_page_is_read_in_smaller_ones(
    simulator: Simulator, account: LuccaAccount, ada: User
) -> None:
    simulator.reset(employees=1500, with_faults=False, calls_per_minute=1000)
    simulator.faults(kind="error", status=408, count=2, route="/api/v3/users")
    run = reading(account, ada)
    assert run.state == RunState.FINISHED
    assert DirectoryEmployee.objects.count() == 1500
    pages = [parse_qs(call["query"])["paging"] for call in simulator.journal() if "paging" in call["query"]]
    assert pages[-8:] == [["0,1000"], ["0,500"], *([f"{offset},250"] for offset in range(0, 1500, 250))]
    assert run.lucca_calls == 8 + 1


def test_what_a_worker_took_over_before_it_died_is_not_taken_over_again(directory: LuccaAccount, ada: User) -> None:
    run = sync.refresh(directory, by=ada)
    claimed = lease.claim(run.pk, run.task_id)
    assert claimed is not None
    slices.work_refresh(Work(claimed))
    Run.objects.filter(pk=run.pk).update(lease_until=clock.shared() - timedelta(seconds=1))
    ring_overdue()
    work()
    run.refresh_from_db()
    directory.refresh_from_db()
    assert run.state == RunState.FINISHED
    assert (directory.refresh_number, directory.doubt) == (2, None)


def test_an_answer_that_is_not_luccas_stops_the_reading_and_changes_nothing(
    simulator: Simulator, directory: LuccaAccount, ada: User
) -> None:
    simulator.faults(kind="html", status=200)
    run = reading(directory, ada)
    assert (run.state, run.reason) == (RunState.STOPPED, "unintelligible")
    assert DirectoryEmployee.objects.count() == 40


def test_a_key_this_server_cannot_open_stops_the_run_in_words(directory: LuccaAccount, ada: User) -> None:
    LuccaAccount.objects.update(encrypted_key="gAAAAA")
    run = reading(directory, ada)
    assert (run.state, run.reason) == (RunState.STOPPED, "key_unreadable")


# --- importing ---------------------------------------------------------------------------------------


@pytest.mark.requirement("R1", "R18", "R23")
def test_importing_all_creates_learners_linked_to_lucca(
    simulator: Simulator, directory: LuccaAccount, import_all: ImportAll
) -> None:
    run = import_all(directory)
    assert run.state == RunState.FINISHED
    created = User.objects.filter(lucca_links__isnull=False)
    assert created.count() == 40
    assert set(created.values_list("lucca_links__lucca_id", "first_name", "last_name", "email")) == {
        (str(one.id), one.first_name, one.last_name, one.mail) for one in simulator.company.employees.values()
    }
    assert set(created.values_list("role", "connection_mode", "is_active")) == {
        (Role.LEARNER, ConnectionMode.PASSWORD, True)
    }
    assert not any(user.has_usable_password() for user in created)
    assert (run.done, run.total) == (40, 40)


@pytest.mark.requirement("R18", "R27")
def test_whoever_does_not_fit_a_batch_is_imported_in_the_next(
    directory: LuccaAccount, import_all: ImportAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply, "BATCH", 17)
    assert import_all(directory).state == RunState.FINISHED
    assert Link.objects.count() == 40


@pytest.mark.requirement("R27")
def test_importing_adds_no_call_per_person(
    simulator: Simulator, directory: LuccaAccount, import_all: ImportAll
) -> None:
    before = len(calls(simulator))
    import_all(directory)
    assert len(calls(simulator)) == before


@pytest.mark.requirement("R18", "R38")
def test_a_second_import_creates_nothing_and_mails_nobody(directory: LuccaAccount, import_all: ImportAll) -> None:
    import_all(directory, notify=True)
    users, mails = User.objects.count(), Mail.objects.count()
    second = import_all(directory, notify=True)
    assert (User.objects.count(), Mail.objects.count()) == (users, mails)
    assert second.unchanged == 40
    assert not second.lines.exists()


@pytest.mark.requirement("R15", "R23", "R28", "R29")
@pytest.mark.parametrize(("theirs", "chosen"), [("password", "sso"), ("sso", "password")])
def test_an_existing_user_is_linked_and_nothing_of_the_account_changes(
    simulator: Simulator, acme: Space, directory: LuccaAccount, import_all: ImportAll, theirs: str, chosen: str
) -> None:
    employee = next(iter(simulator.company.employees.values()))
    Space.objects.update(sso_is_active=True)
    user = a_user(acme, "Somebody", Role.EDITOR, connection_mode=theirs)
    user.email = employee.mail.upper()
    user.save()
    before = User.objects.filter(pk=user.pk).values().get()
    import_all(directory, notify=True, connection_mode=chosen)
    assert User.objects.filter(pk=user.pk).values().get() == before
    assert Link.objects.get(user=user).lucca_id == str(employee.id)
    assert not Mail.objects.filter(user=user).exists()


@pytest.mark.requirement("R15", "R28", "R29")
@pytest.mark.parametrize(
    ("in_cards", "in_lucca"),
    [
        ("Nina@acme.example", "  nina@ACME.example "),
        ("elodie@société.example", "Elodie@SOCIÉTÉ.example"),
        ("elodie@société.example", "\u00a0elodie@socie\u0301te\u0301.example"),
        ("elodie@strasse.example", "elodie@straße.example"),
    ],
)
def test_an_e_mail_is_the_same_in_any_case_between_blanks_and_however_its_accents_are_coded(
    simulator: Simulator,
    acme: Space,
    directory: LuccaAccount,
    ada: User,
    import_all: ImportAll,
    in_cards: str,
    in_lucca: str,
) -> None:
    user = a_user(acme, "Somebody")
    user.email = in_cards
    user.save()
    employee = next(iter(simulator.company.employees.values()))
    employee.mail = in_lucca
    reading(directory, ada)
    import_all(directory)
    assert Link.objects.get(user=user).lucca_id == str(employee.id)
    assert User.objects.filter(lucca_links__isnull=False).count() == 40
    assert User.objects.filter(role=Role.LEARNER).count() == 40


@pytest.mark.requirement("R16", "R17", "R18")
def test_everybody_who_was_read_is_accounted_for(
    simulator: Simulator, account: LuccaAccount, import_all: ImportAll
) -> None:
    simulator.reset(employees=240, with_faults=True)
    counts = simulator.state()["counts"]
    run = import_all(account)
    reasons = Counter(run.lines.filter(state=LineState.SKIPPED).values_list("reason", flat=True))
    assert reasons["no_email"] == counts["without_mail"]
    assert reasons["doubled_email"] == counts["with_doubled_mail"]
    assert reasons["left"] == counts["former_employees"]
    created = run.lines.filter(state=LineState.DONE).count()
    assert created + reasons.total() == 240
    assert User.objects.filter(lucca_links__isnull=False).count() == created
    by_email = Counter(User.objects.values_list("email_key", flat=True))
    assert set(by_email.values()) == {1}


@pytest.mark.requirement("R21", "R22")
def test_only_created_accounts_are_invited_and_only_when_asked(
    directory: LuccaAccount, import_all: ImportAll, acme: Space, simulator: Simulator
) -> None:
    employee = next(iter(simulator.company.employees.values()))
    user = a_user(acme, "Somebody")
    user.email = employee.mail
    user.save()
    import_all(directory, notify=True)
    invited = set(Mail.objects.values_list("user_id", flat=True))
    assert invited == set(
        User.objects.filter(lucca_links__isnull=False).exclude(pk=user.pk).values_list("pk", flat=True)
    )
    assert not Mail.objects.filter(release_at=None).exists()


@pytest.mark.requirement("R21")
def test_without_notifying_nobody_is_mailed(directory: LuccaAccount, import_all: ImportAll) -> None:
    import_all(directory, notify=False)
    assert not Mail.objects.exists()


@pytest.mark.requirement("R23", "R24")
def test_the_chosen_connection_mode_is_that_of_created_accounts(directory: LuccaAccount, import_all: ImportAll) -> None:
    Space.objects.update(sso_is_active=True)
    import_all(directory, connection_mode="sso")
    modes = set(User.objects.filter(lucca_links__isnull=False).values_list("connection_mode", flat=True))
    assert modes == {ConnectionMode.SSO}


@pytest.mark.requirement("R21")
@pytest.mark.parametrize("again", ["a reading", "checked again"])
@pytest.mark.parametrize(("day", "leaves_on"), [(3, 3), (60, 60), (-2, 0)])
def test_an_invitation_that_waits_leaves_on_the_first_day_that_lucca_says_now(
    day: int, leaves_on: int, again: str, simulator: Simulator, directory: LuccaAccount, ada: User
) -> None:
    today = clock.today(directory.space.time_zone)
    starting, other = list(simulator.company.employees.values())[:2]
    starting.starts_on = other.starts_on = today + timedelta(days=30)
    reading(directory, ada)
    for employee in (starting, other):
        sync.import_one(directory, str(employee.id), by=ada, options=ImportOptions(notify=True))
    work()
    starting.starts_on = today + timedelta(days=day)
    if again == "a reading":
        reading(directory, ada)
    else:
        row = DirectoryEmployee.objects.get(lucca_id=starting.id)
        check_again(account=directory, employee=row, by=ada)
    leave = {
        mail.user.email: mail.release_at.astimezone(ZoneInfo(directory.space.time_zone)).date()
        for mail in Mail.objects.all()
        if mail.user and mail.release_at
    }
    assert leave == {starting.mail: today + timedelta(days=leaves_on), other.mail: today + timedelta(days=30)}
    assert User.objects.get(email=starting.mail).starts_on == starting.starts_on


@pytest.mark.requirement("R21")
def test_a_first_day_that_lucca_does_not_say_any_more_stays_that_of_the_invitation(
    simulator: Simulator, directory: LuccaAccount, import_all: ImportAll, ada: User
) -> None:
    starting = next(iter(simulator.company.employees.values()))
    starting.starts_on = clock.today(directory.space.time_zone) + timedelta(days=30)
    reading(directory, ada)
    import_all(directory, notify=True)
    leaves_at = Mail.objects.get(user__email=starting.mail).release_at
    # The year that stands for "for ever".
    starting.starts_on = date(9999, 12, 31)
    reading(directory, ada)
    assert Mail.objects.get(user__email=starting.mail).release_at == leaves_at
    assert User.objects.get(email=starting.mail).starts_on is not None


@pytest.mark.requirement("R21")
@pytest.mark.parametrize("how", ["contract ended", "contract ends before it begins", "not in Lucca any more"])
def test_whoever_does_not_come_is_not_invited_on_the_day_that_was_to_be_the_first(
    how: str, simulator: Simulator, directory: LuccaAccount, import_all: ImportAll, ada: User
) -> None:
    today = clock.today(directory.space.time_zone)
    off, other = list(simulator.company.employees.values())[:2]
    off.starts_on = other.starts_on = today + timedelta(days=30)
    off.ends_on = other.ends_on = None
    reading(directory, ada)
    import_all(directory, notify=True)
    if how == "not in Lucca any more":
        del simulator.company.employees[off.id]
        reading(directory, ada)
        assert Mail.objects.get(user__email=off.mail).state == MailState.HELD
    else:
        off.ends_on = today - timedelta(days=1) if how == "contract ended" else off.starts_on - timedelta(days=1)
    reading(directory, ada)
    assert Mail.objects.get(user__email=off.mail).state == MailState.WITHDRAWN
    assert Mail.objects.get(user__email=other.mail).state == MailState.HELD
    assert Entry.objects.get(action="invitation_withdrawn").target == f"user {User.objects.get(email=off.mail).pk}"


@pytest.mark.requirement("R19")
def test_one_collaborator_is_imported_alone(directory: LuccaAccount, ada: User) -> None:
    employee = DirectoryEmployee.objects.first()
    assert employee is not None
    run = sync.import_one(directory, employee.lucca_id, by=ada, options=ImportOptions())
    work()
    assert run is not None
    run.refresh_from_db()
    assert run.state == RunState.FINISHED
    assert list(User.objects.filter(lucca_links__isnull=False).values_list("email", flat=True)) == [employee.email]


def test_creating_stops_at_the_quota_and_says_who_was_left_out(
    acme: Space, directory: LuccaAccount, import_all: ImportAll, lou: User
) -> None:
    Space.objects.update(learner_quota=11)
    run = import_all(LuccaAccount.objects.get(pk=directory.pk))
    assert User.objects.filter(space=acme, role=Role.LEARNER).count() == 11
    assert run.lines.filter(reason="quota_reached", state=LineState.SKIPPED).count() == 30


# --- the plan is the contract -------------------------------------------------------------------------


def test_a_draft_does_nothing(directory: LuccaAccount, ada: User) -> None:
    planned(directory, ada)
    assert not Link.objects.exists()


def test_whom_a_reading_adds_while_the_plan_is_made_is_planned_once(directory: LuccaAccount, ada: User) -> None:
    late = {"account": directory, "lucca_id": "9999", "email": "late@acme.example", "email_key": "late@acme.example"}

    def add_somebody(execute: Callable[..., Any], sql: str, *others: Any) -> Any:
        """Right before it is asked who is not linked."""
        if sql.startswith("SELECT") and "lucca_link" in sql and "lucca_directoryemployee" in sql and late:
            columns = dict(late)
            late.clear()
            DirectoryEmployee.objects.create(**columns, first_seen_at=clock.now())
        return execute(sql, *others)

    with connection.execute_wrapper(add_somebody):
        run = planned(directory, ada)
    assert not late
    assert run.lines.filter(lucca_id="9999").count() == 1
    assert run.lines.count() + run.unchanged == 41


def test_a_line_whose_facts_changed_meanwhile_is_not_carried_out(
    simulator: Simulator, directory: LuccaAccount, ada: User
) -> None:
    run = planned(directory, ada)
    first, second, *_ = simulator.company.employees.values()
    first.mail = "moved@acme.example"
    second.mail = None
    reading(directory, ada)
    carried_out(run, ada)
    stale = set(RunLine.objects.filter(run=run, state=LineState.STALE).values_list("lucca_id", flat=True))
    assert stale == {str(first.id), str(second.id)}
    assert Link.objects.count() == 38


def test_an_account_made_by_hand_meanwhile_is_neither_doubled_nor_linked_unasked(
    simulator: Simulator, directory: LuccaAccount, ada: User, acme: Space
) -> None:
    run = planned(directory, ada)
    employee = next(iter(simulator.company.employees.values()))
    user = a_user(acme, "Somebody")
    user.email = employee.mail
    user.save()
    carried_out(run, ada)
    assert run.lines.get(lucca_id=str(employee.id)).state == LineState.STALE
    assert not Link.objects.filter(user=user).exists()
    assert User.objects.filter(email_key=employee.mail.casefold()).count() == 1


@pytest.mark.parametrize(
    "later", [sync.OLD_FOR_AN_IMPORT + timedelta(seconds=1), -timedelta(hours=1)], ids=["old", "the clock stepped back"]
)
def test_an_import_reads_lucca_anew_when_what_is_known_is_old(
    simulator: Simulator, directory: LuccaAccount, import_all: ImportAll, later: timedelta
) -> None:
    before = len(calls(simulator))
    with clock.told(clock.now() + later):
        import_all(directory)
    assert len(calls(simulator)) == before + 2


@pytest.mark.requirement("R24")
def test_no_account_is_made_to_sign_in_by_an_sso_that_was_switched_off_since_the_plan(
    directory: LuccaAccount, ada: User
) -> None:
    Space.objects.update(sso_is_active=True)
    run = planned(directory, ada, notify=True, connection_mode=ConnectionMode.SSO)
    Space.objects.update(sso_is_active=False)
    carried_out(run, ada)
    assert (run.state, run.reason) == (RunState.STOPPED, "no_sso")
    assert not Mail.objects.exists()
    assert not User.objects.filter(connection_mode=ConnectionMode.SSO).exists()


@pytest.mark.requirement("R6")
def test_an_import_stops_when_the_integration_is_deactivated(directory: LuccaAccount, ada: User) -> None:
    run = planned(directory, ada, notify=True)
    sync.start_import(run=run, by=ada)
    deactivate(space=directory.space, integration="lucca", by=None)
    work()
    run.refresh_from_db()
    assert (run.state, run.reason) == (RunState.STOPPED, "deactivated")
    assert not Link.objects.exists()
    assert not Mail.objects.exists()


def test_another_lucca_starts_without_links_and_the_former_one_finds_its_own_again(
    directory: LuccaAccount, import_all: ImportAll, ada: User, acme: Space
) -> None:
    import_all(directory)
    users = User.objects.count()
    LuccaAccount.objects.update(host="other.ilucca.net")
    other = LuccaAccount.objects.get()
    assert not cards_side(other, lucca_side(importable(other)), places_left=None).linked
    LuccaAccount.objects.update(host=directory.host)
    run = import_all(LuccaAccount.objects.get())
    assert run.unchanged == 40
    assert User.objects.count() == users
