"""A run worked on slice by slice, in one process."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from select import select

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django_tasks_db.models import DBTaskResult

from cards import clock
from cards.people.models import User
from cards.runs import actions, kinds, lease, tick, turns
from cards.runs.actions import Hindrance, NotPossible
from cards.runs.doorbell import ring
from cards.runs.engine import Again, Done, Prepared, Stopped, Verdict, Work, stopping, work_on
from cards.runs.kinds import Kind
from cards.runs.lease import LeaseLost
from cards.runs.models import Asked, Run, RunState
from cards.spaces.models import Space
from tests.cards.runs.conftest import sqlite_file

in_the_database = pytest.mark.skipif(
    bool(settings.CARDS_QUEUE_URL), reason="looks into the queue that is in the database"
)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def ended() -> list[tuple[int, str]]:
    """The runs whose kind was told of their end, and the state they ended in."""
    return []


@pytest.fixture
def make(
    acme: Space, ada: User, ended: list[tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Run]]:
    """Make a run that does what it is given, at noon."""
    monkeypatch.setattr(kinds, "_kinds", {})

    def make(
        work: Callable[[Work], Verdict] = lambda _: Done(), *, state: RunState = RunState.WAITING, subject: str = "s"
    ) -> Run:
        name = f"kind {len(kinds._kinds)}"
        kinds.register(Kind(name=name, label=name, work=work, on_end=lambda run: ended.append((run.pk, run.state))))
        return actions.create_run(space=acme, by=ada, kind=name, subject=subject, options={}, state=state)

    with clock.told(NOON):
        yield make


def worked_on(run: Run) -> Run:
    run.refresh_from_db()
    work_on(run.pk, run.task_id)
    run.refresh_from_db()
    return run


def tasks_of(run: Run) -> list[str]:
    return [str(task.id) for task in DBTaskResult.objects.filter(args_kwargs__args=[run.pk]).order_by("enqueued_at")]


def test_a_run_that_is_done_is_finished_and_its_kind_is_told(make, ended) -> None:
    run = worked_on(make())
    assert (run.state, run.ended_at, run.lease_until, run.task_id) == (RunState.FINISHED, NOON, None, "")
    assert ended == [(run.pk, "finished")]


@in_the_database
def test_a_run_with_more_to_do_is_rung_for_the_moment_it_asked_for_and_keeps_its_progress(make) -> None:
    later = NOON + timedelta(seconds=30)

    def work(work: Work) -> Verdict:
        with work.batch():
            work.run.done += 1
            work.run.memory["page"] = work.run.done
        return Again(later) if work.run.done < 3 else Done()

    run = worked_on(make(work))
    assert (run.state, run.done, run.next_at, run.lease_until) == (RunState.RUNNING, 1, later, None)
    assert DBTaskResult.objects.get(pk=run.task_id).run_after == later
    assert worked_on(worked_on(run)).state == RunState.FINISHED
    assert run.memory == {"page": 3}


def test_a_prepared_run_becomes_a_draft_that_expires_after_an_hour(make, ended) -> None:
    run = worked_on(make(lambda _: Prepared(), state=RunState.PREPARING))
    assert (run.state, run.next_at) == (RunState.DRAFT, NOON + timedelta(hours=1))
    with clock.told(NOON + timedelta(minutes=59)):
        tick.tick()
    run.refresh_from_db()
    assert run.state == RunState.DRAFT
    with clock.told(NOON + timedelta(hours=1)):
        with pytest.raises(NotPossible) as refusal:
            actions.start(run=run)
        assert refusal.value.reason == Hindrance.EXPIRED
        tick.tick()
    run.refresh_from_db()
    assert run.state == RunState.EXPIRED
    assert ended == [(run.pk, "expired")]


def test_a_new_plan_replaces_the_older_one_of_the_same_person_subject_and_kind(make, acme, ada, eli) -> None:
    old = make(state=RunState.DRAFT)
    others = [
        actions.create_run(space=acme, by=eli, kind=old.kind, subject="s", options={}, state=RunState.DRAFT),
        actions.create_run(space=acme, by=ada, kind=old.kind, subject="other", options={}, state=RunState.DRAFT),
    ]
    actions.create_run(space=acme, by=ada, kind=old.kind, subject="s", options={})
    states = [Run.objects.get(pk=run.pk).state for run in (old, *others)]
    assert states == ["expired", "draft", "draft"]


def test_a_run_stops_with_the_reason_its_kind_gives(make, ended) -> None:
    run = worked_on(make(lambda _: Stopped("refused")))
    assert (run.state, run.reason) == (RunState.STOPPED, "refused")
    assert ended == [(run.pk, "stopped")]


def test_an_error_nobody_foresaw_stops_the_run_and_its_message_is_not_logged(make, capsys) -> None:
    def work(work: Work) -> Verdict:
        raise ValueError("ada@acme.example")

    run = worked_on(make(work))
    assert (run.state, run.reason) == (RunState.STOPPED, "unexpected")
    printed = "".join(capsys.readouterr())
    assert "ValueError" in printed
    assert "ada@" not in printed


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite calls it what it calls a busy database")
def test_a_run_waits_while_the_database_may_only_be_read(transactional_db, make, capsys) -> None:
    def work(work: Work) -> Verdict:
        with work.batch(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
            cursor.execute("UPDATE runs_run SET reason = ''")
        return Done()

    run = worked_on(make(work))
    assert (run.state, run.lease_until) == (RunState.RUNNING, None)
    (line,) = capsys.readouterr().err.splitlines()
    assert '"code": "25006", "event": "database_rests"' in line


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite ends nobody's transaction")
def test_a_worker_that_stood_still_in_a_transaction_goes_on_with_its_run(transactional_db, make, capsys) -> None:
    def work(work: Work) -> Verdict:
        with work.batch(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 1")
            # Until the server has said that it ended the session.
            select([connection.connection.fileno()], [], [])
            cursor.execute("SELECT 1")
        return Done()

    run = worked_on(make(work))
    assert (run.state, run.lease_until) == (RunState.RUNNING, None)
    (line,) = capsys.readouterr().err.splitlines()
    assert '"code": "25P03", "event": "database_rests"' in line


def test_one_run_of_a_subject_runs_at_a_time_and_the_end_of_one_starts_the_next(make) -> None:
    first, elsewhere = make(), make(subject="other")
    blocked, second = make(subject="other"), make()
    assert [run.state for run in (first, elsewhere, blocked, second)] == ["running", "running", "waiting", "waiting"]
    worked_on(first)
    blocked.refresh_from_db()
    assert blocked.state == RunState.WAITING
    assert worked_on(second).state == RunState.FINISHED


def test_the_turn_goes_to_the_run_that_was_started_first(make) -> None:
    running, draft, waiting = make(), make(state=RunState.DRAFT), make()
    with clock.told(NOON + timedelta(seconds=1)):
        actions.start(run=draft)
    worked_on(running)
    assert [Run.objects.get(pk=run.pk).state for run in (waiting, draft)] == [RunState.RUNNING, RunState.WAITING]


def test_a_paused_run_blocks_nobody_and_resumes_in_its_turn(make) -> None:
    first, second = make(), make()
    actions.pause(run=first, by=None)
    second.refresh_from_db()
    assert (first.state, second.state) == ("paused", "running")
    actions.resume(run=first, by=None)
    assert first.state == RunState.WAITING
    worked_on(second)
    assert worked_on(first).state == RunState.FINISHED


def test_a_pause_asked_for_while_a_worker_works_is_done_between_its_batches(make) -> None:
    def work(work: Work) -> Verdict:
        with work.batch():
            work.run.done += 1
        assert work.may_go_on()
        actions.pause(run=Run.objects.get(pk=work.run.pk), by=None)
        assert Run.objects.get(pk=work.run.pk).asked == Asked.PAUSE
        assert not work.may_go_on()
        with work.batch():
            work.run.done += 1
        return Again()

    run = worked_on(make(work))
    assert (run.state, run.done, run.asked) == (RunState.PAUSED, 2, "")


def test_a_cancelled_run_keeps_what_is_done(make, ended) -> None:
    def work(work: Work) -> Verdict:
        with work.batch():
            work.run.done += 1
        actions.cancel(run=Run.objects.get(pk=work.run.pk), by=None)
        return Again()

    run = worked_on(make(work))
    assert (run.state, run.done) == (RunState.CANCELLED, 1)
    assert ended == [(run.pk, "cancelled")]
    with pytest.raises(NotPossible) as refusal:
        actions.cancel(run=run, by=None)
    assert refusal.value.reason == Hindrance.ENDED


@pytest.mark.parametrize(
    ("state", "act", "reason"),
    [
        (RunState.PREPARING, actions.start, Hindrance.NOT_READY),
        (RunState.WAITING, actions.start, Hindrance.STARTED),
        (RunState.DRAFT, partial(actions.pause, by=None), Hindrance.NOT_RUNNING),
        (RunState.DRAFT, partial(actions.resume, by=None), Hindrance.NOT_PAUSED),
        (RunState.WAITING, partial(actions.resume, by=None), Hindrance.NOT_PAUSED),
    ],
)
def test_what_the_state_does_not_allow_is_refused_with_a_reason(make, state, act, reason) -> None:
    run = make(state=state)
    with pytest.raises(NotPossible) as refusal:
        act(run=run)
    assert refusal.value.reason == reason


def test_a_doubled_or_outdated_task_finds_that_the_run_is_not_its_own(make) -> None:
    calls = []

    def work(work: Work) -> Verdict:
        calls.append(work.run.pk)
        work_on(work.run.pk, Run.objects.get(pk=work.run.pk).task_id)
        return Again()

    run = make(work)
    first_task = run.task_id
    worked_on(run)
    work_on(run.pk, first_task)
    assert calls == [run.pk]


def test_a_batch_of_somebody_who_lost_the_lease_writes_nothing(make) -> None:
    def work(work: Work) -> Verdict:
        with work.batch():
            work.run.done = 1
        Run.objects.filter(pk=work.run.pk).update(lease_token=work.run.lease_token + 1)
        with pytest.raises(LeaseLost), work.batch():
            raise AssertionError
        with pytest.raises(LeaseLost):
            work.check()
        assert not work.may_go_on()
        return Done()

    run = worked_on(make(work))
    assert (run.state, run.done) == (RunState.RUNNING, 1)


def test_whoever_works_on_a_run_that_is_ended_meanwhile_is_not_wanted_and_writes_no_more(make, ended) -> None:
    def work(work: Work) -> Verdict:
        turns.end(Run.objects.get(pk=work.run.pk), RunState.EXPIRED, now=NOON)
        assert not work.is_wanted()
        with pytest.raises(LeaseLost), work.batch():
            raise AssertionError
        return Done()

    run = worked_on(make(work))
    assert run.state == RunState.EXPIRED
    assert ended == [(run.pk, "expired")]


def test_a_batch_that_fails_leaves_nothing_in_the_database_nor_on_the_run(make) -> None:
    def work(work: Work) -> Verdict:
        with contextlib.suppress(ZeroDivisionError), work.batch():
            work.run.done = 5
            work.run.memory["page"] = 9
            Space.objects.update(name="Changed")
            raise ZeroDivisionError
        assert (work.run.done, work.run.memory) == (0, {})
        with work.batch():
            work.run.done = 1
        return Done()

    run = worked_on(make(work))
    assert (run.done, run.memory, run.space.name) == (1, {}, "Acme")


def test_the_tick_rings_again_when_the_lease_ran_out_and_fences_its_holder_out(make) -> None:
    run = make()
    held = lease.claim(run.pk, run.task_id)
    assert held is not None
    assert held.lease_token == run.lease_token + 1
    tick.tick()
    run.refresh_from_db()
    assert run.lease_until is not None
    with clock.told(NOON + lease.duration()):
        tick.tick()
        with pytest.raises(LeaseLost):
            lease.renew(held)
        assert worked_on(run).state == RunState.FINISHED


@in_the_database
def test_the_tick_rings_again_when_the_task_was_lost_before_the_lease_was_taken(make) -> None:
    run = make()
    DBTaskResult.objects.filter(pk=run.task_id).update(status="RUNNING")
    tick.tick()
    assert len(tasks_of(run)) == 1
    with clock.told(NOON + tick.GRACE):
        tick.tick()
        tick.tick()
        assert len(tasks_of(run)) == 2
        assert worked_on(run).state == RunState.FINISHED


def test_a_wait_begun_before_the_clock_stepped_back_ends_all_the_same(make) -> None:
    run = make()
    with clock.told(NOON + timedelta(days=1)):
        ring(run.pk, at=clock.now() + timedelta(minutes=15))
    tick.tick()
    run.refresh_from_db()
    assert run.next_at == NOON


@in_the_database
def test_the_tick_lets_a_task_that_waits_in_a_long_queue_keep_its_place(make) -> None:
    run = make()
    with clock.told(NOON + timedelta(minutes=10)):
        tick.tick()
    assert tasks_of(run) == [run.task_id]


def test_a_lease_granted_before_the_clock_stepped_back_does_not_hold_the_run_for_ever(make) -> None:
    run = make()
    with clock.told(NOON + timedelta(days=1)):
        lease.claim(run.pk, run.task_id)
    tick.tick()
    assert worked_on(run).state == RunState.FINISHED


AGO, SOON = NOON - tick.GRACE, NOON + tick.GRACE


@pytest.mark.parametrize(
    ("state", "lease_until", "next_at", "is_overdue"),
    [
        (RunState.RUNNING, None, AGO, True),
        (RunState.PREPARING, None, AGO, True),
        (RunState.RUNNING, None, AGO + timedelta(seconds=1), False),
        (RunState.RUNNING, None, SOON, False),
        (RunState.RUNNING, None, NOON + tick.LONGEST_WAIT, False),
        (RunState.RUNNING, None, NOON + tick.LONGEST_WAIT + timedelta(seconds=1), True),
        (RunState.RUNNING, None, None, False),
        (RunState.RUNNING, SOON, AGO, False),
        (RunState.RUNNING, NOON, SOON, True),
        (RunState.WAITING, None, AGO, False),
        (RunState.PAUSED, None, AGO, False),
        (RunState.DRAFT, None, AGO, False),
    ],
)
def test_a_run_is_overdue_when_somebody_should_work_on_it_and_nobody_will(
    state: RunState, lease_until: datetime | None, next_at: datetime | None, is_overdue: bool
) -> None:
    run = Run(state=state, lease_until=lease_until, next_at=next_at)
    assert tick.is_overdue(run, now=NOON) == is_overdue


def test_the_tick_starts_a_waiting_run_whose_turn_came_while_nobody_looked(make) -> None:
    first, second = make(), make()
    other, blocked = make(subject="other"), make(subject="other")
    Run.objects.filter(pk=first.pk).update(state=RunState.FINISHED)
    tick.tick()
    states = [Run.objects.get(pk=run.pk).state for run in (second, other, blocked)]
    assert states == [RunState.RUNNING, RunState.RUNNING, RunState.WAITING]


def test_what_was_asked_of_a_worker_that_died_is_done_by_the_next(make) -> None:
    run = make()
    lease.claim(run.pk, run.task_id)
    actions.cancel(run=run, by=None)
    assert (run.state, run.asked) == (RunState.RUNNING, Asked.CANCEL)
    with clock.told(NOON + lease.duration()):
        tick.tick()
        assert worked_on(run).state == RunState.CANCELLED


def test_a_worker_that_is_told_to_stop_begins_nothing_more_and_leaves_the_run_to_the_next(make) -> None:
    run = make()
    stopping.set()
    try:
        assert worked_on(run).state == RunState.RUNNING
    finally:
        stopping.clear()
    assert run.lease_until is None
    assert worked_on(run).state == RunState.FINISHED


def test_a_chore_is_done_once_in_its_time_unless_all_are_asked_for(db, monkeypatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(tick, "_chores", {})
    monkeypatch.setattr(tick, "_done_at", {})
    tick.register_chore("often", lambda: done.append("often"))
    tick.register_chore("daily", lambda: done.append("daily"), every=timedelta(days=1))
    tick.tick()
    tick.tick()
    assert done == ["often", "daily", "often"]
    tick.tick(all_chores=True)
    assert done == ["often", "daily", "often", "often", "daily"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the database that is away is a file")
def test_a_tick_without_a_database_fails_once_and_not_at_each_chore(db, tmp_path, capsys) -> None:
    with sqlite_file(tmp_path / "nowhere" / "cards.sqlite3"), pytest.raises(OperationalError):
        tick.tick()
    assert capsys.readouterr().err == ""


def test_a_chore_that_fails_hinders_no_other(db, monkeypatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(tick, "_chores", {})
    tick.register_chore("first", lambda: done.append(str(1 // 0)))
    tick.register_chore("second", lambda: done.append("second"))
    tick.tick()
    assert done == ["second"]


@in_the_database
def test_expired_drafts_and_former_tasks_are_deleted_after_a_day_and_all_else_is_kept(make) -> None:
    finished = worked_on(make())
    expired, kept = make(state=RunState.DRAFT), make(state=RunState.PREPARING)
    turns.end(expired, RunState.EXPIRED, now=NOON)
    DBTaskResult.objects.filter(args_kwargs__args=[finished.pk]).update(status="RUNNING")
    DBTaskResult.objects.update(enqueued_at=NOON)
    tick.prune()
    assert (Run.objects.count(), DBTaskResult.objects.count()) == (3, 2)
    with clock.told(NOON + tick.KEPT + timedelta(seconds=1)):
        tick.prune()
    assert set(Run.objects.all()) == {finished, kept}
    assert tasks_of(kept) == [kept.task_id]
    assert tasks_of(finished) == []


def test_an_end_whose_kind_fails_does_not_half_happen(make, monkeypatch) -> None:
    run = make()
    waiting = make()

    def fail(run: Run) -> None:
        raise ZeroDivisionError

    kinds.register(Kind(name=run.kind, label="", work=lambda _: Done(), on_end=fail))
    with pytest.raises(ZeroDivisionError):
        turns.end(Run.objects.get(pk=run.pk), RunState.FINISHED, now=NOON)
    waiting.refresh_from_db()
    assert waiting.state == RunState.WAITING
