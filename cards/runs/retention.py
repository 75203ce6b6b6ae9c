"""Runs of long ago, which go with their lines: whole runs, so that no undo ever sees half of one."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from cards.runs.models import ENDED, Run, RunLine

AT_ONCE = 20


def ended_before(moment: datetime) -> QuerySet[Run]:
    """Runs that ended before `moment`, but for those whose subject has work to do: that may be about them."""
    open_ones = Run.objects.filter(~Q(state__in=ENDED), subject=OuterRef("subject"))
    return Run.objects.filter(~Exists(open_ones), state__in=ENDED, ended_at__lt=moment)


def prune(moment: datetime) -> int:
    """Delete some of them, the oldest first, each in a transaction of its own; how many."""
    old = list(ended_before(moment).order_by("ended_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    for pk in old:
        with transaction.atomic():
            # Lines point to nothing that would have to be told.
            lines = RunLine.objects.filter(run=pk)
            lines._raw_delete(lines.db)
            Run.objects.filter(pk=pk).delete()
    return len(old)
