"""Runs seen through without any worker, and looked at."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from cards import clock
from cards.audit.models import Entry
from cards.people.models import User
from cards.runs import actions, foreground, kinds, lease, queries, tick
from cards.runs.engine import Done
from cards.runs.kinds import Kind
from cards.runs.models import Run, RunState
from cards.spaces.models import Space
from tests.cards.runs.ledger.kinds import register_kinds

NIGHT = datetime(2026, 10, 25, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", {})
    register_kinds()


def a_run(space: Space, by: User, *, state: RunState = RunState.WAITING, lines: int = 0, subject: str = "s") -> Run:
    return actions.create_run(space=space, by=by, kind="ledger", subject=subject, options={"lines": lines}, state=state)


def test_a_run_is_seen_through_when_no_worker_comes(acme: Space, ada: User) -> None:
    run = a_run(acme, ada, state=RunState.PREPARING, lines=120)
    foreground.see_through(run)
    assert (run.state, run.total) == (RunState.DRAFT, 120)
    actions.start(run=run)
    foreground.see_through(run)
    assert (run.state, run.done) == (RunState.FINISHED, 120)


def test_a_run_that_waits_for_its_turn_is_seen_through_after_the_one_before_it(acme: Space, ada: User) -> None:
    first, second = a_run(acme, ada), a_run(acme, ada)
    assert queries.run_ahead_of(second) == first
    foreground.see_through(second)
    first.refresh_from_db()
    assert (first.state, second.state) == ("finished", "finished")
    assert queries.run_ahead_of(second) is None


def test_a_run_whose_worker_died_is_seen_through_when_its_lease_is_over(acme: Space, ada: User, settings) -> None:
    settings.CARDS_LEASE_SECONDS = 0.3
    run = a_run(acme, ada)
    lease.claim(run.pk, run.task_id)
    run.refresh_from_db()
    foreground.see_through(run)
    assert run.state == RunState.FINISHED


def test_a_long_wait_is_said_once_with_its_end_and_its_reason(
    acme: Space, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreground, "PATIENCE", timedelta(0))
    run = a_run(acme, ada)
    until = clock.shared() + timedelta(seconds=0.7)
    Run.objects.filter(pk=run.pk).update(next_at=until, reason="unavailable")
    said: list[str] = []
    foreground.see_through(run, say=said.append)
    assert said == [f"Run {run.pk} goes on at {until:%H:%M:%S} UTC (unavailable)."]
    assert run.state == RunState.FINISHED


def test_what_is_due_at_a_moment_is_done_and_reported(
    acme: Space, birch: Space, ada: User, monkeypatch, capsys
) -> None:
    monkeypatch.setattr(tick, "_chores", {})

    def night() -> None:
        """As a schedule does: once, when its moment has come."""
        if clock.now() >= NIGHT and not Run.objects.exists():
            for space in (acme, birch):
                actions.create_run(
                    space=space, by=None, kind="ledger", subject=space.slug, options={}, state=RunState.WAITING
                )

    tick.register_chore("night", night)
    call_command("run_due", at="2026-10-25T02:59+01:00")
    assert capsys.readouterr().out == ""
    call_command("run_due", "--json", "--space", "acme", at="2026-10-25T03:00+01:00")
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["kind"], line["state"]) for line in printed] == [("ledger", "finished")]
    assert Run.objects.get(space=birch).state == RunState.RUNNING


def test_a_moment_that_is_none_is_wrong_usage() -> None:
    with pytest.raises(CommandError) as refused:
        call_command("run_due", at="tomorrow")
    assert refused.value.returncode == 2


def test_progress_says_how_long_it_takes_at_the_pace_so_far_and_what_the_host_still_allows(
    acme: Space, ada: User
) -> None:
    kinds.register(Kind(name="ledger", label="", work=lambda _: Done(), calls_to=lambda _: ("host.example", 40)))
    with clock.told(NIGHT):
        run = a_run(acme, ada)
        assert queries.progress(run).seconds_left is None
    run.done, run.total = 25, 100
    with clock.told(NIGHT + timedelta(seconds=10)):
        assert queries.progress(run) == queries.Progress(done=25, total=100, seconds_left=30, calls_left_this_minute=40)
    run.state = RunState.PAUSED
    assert queries.progress(run).seconds_left is None


def test_who_paused_resumed_and_cancelled_a_run_is_in_the_audit_log(acme: Space, ada: User, eli: User) -> None:
    run = a_run(acme, ada, state=RunState.DRAFT)
    actions.start(run=run)
    actions.pause(run=run, by=eli)
    actions.resume(run=run, by=ada)
    actions.cancel(run=run, by=eli)
    log = Entry.objects.filter(target=str(run.pk), space=acme).exclude(action="ended").order_by("pk")
    assert list(log.values_list("action", "actor")) == [
        ("run_paused", eli.pk),
        ("run_resumed", ada.pk),
        ("run_cancelled", eli.pk),
    ]


def test_the_shared_clock_is_the_present_unless_it_is_told(db) -> None:
    before = datetime.now(UTC)
    assert before - timedelta(seconds=5) < clock.shared() < datetime.now(UTC) + timedelta(seconds=5)
    with clock.told(NIGHT):
        assert clock.shared() == clock.now() == NIGHT
