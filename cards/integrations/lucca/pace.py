"""How many people a push reads with one call, and when: nobody is read who cannot be written right after.

A minute holds so many calls and no more. Groups that do not fill it evenly are cut by a wait of most of a minute
between reading somebody and writing them, or leave calls unused (docs/decisions/a-night-is-a-row.md).
"""

from datetime import datetime, timedelta

from django.conf import settings

from cards import clock
from cards.integrations.lucca.connect import Calls, OutOfCalls
from cards.integrations.lucca.models import LuccaAccount
from cards.runs import budget
from cards.runs.engine import Work
from cards.runs.models import Budget, Run, RunState
from lucca import Throttled

# People whose rows one call reads at the least, as long as there are so many: M people cost M + ⌈M/20⌉ calls at most.
GROUP = 20
# Seconds that a group may wait in all for its calls, with its rows kept; what would take longer is read again.
PATIENCE = 15.0
# A group begins so much sooner than its calls are free, and waits for the first: a worker needs a moment to come, and
# no call takes exactly as long as the one before.
AHEAD = timedelta(seconds=2)
# How soon a push looks again whether another space's push to the same Lucca is between two slices.
A_MOMENT = timedelta(seconds=2)


def largest_group(limit: int) -> int:
    """How many people to read with one call, so that equal groups use up a minute of so many calls."""
    groups = max(1, limit // (GROUP + 1))
    return max(1, min(limit // groups - 1, 2 * GROUP))


def group_now(host: str, *, writes: int, seconds: float) -> int:
    """For how many of so many people to write the calls suffice that are free now, or will be in their turn.

    `seconds` is how long a call takes. Raises OutOfCalls, with the moment to come back at, when it is too few.
    """
    limit = settings.CARDS_CALLS_PER_MINUTE
    group = min(writes, largest_group(limit))
    begin = budget.next_free_at(host, limit=limit, group=group + 1, seconds=seconds) - AHEAD
    wait = begin - clock.shared()
    if wait <= timedelta(0):
        return group
    free = budget.calls_left(host, limit=limit) - 1
    if wait.total_seconds() > PATIENCE and free >= min(GROUP, group):
        return free
    raise OutOfCalls(begin)


def after_others(host: str, refusal: Throttled) -> datetime:
    """When to come back to a Lucca that takes no more calls though our share is not used up: others use the rest.

    As many of our own calls as a group needs must count no more. Sooner, the reading would find room, and no write.
    """
    return max(refusal.until, budget.next_free_at(host, limit=budget.calls_made(host), group=GROUP + 1))


def ask_for_fewer(work: Work, calls: Calls, **sizes: int) -> None:
    """Note in the run's memory the smaller size of the requests to come, after one that Lucca could not answer."""
    with work.batch():
        work.run.lucca_calls += calls.taken()
        work.run.memory |= sizes


def may_write(work: Work, account: LuccaAccount) -> bool:
    """Whether no other space writes at this Lucca now; if so, this run does until its slice ends.

    A file's rows are sent back as they were read before: what another wrote in between would be undone.
    """
    others = [each.subject for each in LuccaAccount.objects.filter(host=account.host).exclude(pk=account.pk)]
    if not others:
        return True
    with work.batch():
        # Its row is what two that ask at once meet at.
        Budget.objects.bulk_create([Budget(host=account.host)], ignore_conflicts=True)
        Budget.objects.select_for_update().get(host=account.host)
        at_work = Run.objects.filter(subject__in=others, state=RunState.RUNNING, lease_until__gt=clock.shared())
        work.run.memory["writes"] = not at_work.filter(memory__writes=True).exists()
    return bool(work.run.memory["writes"])
