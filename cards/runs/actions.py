"""What people and schedules do with runs. Each says whether it was possible; none of them waits for a worker."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from cards import clock
from cards.audit.actions import record
from cards.runs import lease, turns
from cards.runs.doorbell import ring
from cards.runs.models import Asked, Run, RunState

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from cards.spaces.models import Space

PAUSABLE = (RunState.WAITING, RunState.RUNNING)


class Hindrance(models.TextChoices):
    """Why something asked of a run cannot be done."""

    NOT_READY = "not_ready", _("The plan is still being prepared.")
    STARTED = "started", _("It has already been started.")
    EXPIRED = "expired", _("The plan is too old to be started. Prepare it again.")
    NOT_RUNNING = "not_running", _("It is not running.")
    NOT_PAUSED = "not_paused", _("It is not paused.")
    ENDED = "ended", _("It has already ended.")


class NotPossible(Exception):
    """What was asked cannot be done with the run as it is now; `reason` says why, in words for the page."""

    def __init__(self, reason: Hindrance) -> None:
        super().__init__(reason.value)
        self.reason = reason


def create_run(
    *,
    space: "Space",
    by: "AbstractBaseUser | None",
    kind: str,
    subject: str,
    options: Mapping[str, Any],
    state: RunState = RunState.PREPARING,
) -> Run:
    """Make a run that prepares its plan (at once), or waits for its turn (WAITING: maybe now).

    A new plan replaces the older one that the same person made for the same subject.
    """
    with transaction.atomic():
        now = clock.shared()
        if state != RunState.WAITING:
            older = Run.objects.select_for_update().filter(
                created_by_id=by.pk if by else None,
                subject=subject,
                kind=kind,
                state__in=(RunState.PREPARING, RunState.DRAFT),
            )
            for draft in older:
                turns.end(draft, RunState.EXPIRED, now=now)
        run = Run.objects.create(
            space=space,
            created_by_id=by.pk if by else None,
            kind=kind,
            subject=subject,
            options=dict(options),
            state=state,
            created_at=now,
            started_at=now if state == RunState.WAITING else None,
        )
        if state == RunState.PREPARING:
            ring(run.pk, at=now)
        elif state == RunState.WAITING:
            turns.take_turn(run, now=now)
        run.refresh_from_db()
    return run


@contextmanager
def _locked(run: Run) -> Iterator[Run]:
    """The run as it is now, nobody else changing it meanwhile; `run` shows the result."""
    with transaction.atomic():
        yield Run.objects.select_for_update().select_related("space").get(pk=run.pk)
    run.refresh_from_db()


def _record(action: str, run: Run, by: "AbstractBaseUser | None") -> None:
    record(action, space=run.space, by=by, target=str(run.pk), kind=run.kind)


def start(*, run: Run) -> None:
    """Carry out the draft's plan, now or when its turn comes. Who asked for it records that, with what was chosen."""
    with _locked(run) as locked:
        now = clock.shared()
        if locked.state == RunState.PREPARING:
            raise NotPossible(Hindrance.NOT_READY)
        if locked.state == RunState.EXPIRED:
            raise NotPossible(Hindrance.EXPIRED)
        if locked.has_ended:
            raise NotPossible(Hindrance.ENDED)
        if locked.state != RunState.DRAFT:
            raise NotPossible(Hindrance.STARTED)
        if locked.next_at is not None and locked.next_at <= now:
            raise NotPossible(Hindrance.EXPIRED)
        Run.objects.filter(pk=run.pk).update(started_at=now)
        turns.take_turn(locked, now=now)


def pause(*, run: Run, by: "AbstractBaseUser | None") -> None:
    """Set the run aside: at once, or when the worker has finished the batch it is in (`run.asked` says so)."""
    with _locked(run) as locked:
        now = clock.shared()
        if locked.has_ended:
            raise NotPossible(Hindrance.ENDED)
        if locked.state not in PAUSABLE or locked.asked == Asked.CANCEL:
            raise NotPossible(Hindrance.NOT_RUNNING)
        if lease.is_held(locked, now=now):
            Run.objects.filter(pk=run.pk).update(asked=Asked.PAUSE)
        else:
            turns.pause(locked, now=now)
        _record("run_paused", locked, by)


def resume(*, run: Run, by: "AbstractBaseUser | None") -> None:
    """Let a paused run go on, now or when its turn comes; take back a pause that was asked for."""
    with _locked(run) as locked:
        if locked.has_ended:
            raise NotPossible(Hindrance.ENDED)
        if locked.state == RunState.PAUSED:
            turns.take_turn(locked, now=clock.shared())
        elif locked.asked == Asked.PAUSE:
            Run.objects.filter(pk=run.pk).update(asked="")
        else:
            raise NotPossible(Hindrance.NOT_PAUSED)
        _record("run_resumed", locked, by)


def cancel(*, run: Run, by: "AbstractBaseUser | None") -> None:
    """End the run, keeping what is done: at once, or when the worker has finished the batch it is in."""
    with _locked(run) as locked:
        now = clock.shared()
        if locked.has_ended:
            raise NotPossible(Hindrance.ENDED)
        if lease.is_held(locked, now=now):
            Run.objects.filter(pk=run.pk).update(asked=Asked.CANCEL)
        else:
            turns.end(locked, RunState.CANCELLED, now=now)
        _record("run_cancelled", locked, by)
