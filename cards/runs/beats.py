"""Workers say that they are there, so that the operator sees when none is."""

import os
import socket
import time
from datetime import timedelta

from cards import clock
from cards.runs.models import WorkerBeat

EVERY = 10.0
# One that said nothing for this long is no longer shown.
FORGOTTEN = timedelta(days=1)


class Heart:
    """The beat of this process. It is given up at the end, so that a worker that was stopped is not taken for lost."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.beaten = float("-inf")

    def beat(self) -> None:
        """Write that this worker is there, at most every ten seconds."""
        if time.monotonic() - self.beaten < EVERY:
            return
        self.beaten, now = time.monotonic(), clock.shared()
        WorkerBeat.objects.update_or_create(
            name=self.name, defaults={"seen_at": now}, create_defaults={"seen_at": now, "started_at": now}
        )

    def stop(self) -> None:
        WorkerBeat.objects.filter(name=self.name).delete()


def forget_lost() -> None:
    """Delete the beats of workers that are long gone."""
    WorkerBeat.objects.filter(seen_at__lt=clock.now() - FORGOTTEN).delete()
