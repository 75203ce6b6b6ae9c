"""The queue is a doorbell: a task says "look at this run" and nothing else, so losing or doubling one loses nothing."""

from datetime import datetime

from django.db import transaction
from django_tasks import TaskContext, TaskResultStatus, task
from django_tasks.exceptions import TaskResultDoesNotExist

from cards.runs.models import Run


@task(takes_context=True)
def work_on_run(context: TaskContext, run_id: int) -> None:
    """Somebody rang for this run."""
    from cards.runs.engine import work_on  # noqa: PLC0415 - the engine rings this bell, and the bell calls the engine

    work_on(run_id, context.task_result.id)


def ring(run_id: int, *, at: datetime) -> None:
    """Have the run worked on at `at`, by the new task alone: whoever holds an older one finds it is not theirs."""
    with transaction.atomic():
        # Tasks without a time sort behind all others, so one is always given.
        rung = work_on_run.using(run_after=at).enqueue(run_id)
        Run.objects.filter(pk=run_id).update(task_id=rung.id, next_at=at)


def is_heard(run: Run) -> bool:
    """Whether the run's task still waits in the queue, where every worker sees it."""
    if not run.task_id or not work_on_run.get_backend().supports_get_result:
        return False
    try:
        return bool(work_on_run.get_result(run.task_id).status == TaskResultStatus.READY)
    except TaskResultDoesNotExist:
        return False
