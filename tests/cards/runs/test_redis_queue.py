"""The queue in a Redis (`make test-redis`): rings are heard after their transaction, and a lost one costs a moment."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from cards import clock
from cards.people.sender import deliver
from cards.runs.doorbell import is_heard, ring
from cards.runs.models import Run
from tests.cards.runs.conftest import Workers, end_state, has_ended, started, undisturbed, until

pytestmark = [
    pytest.mark.skipif(not settings.CARDS_QUEUE_URL, reason="needs a Redis: make test-redis"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]


def test_a_ring_is_handed_over_when_its_transaction_is_committed_and_never_otherwise(
    ledger: Callable[..., Run],
) -> None:
    run = ledger(lines=1)
    first = run.task_id
    with transaction.atomic():
        ring(run.pk, at=clock.now())
        run.refresh_from_db()
        assert run.task_id != first
        assert not is_heard(run)
        transaction.set_rollback(True)
    assert not is_heard(run)
    run.refresh_from_db()
    assert (run.task_id, is_heard(run)) == (first, True)
    assert not DBTaskResult.objects.exists()


def test_a_task_that_fails_is_one_line_and_what_its_error_says_is_kept_nowhere(
    capfd: pytest.CaptureFixture[str],
) -> None:
    import django_rq

    from cards.runs import redis_queue

    rung = deliver.using(run_after=clock.now()).enqueue("ada@acme.example")
    assert redis_queue.answer(1)
    told = capfd.readouterr()
    assert [json.loads(line)["event"] for line in told.err.splitlines()] == ["task_failed"]
    assert "ada@" not in told.err + told.out
    (result,) = django_rq.get_queue("default").fetch_job(rung.id).results()
    assert result.exc_string == ""


def test_a_redis_that_forgets_everything_costs_a_moment(ledger: Callable[..., Run], workers: Workers) -> None:
    import django_rq

    run = ledger(lines=300, pause=0.05)
    workers.start(2)
    started(run)
    for done in (50, 150):
        until(lambda done=done: run.refresh_from_db() or run.done >= done)
        django_rq.get_connection().flushall()
    until(has_ended(run))
    assert end_state(run) == undisturbed(300)


def test_while_redis_is_gone_work_can_be_asked_for_and_is_done_afterwards(
    ledger: Callable[..., Run], workers: Workers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(settings.RQ_QUEUES["default"], "URL", f"unix://{tmp_path / 'nobody'}")
        run = ledger(lines=20)
    assert not is_heard(run)
    workers.start()
    started(run)
    until(has_ended(run))
    assert end_state(run) == undisturbed(20)
