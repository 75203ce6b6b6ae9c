"""Whose turn it is: of the runs that share a subject one runs at a time, and the end of one starts the next.

Everything here is called inside a transaction that holds the lock of the run it changes.
"""

from datetime import datetime

from django.db import IntegrityError, transaction

from cards.runs.doorbell import ring
from cards.runs.kinds import kind_of
from cards.runs.models import Run, RunState


def take_turn(run: Run, *, now: datetime) -> None:
    """Let a run that was started go on: at once, or when the one before it has ended."""
    try:
        with transaction.atomic():
            Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING, reason="")
    except IntegrityError:  # one_running_run_per_subject
        Run.objects.filter(pk=run.pk).update(state=RunState.WAITING, reason="", task_id="", next_at=None)
    else:
        ring(run.pk, at=now)


def let_next(subject: str, *, now: datetime) -> None:
    """Give the turn, if it is free, to the run of this subject that has waited longest."""
    if Run.objects.filter(subject=subject, state=RunState.RUNNING).exists():
        return
    waiting = Run.objects.select_for_update(skip_locked=True).filter(subject=subject, state=RunState.WAITING)
    if run := waiting.order_by("started_at", "pk").first():
        take_turn(run, now=now)


def wait_for_word(run: Run, *, until: datetime) -> None:
    """Make the run a draft, which somebody may start until then."""
    Run.objects.filter(pk=run.pk).update(state=RunState.DRAFT, reason="", task_id="", next_at=until, asked="")


def pause(run: Run, *, now: datetime) -> None:
    """Set the run aside; it blocks nobody."""
    Run.objects.filter(pk=run.pk).update(state=RunState.PAUSED, reason="", task_id="", next_at=None, asked="")
    let_next(run.subject, now=now)


def end(run: Run, state: RunState, *, now: datetime, reason: str = "") -> None:
    """End the run, do what its kind does at the end, and let the next one start: all in one transaction."""
    run.state, run.reason, run.ended_at, run.next_at = state, reason, now, None
    run.task_id = run.asked = run.lease_holder = ""
    run.lease_until = None
    # Whoever still works on it is fenced out from here on.
    run.lease_token += 1
    run.save(
        update_fields=[
            "state", "reason", "ended_at", "next_at", "task_id", "asked", "lease_holder", "lease_until", "lease_token"
        ]
    )  # fmt: skip
    if on_end := kind_of(run).on_end:
        on_end(run)
    let_next(run.subject, now=now)
