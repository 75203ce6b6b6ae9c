"""A line that the database refuses costs itself alone, however many are in its batch."""

from collections.abc import Sequence

import pytest
from django.db import DataError, OperationalError, connection
from django.test.utils import CaptureQueriesContext

from cards.integrations.lucca.apply import carry_out
from cards.people.models import User
from cards.runs import lease, lines
from cards.runs.actions import create_run
from cards.runs.engine import Work
from cards.runs.lines import NewLine, PlannedLine
from cards.runs.models import LineState, Run, RunState
from cards.spaces.models import Space

LINES = 300
BAD = {0, 137, 138, 299}


@pytest.fixture
def claimed(acme: Space, ada: User) -> Run:
    run = create_run(space=acme, by=ada, kind="import_users", subject="lucca:1", options={}, state=RunState.WAITING)
    new = [NewLine(action="create", lucca_id=str(number), label="", search_key="") for number in range(LINES)]
    lines.write(run, new, position=0)
    claimed = lease.claim(run.pk, run.task_id)
    assert claimed is not None
    return claimed


def act(run: Run, due: Sequence[PlannedLine]) -> None:
    """Does what it is told, and has the database refuse the bad ones after half of the work is done."""
    for line in due:
        line.state = LineState.DONE
    lines.note_outcomes(due)
    run.done += len(due)
    if BAD & {line.position for line in due}:
        raise DataError


def test_bad_lines_fail_and_every_other_is_done(claimed: Run) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert carry_out(Work(claimed), act)
    failed = set(claimed.lines.filter(state=LineState.FAILED).values_list("position", flat=True))
    assert failed == BAD
    assert claimed.lines.filter(state=LineState.DONE).count() == LINES - len(BAD)
    assert claimed.done == LINES
    assert len(queries) < 2 * LINES


def test_a_database_that_is_busy_is_not_the_lines_fault(claimed: Run) -> None:
    def act(run: Run, due: Sequence[PlannedLine]) -> None:
        raise OperationalError

    with pytest.raises(OperationalError):
        carry_out(Work(claimed), act)
    assert set(claimed.lines.values_list("state", flat=True)) == {LineState.PLANNED}
