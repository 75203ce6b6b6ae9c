"""What came of a run, in figures."""

import json
from collections.abc import Callable

import pytest
from django.core.management import call_command

from cards.runs.models import LineState, Run, RunLine
from cards.runs.queries import tallies
from cards.runs.report import report

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_report_of_a_run_counts_every_line(ledger: Callable[..., Run], capsys: pytest.CaptureFixture[str]) -> None:
    run = ledger(lines=0)
    Run.objects.filter(pk=run.pk).update(state="finished", unchanged=7, lucca_calls=2, worked_seconds=1.25)
    run.refresh_from_db()
    for position, (action, state, reason) in enumerate(
        [
            ("create", LineState.DONE, ""),
            ("create", LineState.DONE, ""),
            ("link", LineState.DONE, ""),
            ("create", LineState.UNTICKED, ""),
            ("skip", LineState.SKIPPED, "no_email"),
            ("skip", LineState.SKIPPED, "no_email"),
            ("create", LineState.STALE, "changed"),
        ]
    ):
        RunLine.objects.create(run=run, position=position, action=action, state=state, reason=reason, lucca_id="1")
    expected = {
        "run": run.pk,
        "kind": "ledger",
        "state": "finished",
        "counts": {"created": 2, "linked": 1, "unchanged": 7, "skipped": 3, "failed": 0, "stale": 1},
        "reasons": {"changed": 1, "no_email": 2},
        "lucca_calls": 2,
        "seconds": 1.25,
    }
    assert report(run, tallies(run)) == expected
    call_command("report", run.pk, "--json", "--space", "acme")
    assert json.loads(capsys.readouterr().out) == expected


@pytest.mark.parametrize(("state", "line"), [("stopped", LineState.DONE), ("finished", LineState.FAILED)])
def test_the_report_exits_with_a_failure_unless_the_run_finished_and_nothing_failed(
    ledger: Callable[..., Run], state: str, line: str
) -> None:
    run = ledger(lines=0)
    Run.objects.filter(pk=run.pk).update(state=state)
    RunLine.objects.create(run=run, position=0, action="create", state=line, lucca_id="1")
    with pytest.raises(SystemExit) as stopped:
        call_command("report", run.pk)
    assert stopped.value.code == 1
