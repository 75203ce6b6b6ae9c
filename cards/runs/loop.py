"""The worker's loop: take what is due out of the queue, do the tick, wait a moment. It outlives a lost database."""

import gc
import time
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.db import Error, close_old_connections, connection
from django.utils.crypto import get_random_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker

from cards import traces
from cards.runs.beats import Heart
from cards.runs.starting import DATABASE_RETRY
from cards.runs.tick import tick

POLL = 0.2
TICK_EVERY = 2.0
# After so many tasks the tick has its turn, however full the queue is.
TASKS_AT_ONCE = 10


def work_until(is_told_to_stop: Callable[[], bool]) -> None:
    """Work on what is rung for until told to stop."""
    settle_down()
    worker_id = get_random_string(32)
    ticked = float("-inf")
    heart, outage = Heart(), traces.Outage("database")
    while not is_told_to_stop():
        try:
            heart.beat()
            worked = _answer(worker_id)
            if time.monotonic() - ticked >= TICK_EVERY:
                tick()
                ticked = time.monotonic()
        except Error as error:
            if not traces.is_away(error):
                raise
            outage.lasts(error)
            connection.close()
            time.sleep(DATABASE_RETRY)
        else:
            outage.ends()
            if not worked:
                time.sleep(POLL)
    with suppress(Error):
        heart.stop()


def settle_down() -> None:
    """Exempt what is loaded from the search for garbage: it stays, and looking through it took a tenth of an import."""
    gc.collect()
    gc.freeze()


def _answer(worker_id: str) -> bool:
    """Do up to TASKS_AT_ONCE tasks that are due; whether there were any."""
    close_old_connections()
    if settings.CARDS_QUEUE_URL:
        from cards.runs import redis_queue  # noqa: PLC0415 - its libraries are there only where it is used

        return redis_queue.answer(TASKS_AT_ONCE)
    worker = Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=POLL,
        batch=True,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=TASKS_AT_ONCE,
        worker_id=worker_id,
    )
    worker.run()
    return bool(worker._run_tasks)
