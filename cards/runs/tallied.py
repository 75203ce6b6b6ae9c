"""How many lines of a run are of each action, state and reason: counted once while the run stands still and kept.

A hundred thousand lines take a while to count, and the page of a plan is opened again and again.
"""

from dataclasses import astuple
from typing import Any

from django.db import transaction

from cards.runs.models import ENDED, Run, RunState
from cards.runs.queries import tallies
from cards.runs.report import Tally

# In these states nothing but a person's word changes a line, and that word calls `forget`.
STILL = (RunState.DRAFT, *ENDED)
KEPT = "tallies"


def tallied(run: Run) -> list[Tally]:
    """The same as `tallies`, from what was kept where that holds."""
    if run.state not in STILL:
        return tallies(run)
    kept = run.memory.get(KEPT)
    if not kept or kept["of"] != run.state:
        kept = _keep(run)
    return [Tally(*each) for each in kept["all"]]


def forget(run: Run) -> None:
    """Lines are changing; the caller saves `memory`, in the transaction that changes them."""
    run.memory.pop(KEPT, None)


def _keep(run: Run) -> dict[str, Any]:
    with transaction.atomic():
        locked = Run.objects.select_for_update().get(pk=run.pk)
        kept = {"of": locked.state, "all": [astuple(tally) for tally in tallies(locked)]}
        if locked.state in STILL:
            locked.memory[KEPT] = kept
            locked.save(update_fields=["memory"])
    return kept
