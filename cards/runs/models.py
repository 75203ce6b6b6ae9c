"""A run, the work, and its lines, the plan it carries out."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    PREPARING = "preparing", _("Preparing")  # reading Lucca and making the plan
    DRAFT = "draft", _("Draft")  # the plan is shown and waits for a person's word
    WAITING = "waiting", _("Waiting")  # started; its turn has not come
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    FINISHED = "finished", _("Finished")
    STOPPED = "stopped", _("Interrupted")  # something that concerns the whole run made it end; `reason` says what
    CANCELLED = "cancelled", _("Stopped by hand")
    EXPIRED = "expired", _("Expired")  # a draft nobody started, or that a newer one replaced


ENDED = (RunState.FINISHED, RunState.STOPPED, RunState.CANCELLED, RunState.EXPIRED)
ACTIVE = (RunState.PREPARING, RunState.WAITING, RunState.RUNNING, RunState.PAUSED)


class Asked(models.TextChoices):
    PAUSE = "pause", _("Pausing")
    CANCEL = "cancel", _("Stopping")


class Run(models.Model):
    """One execution, watched and kept. It holds the state, the options, the progress and a lease."""

    space = models.ForeignKey("spaces.Space", models.CASCADE, related_name="runs")
    # What may be worked on by one run at a time ("lucca:7"); also how the runs of an account are found.
    subject = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=32)
    state = models.CharField(max_length=9, choices=RunState.choices)
    # Why it stopped, when there is more to say than the state does.
    reason = models.CharField(max_length=32, blank=True)
    options = models.JSONField(default=dict)
    # What a kind must remember from slice to slice (a page number, ids…); never personal data.
    memory = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    lucca_calls = models.PositiveIntegerField(default=0)
    # Seconds of work, without waiting.
    worked_seconds = models.FloatField(default=0)

    # The queue is a doorbell: the task that may work on this run, and when it is due (a draft: when it expires).
    task_id = models.CharField(max_length=64, blank=True)
    next_at = models.DateTimeField(null=True)
    # What a person asked for while a worker held the lease; the worker does it between two batches.
    asked = models.CharField(max_length=6, choices=Asked.choices, blank=True)
    # The lease: who works on it, the token that fences late writers out, and until when.
    lease_holder = models.CharField(max_length=128, blank=True)
    lease_token = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(state="running"), name="one_running_run_per_subject"
            ),
        ]
        indexes = [
            models.Index(fields=["space", "-created_at"], name="run_of_space"),
            models.Index(
                fields=["next_at"],
                condition=Q(state__in=["preparing", "draft", "waiting", "running"]),
                name="run_that_is_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED


class LineState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    UNTICKED = "unticked", _("Left out by hand")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Left out")  # the plan itself leaves it out; `reason` says why
    STALE = "stale", _("Changed since you looked")
    FAILED = "failed", _("Failed")


class RunLine(models.Model):
    """One line of a run's plan, and what came of it. What was to be done stays readable beside what was done."""

    # Under Meta stand indexes that begin with it.
    run = models.ForeignKey(Run, models.CASCADE, db_index=False, related_name="lines")
    position = models.PositiveIntegerField()
    # What should be done: an action of the run's kind ("create", "link"…), to whom (a Lucca id), with what.
    action = models.CharField(max_length=16)
    lucca_id = models.CharField(max_length=64)
    label = models.CharField(max_length=400)
    search_key = models.CharField(max_length=720, blank=True)
    facts = models.JSONField(default=dict)
    # Why it is left out, failed or stale: a value of the kind's Reason.
    reason = models.CharField(max_length=32, blank=True)
    state = models.CharField(max_length=8, choices=LineState.choices, default=LineState.PLANNED)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="line_position_once")]
        indexes = [models.Index(fields=["run", "state", "position"], name="line_by_state")]

    def __str__(self) -> str:
        return f"{self.action} {self.lucca_id}"


class Budget(models.Model):
    """The calls made to one host during the last 60 seconds, by all our processes together."""

    host = models.CharField(max_length=255, primary_key=True)
    # Seconds since the epoch, ascending: when each call ended; of one in flight, when it must have ended.
    calls = models.JSONField(default=list)
    # Lucca answered 429: nobody calls before this moment.
    closed_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.host


class WorkerBeat(models.Model):
    """A worker process that said it is there, and when it last did."""

    name = models.CharField(max_length=128, primary_key=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
