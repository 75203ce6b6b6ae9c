"""The nights: one push per Paris day and account, cut at seven, stopped after three refusals."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cards import clock
from cards.audit.models import Entry
from cards.integrations.catalogue.models import Activation
from cards.integrations.lucca import connect, nights, statistics, sync
from cards.integrations.lucca.address import Address
from cards.integrations.lucca.models import Link, LuccaAccount, Night, Receipt, StatisticsSettings
from cards.integrations.lucca.schedule import closes_at, due_at, paris_day
from cards.integrations.lucca.sync import StopReason
from cards.people.letters import letter
from cards.people.models import Group, Mail, MailKind, User
from cards.runs.engine import work_on
from cards.runs.lease import WORKED_ON
from cards.runs.models import LineState, Run, RunLine, RunState
from cards.runs.tick import tick
from lucca_simulator.custom_data import define_trainings
from lucca_simulator.rights import Key
from tests.cards.integrations.lucca.conftest import reading, work
from tests.cards.integrations.lucca.learning import World
from tests.cards.integrations.lucca.test_departments import department_of, hire

# A night that is still to come, whenever the tests run: no reading of today is the one that it begins with.
DAY = paris_day(clock.now()) + timedelta(days=1)


def begun(world: World, day: date = DAY) -> Run:
    """The push of that night, begun by the tick; the reading before it has ended."""
    with clock.told(due_at(world.account.pk, day)):
        tick(all_chores=True)
        for _ in range(50):
            reading = Run.objects.filter(kind=sync.REFRESH, state__in=WORKED_ON).first()
            if reading is None:
                return Run.objects.get(kind=nights.PUSH, options__night=day.isoformat())
            work_on(reading.pk, reading.task_id)
    raise AssertionError("the reading does not end")


def at_night(world: World, day: date = DAY) -> Run:
    """Let the tick begin that night and see it through."""
    run = begun(world, day)
    with clock.told(due_at(world.account.pk, day)):
        for _ in range(50):
            run.refresh_from_db()
            if run.has_ended:
                return run
            work_on(run.pk, run.task_id)
    raise AssertionError("the night does not end")


@pytest.mark.requirement("R77")
def test_a_night_sends_what_changed_and_nobody_has_to_ask(world: World) -> None:
    [first, *_] = world.learn(world.training(), people=3)
    run = at_night(world)
    assert (run.kind, run.state, run.created_by) == ("push", RunState.FINISHED, None)
    assert world.rows(first)


@pytest.mark.requirement("R40", "R78")
def test_the_results_of_the_last_working_day_reach_the_file(world: World) -> None:
    world.simulator.company.employees[int(world.links[0].lucca_id)].ends_on = DAY - timedelta(days=1)
    reading(world.account, world.ada)
    [first] = world.learn(world.training(), people=1, done=5, of=5)
    at_night(world)
    assert world.rows(first)


def test_files_that_are_closed_each_night_are_written_last_and_never_end_the_nights(world: World) -> None:
    closed, later = world.links[:3], world.links[3:6]
    training = world.training()
    world.learn(training, people=[*closed, *world.links[6:]])
    for link in closed:
        world.simulator.faults(kind="error", status=403, route=f"/api/v3/users/{link.lucca_id}", method="PUT")
    for number in range(4):
        run = at_night(world, DAY + timedelta(days=number))
        assert run.state == RunState.FINISHED
    world.learn(training, people=later)
    run = at_night(world, DAY + timedelta(days=4))
    sent = run.lines.filter(action="send").order_by("position").values_list("lucca_id", flat=True)
    assert set(sent[:3]) == {link.lucca_id for link in later}
    assert all(world.rows(link.lucca_id) for link in later)
    assert StatisticsSettings.objects.get().nights_go_on


@pytest.mark.requirement("R39")
def test_the_directory_is_read_once_each_night_with_or_without_statistics(directory: LuccaAccount) -> None:
    noon = datetime.combine(DAY, time(12), UTC)
    # The clock was wrong, and was put right.
    Run.objects.update(created_at=noon + timedelta(days=365))
    for hours in range(72):
        with clock.told(noon + timedelta(hours=hours)):
            tick(all_chores=True)
            work()
            tick(all_chores=True)
    directory.refresh_from_db()
    assert Run.objects.filter(kind=sync.REFRESH, state=RunState.FINISHED).count() == 1 + 3
    assert directory.refresh_number == 1 + 3
    assert not Run.objects.filter(kind=nights.PUSH).exists()


def test_a_lucca_silent_at_night_is_asked_by_one_reading_at_its_own_pace(world: World) -> None:
    world.simulator.faults(kind="error", status=503)
    for minutes in range(3):
        with clock.told(due_at(world.account.pk, DAY) + timedelta(minutes=minutes)):
            tick(all_chores=True)
            reading = Run.objects.filter(kind=sync.REFRESH, state=RunState.RUNNING).get()
            if reading.next_at and reading.next_at <= clock.now():
                work_on(reading.pk, reading.task_id)
    assert len(world.calls()) <= 3


@pytest.mark.requirement("R77")
@pytest.mark.parametrize(
    ("kind", "status", "minutes", "state", "reason"),
    [
        ("error", 503, 30, RunState.FINISHED, ""),
        ("error", 503, 150, RunState.FINISHED, ""),
        ("error", 503, 300, RunState.STOPPED, "unavailable"),
        ("html", 200, 150, RunState.FINISHED, ""),
        ("html", 200, 300, RunState.STOPPED, "unintelligible"),
    ],
)
def test_a_lucca_that_is_down_for_a_part_of_the_night_gets_the_results_once_it_is_back(
    world: World, kind: str, status: int, minutes: int, state: RunState, reason: str
) -> None:
    [first] = world.learn(world.training(), people=1)
    due = due_at(world.account.pk, DAY)
    world.simulator.faults(kind=kind, status=status)
    for minute in range(int((closes_at(DAY) - due).total_seconds() / 60) + 2):
        if minute == minutes:
            world.simulator.clear_faults()
        with clock.told(due + timedelta(minutes=minute)):
            tick(all_chores=True)
            for run in Run.objects.filter(state__in=WORKED_ON, next_at__lte=clock.now()):
                work_on(run.pk, run.task_id)
    push = Run.objects.get(kind=nights.PUSH)
    assert (push.state, push.reason) == (state, reason)
    assert bool(world.rows(first)) is (state == RunState.FINISHED)
    # Five tries soon after one another, of the reading and of the push, then one every quarter of an hour.
    assert len(world.calls()) < 2 * 7 + 4 * 4 + 5


@pytest.mark.parametrize("what", ["doubted", "unintelligible"])
def test_a_reading_that_is_not_believed_or_fails_leaves_the_push_its_turn(world: World, what: str) -> None:
    people = world.learn(world.training(), people=2)
    if what == "doubted":
        for lucca_id in list(world.simulator.company.employees)[20:]:
            del world.simulator.company.employees[lucca_id]
    else:
        world.simulator.faults(kind="html", method="GET", count=1)
    run = at_night(world)
    world.account.refresh_from_db()
    assert (world.account.doubt is not None) is (what == "doubted")
    assert run.state == RunState.FINISHED
    assert all(world.rows(lucca_id) for lucca_id in people)


@pytest.mark.requirement("R77")
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), DAY], ids=["spring", "autumn", "coming"])
def test_whatever_the_clocks_do_a_day_has_one_night(world: World, day: date) -> None:
    """A tick every five minutes through the whole day, twice each, as two workers would."""
    moment = datetime.combine(day, datetime.min.time(), UTC) - timedelta(hours=3)
    for minutes in range(0, 30 * 60, 5):
        with clock.told(moment + timedelta(minutes=minutes)):
            nights.begin_nights()
            nights.begin_nights()
    begun = list(Night.objects.order_by("on").values_list("on", flat=True))
    assert begun == [day, day + timedelta(days=1)] or begun == [day]
    assert Run.objects.filter(kind="push", options__night=day.isoformat()).count() == 1


@pytest.mark.requirement("R77")
def test_the_database_holds_a_night_to_one_push(world: World) -> None:
    Night.objects.create(account=world.account, on=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Night.objects.create(account=world.account, on=DAY)
    assert nights.begin_night(world.account, DAY) is None
    assert not Run.objects.filter(kind="push").exists()


@pytest.mark.parametrize(
    ("moment", "is_begun"),
    [
        (due_at(0, DAY) - timedelta(minutes=1), False),
        (closes_at(DAY) - timedelta(minutes=1), True),
        (closes_at(DAY), False),
    ],
)
def test_a_night_is_caught_up_until_seven_and_not_after(world: World, moment: datetime, is_begun: bool) -> None:
    with clock.told(moment):
        nights.begin_nights()
    assert Night.objects.exists() is is_begun


@pytest.mark.requirement("R38")
@pytest.mark.parametrize("is_on", [True, False])
def test_no_night_imports_whoever_arrives_in_lucca(world: World, is_on: bool) -> None:
    statistics.save_settings(world.account, is_on=is_on, codes={}, by=world.ada)
    new = hire(world.simulator, department_of(world.simulator, "COM"))
    reading(world.account, world.ada)
    before = set(Run.objects.values_list("pk", flat=True))
    for number in range(2):
        for moment in (due_at(world.account.pk, DAY), closes_at(DAY), datetime.combine(DAY, time(13), UTC)):
            with clock.told(moment + timedelta(days=number)):
                tick(all_chores=True)
                work()
    assert set(Run.objects.exclude(pk__in=before).values_list("kind", flat=True)) == (
        {"refresh", "push"} if is_on else {"refresh"}
    )
    assert not Link.objects.filter(lucca_id=str(new.id)).exists()
    assert not User.objects.filter(email=new.mail).exists()
    assert not Group.objects.exists()


@pytest.mark.requirement("R10")
def test_nothing_is_begun_when_switched_off_stopped_or_not_activated(world: World) -> None:
    with clock.told(closes_at(DAY) - timedelta(minutes=1)):
        StatisticsSettings.objects.update(is_on=False)
        nights.begin_nights()
        StatisticsSettings.objects.update(is_on=True, stopped_at=clock.now())
        nights.begin_nights()
        StatisticsSettings.objects.update(stopped_at=None)
        Activation.objects.all().delete()
        nights.begin_nights()
        assert not Night.objects.exists()


@pytest.mark.requirement("R41")
def test_a_fault_of_the_fields_holds_the_night_until_lucca_is_seen_without_it(world: World) -> None:
    [first] = world.learn(world.training(), people=1)
    world.simulator.company.catalogue.definitions.pop("e_formation")
    statistics.save_settings(world.account, is_on=True, codes={}, by=world.ada)
    run = at_night(world)
    assert (run.state, run.reason) == (RunState.STOPPED, "fields")
    define_trainings(world.simulator.company.catalogue)
    assert at_night(world, DAY + timedelta(days=1)).state == RunState.FINISHED
    assert world.rows(first)


@pytest.mark.requirement("R41", "R77")
@pytest.mark.parametrize("trouble", [{"kind": "throttle"}, {"kind": "error", "status": 503}], ids=["busy", "silent"])
def test_a_night_waits_for_a_lucca_that_cannot_be_asked_yet_whether_its_fields_are_mended(
    world: World, trouble: dict[str, Any]
) -> None:
    [first] = world.learn(world.training(), people=1)
    world.simulator.company.catalogue.definitions.pop("e_formation")
    statistics.save_settings(world.account, is_on=True, codes={}, by=world.ada)
    define_trainings(world.simulator.company.catalogue)
    world.simulator.faults(route="*/userproperties", count=1, **trouble)
    assert world.see_through(begun(world)).state == RunState.FINISHED
    assert world.rows(first)


def test_at_seven_a_night_stops_and_the_rest_is_named_and_comes_first_next_night(world: World) -> None:
    world.learn(world.training(), people=40)
    run = begun(world)
    world.simulator.faults(kind="throttle", method="PUT", skip=25, count=1)
    with clock.told(closes_at(DAY) - timedelta(minutes=1)):
        work_on(run.pk, Run.objects.get(pk=run.pk).task_id)
    with clock.told(closes_at(DAY)):
        work_on(run.pk, Run.objects.get(pk=run.pk).task_id)
    run.refresh_from_db()
    assert (run.state, run.reason) == (RunState.STOPPED, "night_over")
    left_over = set(run.lines.filter(reason="night_over").values_list("lucca_id", flat=True))
    assert len(left_over) == 15
    assert run.lines.filter(state=LineState.DONE).count() == 25
    world.learn(world.training("GDPR"), people=40)
    following = at_night(world, DAY + timedelta(days=1))
    assert set(following.lines.order_by("position").values_list("lucca_id", flat=True)[:15]) == left_over
    assert Receipt.objects.filter(is_proven=True).count() == 80


def test_whom_a_night_did_not_reach_since_lucca_fell_silent_comes_first_next_night(world: World) -> None:
    world.learn(world.training(), people=40)
    run = begun(world)
    world.simulator.faults(kind="error", status=503, skip=25)
    for minutes in range(0, 240, 5):
        with clock.told(due_at(world.account.pk, DAY) + timedelta(minutes=minutes)):
            work_on(run.pk, Run.objects.get(pk=run.pk).task_id)
    run.refresh_from_db()
    assert (run.state, run.reason) == (RunState.STOPPED, "unavailable")
    not_reached = set(run.lines.filter(state=LineState.PLANNED).values_list("lucca_id", flat=True))
    assert 10 < len(not_reached) < 20
    world.simulator.clear_faults()
    world.learn(world.training("GDPR"), people=40)
    following = at_night(world, DAY + timedelta(days=1))
    sent = following.lines.order_by("position").values_list("lucca_id", flat=True)
    assert set(sent[: len(not_reached)]) == not_reached


def test_nights_of_former_months_are_forgotten_and_the_next_one_is_begun_once_all_the_same(world: World) -> None:
    for days in (0, 1, 31, 32, 400):
        Night.objects.create(account=world.account, on=DAY - timedelta(days=days))
    with clock.told(due_at(world.account.pk, DAY)):
        tick(all_chores=True)
    assert [(DAY - night.on).days for night in Night.objects.all()] == [0, 1, 31]
    assert not Run.objects.filter(kind="push").exists()


@pytest.mark.parametrize("kind", ["unauthorized", "closed section"])
def test_three_refused_nights_stop_the_nights_and_tell_the_owner_once(world: World, kind: str) -> None:
    world.learn(world.training(), people=2)
    if kind == "unauthorized":
        world.simulator.faults(kind="unauthorized")
    else:
        world.simulator.keys.keys[0] = Key("Cards", world.simulator.key, write_sections=set())
    for number in range(3):
        assert not Mail.objects.filter(kind=MailKind.NIGHTS_STOPPED).exists()
        at_night(world, DAY + timedelta(days=number))
    mail = Mail.objects.get(kind=MailKind.NIGHTS_STOPPED)
    assert Entry.objects.get(action="lucca.nights_stopped").actor is None
    assert mail.user == world.ada
    assert "no longer sent to Lucca" in letter(mail, world.ada).subject
    assert "https://acme.example/integrations/lucca/configuration/" in letter(mail, world.ada).body
    with clock.told(closes_at(DAY + timedelta(days=3)) - timedelta(minutes=1)):
        nights.begin_nights()
    assert Night.objects.count() == 3
    statistics.save_settings(world.account, is_on=True, codes={}, by=world.ada)
    assert StatisticsSettings.objects.get().nights_go_on


def test_a_night_that_went_well_between_two_refused_ones_starts_the_count_anew(world: World) -> None:
    world.learn(world.training(), people=2)
    for number in range(5):
        world.simulator.clear_faults()
        if number != 2:
            world.learn(world.training(f"Number {number}"), people=1)
            world.simulator.faults(kind="unauthorized")
        at_night(world, DAY + timedelta(days=number))
    assert StatisticsSettings.objects.get().stopped_at is None


def test_a_night_without_an_answer_between_refused_ones_says_neither_well_nor_ill(world: World) -> None:
    world.learn(world.training(), people=2)
    for number, kind in enumerate(("unauthorized", "unauthorized", "error", "unauthorized")):
        assert StatisticsSettings.objects.get().stopped_at is None
        world.simulator.clear_faults()
        world.simulator.faults(kind=kind)
        night = begun(world, DAY + timedelta(days=number))
        with clock.told(closes_at(DAY + timedelta(days=number)) - timedelta(minutes=1)):
            night = world.see_through(night)
        assert night.reason == (StopReason.NIGHT_OVER if kind == "error" else StopReason.REFUSED)
    assert StatisticsSettings.objects.get().stopped_at is not None


def test_a_new_key_lets_nights_begin_again_that_refusals_had_stopped(world: World) -> None:
    StatisticsSettings.objects.update(refused_nights=3, stopped_at=clock.now())
    address = Address(world.account.url, world.account.host)
    assert connect.save(world.account.space, world.account, address, None, by=None) == connect.Connection.WORKS
    assert StatisticsSettings.objects.get().stopped_at is not None
    connect.save(world.account.space, world.account, address, world.simulator.key, by=None)
    settings = StatisticsSettings.objects.get()
    assert (settings.stopped_at, settings.refused_nights) == (None, 0)


def test_each_night_reads_a_thirtieth_again_and_mends_what_was_changed_by_hand(world: World) -> None:
    people = world.learn(world.training(), people=40)
    world.send()
    for lucca_id in people[:20]:
        world.simulator.company.employees[int(lucca_id)].custom = {}
    for number in range(30):
        world.forget_calls()
        run = at_night(world, DAY + timedelta(days=number))
        # Two of them read the directory.
        assert world.calls().count("GET") <= 3
        assert run.state == RunState.FINISHED
    assert all(len(world.rows(lucca_id)) == 1 for lucca_id in people)


def test_no_night_reads_again_who_is_not_seen_any_more_or_left_long_ago(world: World) -> None:
    people = world.learn(world.training(), people=40)
    world.send()
    company = world.simulator.company
    for lucca_id in people[:3]:
        del company.employees[int(lucca_id)]
    for lucca_id in people[3:6]:
        company.employees[int(lucca_id)].ends_on = DAY - timedelta(days=40)
    for _ in range(2):
        reading(world.account, world.ada)
    for number in range(30):
        at_night(world, DAY + timedelta(days=number))
    read = RunLine.objects.filter(run__kind=nights.PUSH)
    assert not read.filter(state=LineState.FAILED).exists()
    assert set(read.values_list("lucca_id", flat=True)) == set(people[6:])


def test_what_is_under_way_is_a_push_or_a_removal_of_this_account(account: LuccaAccount, ada: User) -> None:
    def begun(kind: str, subject: str) -> Run:
        return Run.objects.create(
            space=account.space,
            created_by=ada,
            kind=kind,
            subject=subject,
            state=RunState.WAITING,
            created_at=clock.now(),
        )

    for kind in (nights.PUSH_NOW, nights.REMOVE):
        begun(kind, "lucca:0")
    begun(sync.REFRESH, account.subject)
    assert (nights.current_push(account), nights.current_removal(account)) == (None, None)
    push, removal = begun(nights.PUSH_NOW, account.subject), begun(nights.REMOVE, account.subject)
    assert (nights.current_push(account), nights.current_removal(account)) == (push, removal)
