"""The queue in a Redis instead of the database (CARDS_QUEUE_URL), for very large installations; imported only there.

A Redis that is gone or has forgotten everything loses rings, nothing else: the tick rings again.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import django_rq
import structlog
from django.core.checks import CheckMessage
from django.db import transaction
from django.utils import timezone
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id
from django_tasks_rq import Job, RQBackend
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import NoSuchJobError
from rq.job import JobStatus
from rq.registry import ScheduledJobRegistry
from rq.serializers import JSONSerializer

from cards import traces

log = structlog.get_logger()
outage = traces.Outage("queue")

# How long Redis keeps what it knows of a task that ended, or whose worker died.
KEPT_SECONDS = 3600


class CommittedBackend(RQBackend):
    """Hands a task over once its transaction is committed: whoever hears the bell must see why it rang."""

    def enqueue(self, task: Task[Any, Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> TaskResult[Any]:
        self.validate_task(task)
        result: TaskResult[Any] = TaskResult(
            task=task,
            id=get_random_id(),
            status=TaskResultStatus.READY,
            enqueued_at=None,
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
        transaction.on_commit(partial(_hand_over, result))
        return result

    def _get_job(self, result_id: str) -> Job | None:
        try:
            job: Any = Job.fetch(result_id, connection=django_rq.get_connection(), serializer=JSONSerializer)
        except NoSuchJobError:
            return None
        return job if isinstance(job, Job) else None

    def check(self, **kwargs: Any) -> Iterable[CheckMessage]:
        # RQ's would have its pages in the operator's; they are not needed.
        return BaseTaskBackend.check(self, **kwargs)


class _Worker(SimpleWorker):
    """Works in this process; who tells it to stop is ours to hear."""

    def _install_signal_handlers(self) -> None:
        """Leave the signals as they are."""

    def handle_exception(self, _job: Any, *exc_info: Any) -> None:
        """Tell it as the other queue does. RQ would print what the error says, over many lines."""
        traces.task_failed(exc_info[1])

    def handle_job_failure(self, *args: Any, **options: Any) -> None:
        """Keep that it failed, and not what its error says."""
        super().handle_job_failure(*args, **options | {"exc_string": ""})


def answer(at_most: int) -> bool:
    """Do up to so many tasks that are due; whether there were any."""
    try:
        queue = _queue()
        _let_in(queue)
        outage.ends()
        if queue.is_empty():
            return False
        worker = _Worker([queue], connection=queue.connection, job_class=Job, serializer=JSONSerializer)
        worker.work(burst=True, max_jobs=at_most, logging_level="WARNING")
    except RedisError as error:
        outage.lasts(error)
        return False
    return True


def _queue() -> Queue:
    queue: Queue = django_rq.get_queue("default", job_class=Job)
    return queue


def _waiting(queue: Queue) -> Any:
    """The tasks that wait for their moment."""
    return ScheduledJobRegistry(queue=queue)  # type: ignore[no-untyped-call]


def _hand_over(result: TaskResult[Any]) -> None:
    """Put the task among those that wait for their moment. (RQ's own way knows whole seconds only.)"""
    try:
        queue = _queue()
        job = queue.create_job(
            result.task.module_path,
            args=result.args,
            kwargs=result.kwargs,
            job_id=result.id,
            status=JobStatus.SCHEDULED,
            timeout=-1,
            result_ttl=KEPT_SECONDS,
            failure_ttl=KEPT_SECONDS,
            meta={"backend_name": result.backend},
        )
        due = (result.task.run_after or timezone.now()).timestamp()
        with queue.connection.pipeline() as pipeline:
            job.save(pipeline=pipeline)
            pipeline.zadd(_waiting(queue).key, {job.id: due})
            pipeline.execute()
    except RedisError as error:
        log.warning("ring_lost", error=type(error).__name__)


def _let_in(queue: Queue) -> None:
    """Let tasks whose moment has come into the queue; done by two workers at once, one rings in vain."""
    waiting = _waiting(queue)
    ids = waiting.get_jobs_to_schedule(time.time())
    with queue.connection.pipeline() as pipeline:
        for job_id, job in zip(ids, Job.fetch_many(ids, queue.connection, serializer=JSONSerializer), strict=True):
            if job is not None:
                queue.enqueue_job(job, pipeline=pipeline)
            pipeline.zrem(waiting.key, job_id)
        pipeline.execute()
