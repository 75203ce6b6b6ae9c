"""Workers say that they are there, so that the operator sees when none is."""

import os
import socket
import time
from datetime import datetime, timedelta

import structlog

from cards import clock, traces
from cards.runs.models import WorkerBeat

log = structlog.get_logger()

EVERY = 10.0
# Runs are due by the shared clock, and taken out of the queue by this process's own.
MAY_DIFFER = timedelta(seconds=5)
# One that said nothing for this long is no longer shown.
FORGOTTEN = timedelta(days=1)


class Heart:
    """The beat of this process. It is given up at the end, so that a worker that was stopped is not taken for lost."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.beaten = self.told = float("-inf")

    def beat(self) -> None:
        """Write that this worker is there, at most every ten seconds."""
        if time.monotonic() - self.beaten < EVERY:
            return
        self.beaten, now = time.monotonic(), clock.shared()
        self._compare(now)
        WorkerBeat.objects.update_or_create(
            name=self.name, defaults={"seen_at": now}, create_defaults={"seen_at": now, "started_at": now}
        )

    def _compare(self, shared: datetime) -> None:
        """Say each minute that this machine's clock differs: nothing else tells why what is due is left lying."""
        ahead = clock.now() - shared
        if abs(ahead) > MAY_DIFFER and self.beaten - self.told >= traces.TOLD_EVERY:
            self.told = self.beaten
            log.warning("clock_differs", seconds_ahead=round(ahead.total_seconds()))

    def stop(self) -> None:
        WorkerBeat.objects.filter(name=self.name).delete()


def forget_lost() -> None:
    """Delete the beats of workers that are long gone."""
    WorkerBeat.objects.filter(seen_at__lt=clock.now() - FORGOTTEN).delete()
