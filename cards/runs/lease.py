"""The lease: who works on a run, until when, and the token that keeps a late writer out.

A worker that was frozen wakes up believing in its lease. It cannot write, because every transaction of its begins
by renewing the lease under its token, and whoever took over has raised the token.
"""

import os
import socket
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from cards import clock
from cards.runs.models import Run, RunState

WORKED_ON = (RunState.PREPARING, RunState.RUNNING)
# Seconds that a lease may be shorter than it should be.
PATIENCE = 1.0


class LeaseLost(Exception):
    """Somebody else works on the run now, or nobody should: stop, and write nothing."""


def duration() -> timedelta:
    return timedelta(seconds=settings.CARDS_LEASE_SECONDS)


def is_held(run: Run, *, now: datetime) -> bool:
    """Whether somebody works on the run. A lease that ends too far ahead was granted before the clock stepped back."""
    return run.lease_until is not None and now < run.lease_until <= now + 2 * duration()


def claim(run_id: int, task_id: str) -> Run | None:
    """Take the lease for the holder of `task_id`; None if the run is not theirs to work on."""
    with transaction.atomic():
        # A locked row is a batch being written or a state being changed: if anything is lost, the tick rings again.
        run = Run.objects.select_for_update(skip_locked=True).filter(pk=run_id).first()
        if run is None or run.task_id != task_id or run.state not in WORKED_ON:
            return None
        now = clock.shared()
        if is_held(run, now=now):
            return None
        run.lease_holder = f"{socket.gethostname()}:{os.getpid()}"[:128]
        run.lease_token += 1
        run.lease_until = now + duration()
        run.save(update_fields=["lease_holder", "lease_token", "lease_until"])
    return run


def renew(run: Run) -> None:
    """Keep the lease for its whole duration from now. Raises LeaseLost.

    In a transaction this is also the fence: until it ends, nobody else can take the run.
    """
    ours = Run.objects.filter(pk=run.pk, lease_token=run.lease_token, lease_until__isnull=False)
    waited = PATIENCE
    while waited >= PATIENCE:
        # The moment is read before the row is ours: if that took long, it is read once more.
        asked, until = time.monotonic(), clock.shared() + duration()
        if not ours.update(lease_until=until):
            raise LeaseLost
        waited = time.monotonic() - asked
    run.lease_until = until
