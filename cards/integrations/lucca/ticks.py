"""Unticking lines of a plan that waits for a person's word, and ticking them again: only what is ticked is done."""

from django.db import transaction
from django.db.models import Q, QuerySet

from cards.integrations.lucca.apply_groups import GROUP_ACTIONS
from cards.runs.actions import Hindrance, NotPossible
from cards.runs.models import LineState, Run, RunLine, RunState
from cards.runs.tallied import forget

OF_GROUPS = Q(action__in=GROUP_ACTIONS)


@transaction.atomic
def tick(*, run: Run, lines: QuerySet[RunLine], ticked: bool) -> int:
    """Tick or untick these lines of a draft; how many changed. NotPossible once it is no draft any more.

    A department's group and the people who would join it go together: without the group nobody can join, and
    whoever is ticked again brings the group back.
    """
    locked = Run.objects.select_for_update().get(pk=run.pk)
    if locked.state != RunState.DRAFT:
        raise NotPossible(Hindrance.ENDED if locked.has_ended else Hindrance.STARTED)
    changed = _tick(locked, lines, ticked=ticked)
    forget(locked)
    locked.save(update_fields=["total", "memory"])
    run.refresh_from_db()
    return changed


def leave_out_as_in(run: Run, former: int) -> None:
    """Untick in a new plan what was unticked in the run `former`; the caller saves `total`."""
    unticked = RunLine.objects.filter(run=former, state=LineState.UNTICKED)
    groups = OF_GROUPS & Q(lucca_id__in=unticked.filter(OF_GROUPS).values("lucca_id"))
    people = ~OF_GROUPS & Q(lucca_id__in=unticked.exclude(OF_GROUPS).values("lucca_id"))
    _tick(run, run.lines.filter(groups | people), ticked=False)


def _tick(run: Run, lines: QuerySet[RunLine], *, ticked: bool) -> int:
    wanted, other = (LineState.PLANNED, LineState.UNTICKED) if ticked else (LineState.UNTICKED, LineState.PLANNED)
    changing = set(lines.filter(run=run, state=other).values_list("pk", flat=True))
    chosen = run.lines.filter(pk__in=changing)
    departments = list(chosen.filter(OF_GROUPS).values_list("lucca_id", flat=True))
    joining = run.lines.exclude(OF_GROUPS).filter(state=other, facts__joins__in=departments)
    changed = _set(run, changing | set(joining.values_list("pk", flat=True)), wanted)
    if ticked:
        joined = set(chosen.exclude(OF_GROUPS).values_list("facts__joins", flat=True)) - {None}
        groups = run.lines.filter(OF_GROUPS, state=other, lucca_id__in=joined)
        changed += _set(run, set(groups.values_list("pk", flat=True)), wanted)
    run.total = run.lines.filter(state=LineState.PLANNED).count()
    return changed


def _set(run: Run, lines: set[int], state: LineState) -> int:
    return run.lines.filter(pk__among=lines).update(state=state)
