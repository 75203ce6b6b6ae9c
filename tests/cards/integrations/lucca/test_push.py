"""From what people learned to their files in Lucca: what it costs, what stays untouched, what each failure leaves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product
from math import ceil
from typing import Any

import pytest
from django.db import connection
from django.db.models.signals import post_save

from cards import clock
from cards.integrations.catalogue.models import Activation
from cards.integrations.lucca import connect, nights, statistics
from cards.integrations.lucca.field_plan import PushReason
from cards.integrations.lucca.models import DirectoryEmployee, Link, LuccaAccount, Receipt, StatisticsSettings
from cards.integrations.lucca.sync import StopReason
from cards.people.models import User
from cards.runs.engine import work_on
from cards.runs.models import Budget, LineState, Run, RunLine, RunState
from cards.spaces.models import Space
from cards.trainings.models import Status
from lucca_simulator.custom_data import Definition, define_trainings
from lucca_simulator.rights import Key
from tests.cards.integrations.lucca.conftest import connected_to, reading
from tests.cards.integrations.lucca.learning import World
from tests.lucca.test_writing import TWELVE

SIXTY, EIGHTY = "60\u00a0%", "80\u00a0%"


def reasons(run: Run) -> dict[str, int]:
    counted: dict[str, int] = {}
    for line in run.lines.exclude(reason=""):
        counted[line.reason] = counted.get(line.reason, 0) + 1
    return counted


# --- what is sent -----------------------------------------------------------------------------------


@pytest.mark.requirement("R3", "R40", "R59", "R60", "R61", "R62", "R63", "R64", "R78")
def test_the_file_of_a_linked_collaborator_shows_each_training_that_was_begun(world: World) -> None:
    fire, gdpr = world.training("Fire safety"), world.training("GDPR")
    [first, *_] = world.learn(fire, people=3, done=3, of=5, points=8)
    world.learn(gdpr, people=1, done=5, of=5, points=8)
    run = world.send()
    assert run.state == RunState.FINISHED
    acme = "https://acme.example/t"
    assert world.rows(first) == [
        ("Fire safety", f"{acme}/{fire.pk}/", SIXTY, EIGHTY, ""),
        ("GDPR", f"{acme}/{gdpr.pk}/", "100\u00a0%", EIGHTY, "2026-11-20"),
    ]
    assert not any(world.rows(link.lucca_id) for link in world.links[3:])


@pytest.mark.parametrize(("language", "day"), [("fr", "20/11/2026"), ("en", "2026-11-20")])
def test_the_day_is_written_as_the_space_writes_days(world: World, language: str, day: str) -> None:
    world.account.space.language = language
    world.account.space.save()
    [first] = world.learn(world.training(), people=1, done=5, of=5)
    world.send()
    assert world.rows(first)[0][2:] == ("100\u00a0%", "", day)


def test_who_has_begun_nothing_gets_no_row(world: World) -> None:
    [first] = world.learn(world.training(), people=1, done=0, of=5)
    world.send()
    assert world.rows(first) == []
    assert "PUT" not in world.calls()


def test_a_training_withdrawn_or_deleted_stays_as_it_was_sent(world: World) -> None:
    withdrawn, deleted, kept = world.training("One"), world.training("Two"), world.training("Three")
    for training in (withdrawn, deleted, kept):
        [first] = world.learn(training, people=1)
    world.send()
    withdrawn.status = Status.DRAFT
    withdrawn.title = "Not to be seen"
    withdrawn.save()
    deleted.delete()
    world.learn(kept, people=1, done=4)
    world.send()
    assert [row[0] for row in world.rows(first)] == ["One", "Two", "Three"]
    assert [row[2] for row in world.rows(first)] == [SIXTY, SIXTY, EIGHTY]


@pytest.mark.requirement("R74")
def test_other_codes_lead_to_other_fields(world: World) -> None:
    names = ("e_titre", "e_lien", "e_avancement", "e_note", "e_le")
    kinds = ("text", "hyperlink", "text", "text", "text")
    subfields = tuple(Definition(code, code, kind) for code, kind in zip(names, kinds, strict=True))
    world.simulator.company.catalogue.define(
        Definition("e_parcours", "Parcours", "compound", 1, is_multiple=True, subfields=subfields)
    )
    codes = dict(zip(("title", "link", "progress", "score", "completed_on"), names, strict=True))
    statistics.save_settings(world.account, is_on=True, codes={"compound": "e_parcours", **codes}, by=world.ada)
    [first] = world.learn(world.training(), people=1)
    assert world.send().state == RunState.FINISHED
    assert world.rows(first, "e_parcours")[0][0] == "Fire safety"


def test_codes_changed_later_bring_everything_to_the_new_field(world: World) -> None:
    [first] = world.learn(world.training(), people=1)
    world.send()
    define_trainings(world.simulator.company.catalogue, code="e_parcours", name="Parcours")
    statistics.save_settings(world.account, is_on=True, codes={"compound": "e_parcours"}, by=world.ada)
    world.send()
    assert len(world.rows(first, "e_parcours")) == 1


@pytest.mark.requirement("R74")
def test_back_at_a_former_compound_with_another_sub_field_everything_is_sent_to_it(world: World) -> None:
    catalogue = world.simulator.company.catalogue
    [first] = world.learn(world.training(), people=1, points=8)
    world.send()
    former = catalogue.definitions["e_formation"]
    subfields = (*former.subfields, Definition("e_note", "Note", "text"))
    catalogue.define(replace(former, subfields=subfields))
    other = tuple(replace(subfield) for subfield in subfields)
    catalogue.define(Definition("e_parcours", "Parcours", "compound", 1, is_multiple=True, subfields=other))
    for codes in ({"compound": "e_parcours"}, {"compound": "e_parcours", "score": "e_note"}, {"score": "e_note"}):
        statistics.save_settings(world.account, is_on=True, codes=codes, by=world.ada)
        world.send()
    assert world.rows(first)[0][5] == EIGHTY
    assert Receipt.objects.get(compound="e_formation").is_proven


@pytest.mark.requirement("R74")
def test_what_is_written_while_somebody_saves_other_codes_is_sent_anew_under_those(world: World) -> None:
    world.learn(world.training(), people=5)

    def save_codes(**_: object) -> None:
        post_save.disconnect(save_codes, sender=RunLine)
        statistics.save_settings(world.account, is_on=False, codes={"score": "e_note"}, by=world.ada)
        StatisticsSettings.objects.update(is_on=True)

    # Right after the first of them is written, in the middle of a group.
    post_save.connect(save_codes, sender=RunLine)
    world.send()
    assert list(Receipt.objects.values_list("is_proven", flat=True)) == [False] * 5


# --- what it costs ----------------------------------------------------------------------------------


@pytest.mark.requirement("R26", "R40", "R64", "R78")
@pytest.mark.parametrize("positions", TWELVE, ids=lambda positions: "-".join(positions.values()))
def test_m_changed_people_cost_m_writes_and_a_reading_for_twenty(world: World, positions: dict[str, str]) -> None:
    world.simulator.switch(**positions)
    training = world.training()
    world.learn(training, people=33)
    run = world.send()
    calls = world.calls()
    assert len(calls) <= 33 + 2 + 3
    assert run.lucca_calls == len(calls)
    world.learn(training, people=33, done=4)
    world.forget_calls()
    world.send()
    assert sorted(world.calls()) == ["GET"] * 2 + ["PUT"] * 33
    assert all(world.rows(link.lucca_id)[0][2] == EIGHTY for link in world.links[:33])


def test_nothing_changed_nothing_is_called_at_all(world: World) -> None:
    world.learn(world.training(), people=40)
    world.send()
    world.forget_calls()
    run = world.send()
    assert world.calls() == []
    assert (run.unchanged, run.total) == (40, 0)


def test_only_who_changed_is_written(world: World) -> None:
    training = world.training()
    world.learn(training, people=40)
    world.send()
    world.learn(training, people=world.links[7:9], done=4)
    world.forget_calls()
    world.send()
    assert world.calls() == ["GET", "PUT", "PUT"]


@pytest.mark.requirement("R26")
def test_at_forty_calls_a_minute_nobody_waits_between_being_read_and_being_written(world: World, settings: Any) -> None:
    """A minute is one reading of 39 people and their writes. Who does not fit is read in the next."""
    settings.CARDS_CALLS_PER_MINUTE = 40
    Budget.objects.all().delete()
    world.learn(world.training(), people=40)
    run = nights.send_now(world.account, by=world.ada)
    for _ in range(4):
        run.refresh_from_db()
        work_on(run.pk, run.task_id)
    run.refresh_from_db()
    assert world.calls() == ["GET", *["PUT"] * 39]
    assert (run.state, run.done) == (RunState.RUNNING, 39)
    world.see_through(run)
    assert world.calls()[40:] == ["GET", "PUT"]


@pytest.mark.requirement("R26")
@pytest.mark.parametrize("calls_made", [9, 20])
def test_calls_made_before_neither_hold_up_a_whole_group_nor_cut_one(
    world: World, settings: Any, calls_made: int
) -> None:
    settings.CARDS_CALLS_PER_MINUTE = 40
    now = clock.now().timestamp()
    Budget.objects.update_or_create(host=world.account.host, defaults={"calls": [now] * calls_made})
    world.learn(world.training(), people=40)
    run = nights.send_now(world.account, by=world.ada)
    for _ in range(4):
        run.refresh_from_db()
        work_on(run.pk, run.task_id)
    # Twenty people at least, or nobody yet.
    free = 40 - calls_made
    assert world.calls() == (["GET", *["PUT"] * (free - 1)] if free > 20 else [])
    world.see_through(run)
    assert sorted(world.calls()) == ["GET"] * 2 + ["PUT"] * 40


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("people", [2_000, 5_000])
def test_so_many_people_cost_a_reading_for_twenty_at_most(
    world: World, settings: Any, people: int, import_all: Callable[..., Run]
) -> None:
    simulator = world.simulator
    simulator.reset(employees=people + 100, with_faults=False, calls_per_minute=100_000, seed=2)
    define_trainings(simulator.company.catalogue)
    reading(world.account, world.ada, believe=True)
    import_all(world.account)
    settings.CARDS_CALLS_PER_MINUTE = 40
    Budget.objects.all().delete()
    training = world.training()
    linked = world.links[-people:]
    assert len(linked) == people
    world.learn(training, people=linked)
    world.forget_calls()
    run = world.send()
    calls = world.calls()
    assert (run.state, run.done, run.lucca_calls) == (RunState.FINISHED, people, len(calls))
    assert calls.count("PUT") == people
    assert len(calls) <= people + ceil(people / 20) + 3
    assert all(world.rows(link.lucca_id) for link in linked)
    world.forget_calls()
    world.send()
    assert world.calls() == []


def test_a_lucca_that_takes_too_long_for_a_group_is_asked_about_fewer_people(world: World) -> None:
    people = world.learn(world.training(), people=40)
    world.simulator.faults(kind="error", status=408, method="GET", count=2)
    assert world.send().state == RunState.FINISHED
    assert all(world.rows(lucca_id) for lucca_id in people)
    assert world.calls() == ["GET", "GET", *["GET", *["PUT"] * 5] * 8]


def test_a_file_at_which_lucca_fails_keeps_no_other_from_being_written(world: World) -> None:
    people = world.learn(world.training(), people=24)
    bad = people[7]
    world.simulator.faults(kind="error", status=500, person=bad)
    run = world.send()
    assert run.state == RunState.FINISHED
    assert [lucca_id for lucca_id in people if not world.rows(lucca_id)] == [bad]
    line = run.lines.get(lucca_id=bad)
    assert (line.state, line.reason) == (LineState.FAILED, PushReason.NOT_READ)
    # 20, 10, 5 (written), 5, 2 (written), 2 and the one; the call that shows that Lucca answers; the others at once.
    assert (world.calls().count("PUT"), world.calls().count("GET")) == (23, 9)
    assert run.lucca_calls == len(world.calls())
    world.simulator.clear_faults()
    world.send()
    assert world.rows(bad)


def test_a_lucca_that_fails_at_everything_is_silent_and_no_file_is_to_blame(world: World) -> None:
    world.learn(world.training(), people=2)
    world.simulator.faults(kind="error", status=500)
    run = world.send()
    assert (run.state, run.reason) == (RunState.STOPPED, StopReason.UNAVAILABLE)
    assert {line.state for line in run.lines.all()} == {LineState.PLANNED}


# --- what is not ours -------------------------------------------------------------------------------


@pytest.mark.requirement("R64", "R78")
@pytest.mark.parametrize("hypothesis", ["replace", "upsert"])
def test_rows_that_somebody_typed_in_lucca_stay(world: World, hypothesis: str) -> None:
    world.simulator.switch(multi_write=hypothesis)
    training = world.training()
    [first] = world.learn(training, people=1)
    foreign = world.put_by_hand(first)
    namesake = world.put_by_hand(first, title="Fire safety", link="https://other.example/")
    world.send()
    world.learn(training, people=1, done=4)
    world.send()
    assert world.rows(first)[:2] == [foreign, namesake]
    assert [row[2] for row in world.rows(first)[2:]] == [EIGHTY]


@pytest.mark.requirement("R78")
def test_a_row_is_found_again_when_the_host_of_the_space_and_the_title_have_both_changed(world: World) -> None:
    training = world.training()
    [first] = world.learn(training, people=1)
    namesake = world.put_by_hand(first, title="Fire safety", link="https://other.example/")
    world.send()
    training.title = "Fire safety 2027"
    training.save()
    world.account.space.host = "learn.acme.example"
    world.account.space.save()
    world.send()
    assert [row[0] for row in world.rows(first)] == [namesake[0], "Fire safety 2027"]
    assert "learn.acme.example" in world.rows(first)[1][1]


@pytest.mark.requirement("R78")
def test_a_row_of_a_restored_copy_is_found_again_when_the_host_of_the_space_has_changed(world: World) -> None:
    [first] = world.learn(world.training(), people=1)
    namesake = world.put_by_hand(first, title="Fire safety", link="https://other.example/")
    world.send()
    world.renumber(first)
    world.account.space.host = "learn.acme.example"
    world.account.space.save()
    world.send()
    assert [row[1].split("/")[2] for row in world.rows(first)] == ["other.example", "learn.acme.example"]
    assert world.rows(first)[0] == namesake


def test_a_row_removed_by_hand_comes_back_when_the_person_is_next_written(world: World) -> None:
    training = world.training()
    [first] = world.learn(training, people=1)
    world.send()
    world.simulator.company.employees[int(first)].custom = {}
    world.learn(training, people=1, done=4)
    world.send()
    assert [row[2] for row in world.rows(first)] == [EIGHTY]


@pytest.mark.requirement("R78")
def test_two_spaces_of_one_lucca_write_one_after_the_other(world: World, birch: Space, zoe: User) -> None:
    Activation.objects.create(space=birch, integration="lucca", activated_at=birch.created_at)
    account = connected_to(world.simulator, birch, zoe)
    shared = world.learn(world.training("Of Acme"), people=3)
    for lucca_id in shared:
        user = User.objects.create(space=birch, email=f"{lucca_id}@birch.example")
        Link.objects.create(space=birch, host=account.host, lucca_id=lucca_id, user=user, linked_at=clock.now())
    statistics.save_settings(account, is_on=True, codes={}, by=zoe)
    other = World(world.simulator, account, zoe)
    other.learn(other.training("Of Birch"), people=3)
    theirs = nights.send_now(account, by=zoe)
    ours = nights.send_now(world.account, by=world.ada)

    def in_the_midst(**_: object) -> None:
        post_save.disconnect(in_the_midst, sender=RunLine)
        calls = len(world.calls())
        theirs.refresh_from_db()
        work_on(theirs.pk, theirs.task_id)
        assert len(world.calls()) == calls

    # Right after the first file is written, the others of its group being read already.
    post_save.connect(in_the_midst, sender=RunLine)
    assert world.see_through(ours).state == RunState.FINISHED
    theirs.refresh_from_db()
    assert (theirs.state, theirs.lines.filter(state=LineState.PLANNED).count()) == (RunState.RUNNING, 3)
    assert other.see_through(theirs).state == RunState.FINISHED
    assert all({row[0] for row in world.rows(each)} == {"Of Acme", "Of Birch"} for each in shared)


# --- receipts ---------------------------------------------------------------------------------------


def test_a_receipt_says_what_lucca_holds_and_when_it_was_sent(world: World) -> None:
    training = world.training()
    [first] = world.learn(training, people=1, points=8)
    world.send()
    receipt = Receipt.objects.get()
    assert (receipt.lucca_id, receipt.training_id, receipt.is_proven) == (first, training.pk, True)
    assert (receipt.title, receipt.progress, receipt.score, receipt.completed_on) == ("Fire safety", SIXTY, EIGHTY, "")
    assert receipt.occurrence_id
    sent_at = receipt.sent_at
    world.see_through(nights.send_one(world.account, first, by=world.ada))
    receipt.refresh_from_db()
    assert receipt.sent_at == sent_at
    assert receipt.seen_at is not None
    assert receipt.sent_at is not None
    assert receipt.seen_at > receipt.sent_at


# --- each its outcome -------------------------------------------------------------------------------


def test_people_unlinked_left_or_not_shown_have_their_outcome_and_hinder_nobody(world: World, settings: Any) -> None:
    world.learn(world.training(), people=5)
    left, unlinked, unseen, *others = world.links[:5]
    long_ago = world.simulator.today() - timedelta(days=32)
    DirectoryEmployee.objects.filter(lucca_id=left.lucca_id).update(contract_end_on=long_ago)
    del world.simulator.company.employees[int(unseen.lucca_id)]
    run = nights.send_now(world.account, by=world.ada)
    settings.CARDS_SLICE_SECONDS = 0
    while not run.lines.exists():
        run.refresh_from_db()
        work_on(run.pk, run.task_id)
    # The plan is made; now somebody is unlinked.
    Link.objects.filter(pk=unlinked.pk).delete()
    world.see_through(run)
    assert run.state == RunState.FINISHED
    assert reasons(run) == {"left": 1, "not_shown": 1, "unlinked": 1}
    assert all(world.rows(other.lucca_id) for other in others)
    assert not any(world.rows(person.lucca_id) for person in (left, unlinked))


@pytest.mark.parametrize(("position", "reason"), [("refuse", "no_right"), ("ignore", "not_kept")])
def test_a_section_closed_to_the_key_stops_after_ten_in_vain(world: World, position: str, reason: str) -> None:
    world.simulator.switch(hidden_section=position)
    world.simulator.keys.keys[0] = Key("Cards", world.simulator.key, write_sections=set())
    world.learn(world.training(), people=30)
    run = world.send()
    assert (run.state, run.reason) == (RunState.STOPPED, reason)
    assert run.lines.filter(state=LineState.FAILED).count() == 10
    assert not Receipt.objects.filter(is_proven=True).exists()


def test_a_section_closed_to_the_key_is_told_at_the_end_when_few_were_to_be_written(world: World) -> None:
    world.simulator.switch(hidden_section="refuse")
    world.simulator.keys.keys[0] = Key("Cards", world.simulator.key, write_sections=set())
    world.learn(world.training(), people=3)
    run = world.send()
    assert (run.state, run.reason) == (RunState.STOPPED, "no_right")


@pytest.mark.requirement("R40", "R78")
@pytest.mark.parametrize("status", [400, 403])
def test_a_few_closed_files_keep_nobody_else_from_their_results(world: World, status: int) -> None:
    closed, others = world.links[:3], world.links[3:20]
    world.learn(world.training(), people=[*closed, *others])
    for link in closed:
        world.simulator.faults(kind="error", status=status, route=f"/api/v3/users/{link.lucca_id}", method="PUT")
    run = world.send()
    assert run.state == RunState.FINISHED
    assert run.lines.filter(state=LineState.FAILED).count() == 3
    assert all(world.rows(other.lucca_id) for other in others)


@pytest.mark.requirement("R41")
def test_fields_that_vanished_stop_the_run_and_hold_the_nights(world: World) -> None:
    world.learn(world.training(), people=30)
    world.simulator.company.catalogue.definitions.pop("e_formation")
    run = world.send()
    assert (run.state, run.reason) == (RunState.STOPPED, "fields")
    assert not StatisticsSettings.objects.get().nights_go_on


def test_a_refused_key_stops_the_run_at_once(world: World) -> None:
    world.learn(world.training(), people=30)
    world.simulator.faults(kind="unauthorized")
    run = world.send()
    assert (run.state, run.reason) == (RunState.STOPPED, "refused")
    assert len(world.calls()) == 1


@pytest.mark.requirement("R10")
def test_switched_off_stops_what_is_under_way(world: World) -> None:
    world.learn(world.training(), people=30)
    run = nights.send_now(world.account, by=world.ada)
    statistics.save_settings(world.account, is_on=False, codes={}, by=world.ada)
    world.forget_calls()
    world.see_through(run)
    assert (run.state, run.reason) == (RunState.STOPPED, "switched_off")
    assert world.calls() == []


def disconnect(world: World) -> None:
    connect.disconnect(LuccaAccount.objects.get(), by=world.ada)


def deactivate(world: World) -> None:
    Activation.objects.filter(space=world.account.space).delete()


def switch_off(world: World) -> None:
    statistics.save_settings(world.account, is_on=False, codes={}, by=world.ada)


@pytest.mark.parametrize(
    ("act", "reason"),
    [(disconnect, "not_connected"), (deactivate, "deactivated"), (switch_off, "switched_off")],
)
def test_no_further_file_of_a_group_is_written_once_somebody_said_so(
    world: World, act: Callable[[World], None], reason: str
) -> None:
    people = world.learn(world.training(), people=20)

    def say_so(**_: object) -> None:
        post_save.disconnect(say_so, sender=RunLine)
        act(world)

    post_save.connect(say_so, sender=RunLine)
    run = world.send()
    assert (run.state, run.reason) == (RunState.STOPPED, reason)
    assert sum(bool(world.rows(lucca_id)) for lucca_id in people) == 1
    assert world.calls() == ["GET", "PUT"]


def test_what_is_kept_of_a_file_written_while_somebody_disconnects_is_ids_alone(world: World) -> None:
    [first] = world.learn(world.training(), people=1)
    told: list[object] = []

    def as_lucca_has_answered(execute: Callable[..., Any], *query: Any) -> Any:
        if "PUT" in world.calls() and not told:
            told.append(True)
            disconnect(world)
        return execute(*query)

    with connection.execute_wrapper(as_lucca_has_answered):
        world.send()
    assert world.rows(first)
    receipt = Receipt.objects.get()
    assert (receipt.title, receipt.progress, receipt.is_proven) == ("", "", False)


# --- faults -----------------------------------------------------------------------------------------

FAULTS: list[dict[str, Any]] = [
    {"kind": "reset", "moment": "after"},
    {"kind": "error", "moment": "after", "status": 500},
    {"kind": "truncated"},
    {"kind": "html", "moment": "after", "status": 200},
    {"kind": "throttle"},
    {"kind": "reset", "moment": "before"},
    {"kind": "error", "moment": "before", "status": 503},
    {"kind": "latency", "moment": "after", "seconds": 6.0},
]


# Every fault at the first, a middle and the last write, under both readings of what Lucca does with an array. The short
# suite takes each fault once; `make test-long` takes them all.
MATRIX = [
    pytest.param(
        fault,
        skip,
        hypothesis,
        id=f"{fault['kind']}-{fault.get('moment', '')}-{skip}-{hypothesis}",
        marks=() if number % 6 == turn % 6 else pytest.mark.long,
    )
    for turn, fault in enumerate(FAULTS)
    for number, (skip, hypothesis) in enumerate(product((0, 11, 24), ("replace", "upsert")))
]


@pytest.mark.parametrize(("fault", "skip", "hypothesis"), MATRIX)
def test_a_fault_in_a_write_loses_doubles_and_touches_nothing(
    world: World, fault: dict[str, Any], skip: int, hypothesis: str
) -> None:
    world.simulator.switch(multi_write=hypothesis)
    training = world.training()
    people = world.learn(training, people=25)
    foreign = {lucca_id: world.put_by_hand(lucca_id) for lucca_id in people}
    world.simulator.faults(method="PUT", skip=skip, count=1, **fault)
    assert world.send().state == RunState.FINISHED
    world.simulator.clear_faults()
    for lucca_id in people:
        assert world.rows(lucca_id)[0] == foreign[lucca_id]
        assert [row[2] for row in world.rows(lucca_id)[1:]] == [SIXTY]
    assert Receipt.objects.filter(is_proven=True).count() == 25
    world.forget_calls()
    world.send()
    assert "PUT" not in world.calls()


def test_a_write_that_stays_unknown_is_named_and_found_again_the_next_time(
    world: World,
) -> None:
    [first] = world.learn(world.training(), people=1)
    world.simulator.faults(kind="reset", moment="after", method="PUT", count=1)
    world.simulator.faults(kind="html", status=200, method="GET", skip=1, count=1)
    run = world.send()
    assert (run.state, run.reason) == (RunState.STOPPED, "unintelligible")
    assert not Receipt.objects.exists()
    world.simulator.clear_faults()
    world.forget_calls()
    world.send()
    assert world.calls() == ["GET"]
    assert len(world.rows(first)) == 1
    assert Receipt.objects.get().is_proven


def test_what_a_write_of_unknown_outcome_may_have_changed_is_read_again_before_it_is_believed(world: World) -> None:
    training = world.training()
    [first] = world.learn(training, people=1)
    world.send()
    world.learn(training, people=1, done=4)
    world.simulator.faults(kind="reset", moment="after", method="PUT", count=1)
    world.simulator.faults(kind="html", status=200, method="GET", skip=1, count=1)
    assert world.send().state == RunState.STOPPED
    assert world.rows(first)[0][2] == EIGHTY
    # As it was when the last receipt was written.
    world.learn(training, people=1)
    world.send()
    assert world.rows(first)[0][2] == SIXTY
