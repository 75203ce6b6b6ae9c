"""`lucca_check_fields` and `lucca_push_statistics`: what they print, what they exit with."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cards.integrations.lucca import statistics
from cards.integrations.lucca.models import StatisticsSettings
from tests.cards.integrations.lucca.learning import World


def run(*arguments: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit status and the JSON lines of a command for Acme."""
    out = io.StringIO()
    try:
        call_command(*arguments, "--space", "acme", "--json", stdout=out)
    except SystemExit as left:
        status = int(left.code or 0)
    else:
        status = 0
    return status, [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_fields_are_checked_line_by_line(world: World) -> None:
    status, lines = run("lucca_check_fields")
    assert status == 0
    assert lines[0] == {"field": "compound", "code": "e_formation", "standing": "right", "fault": None}
    world.simulator.company.catalogue.definitions.pop("e_formation")
    status, lines = run("lucca_check_fields")
    assert (status, lines) == (
        1,
        [{"field": "compound", "code": "e_formation", "standing": "wrong", "fault": "missing"}],
    )


def test_a_plan_asks_nothing_of_lucca_and_a_push_sends_it(world: World) -> None:
    world.learn(world.training(), people=3)
    world.learn(world.training("GDPR"), people=1)
    assert run("lucca_push_statistics", "--plan") == (0, [{"people": 3, "rows": 4, "unchanged": 37}])
    assert world.calls() == []
    status, [report] = run("lucca_push_statistics")
    assert (status, report["state"], report["counts"]["send"]) == (0, "finished", 3)
    assert run("lucca_push_statistics", "--plan") == (0, [{"people": 0, "rows": 0, "unchanged": 40}])


def test_only_one_collaborator_is_sent(world: World) -> None:
    first, second, third = world.learn(world.training(), people=3)
    assert run("lucca_push_statistics", "--only", second)[0] == 0
    assert [len(world.rows(lucca_id)) for lucca_id in (first, second, third)] == [0, 1, 0]


def test_a_push_that_failed_for_somebody_exits_with_one(world: World) -> None:
    [first] = world.learn(world.training(), people=1)
    del world.simulator.company.employees[int(first)]
    status, [report] = run("lucca_push_statistics")
    assert (status, report["reasons"]) == (1, {"not_shown": 1})


def test_wrong_usage_sends_nothing(world: World) -> None:
    for arguments in (["--only", "nobody"], []):
        if not arguments:
            statistics.save_settings(world.account, is_on=False, codes={}, by=world.ada)
        with pytest.raises(CommandError) as refused:
            call_command("lucca_push_statistics", "--space", "acme", *arguments)
        assert refused.value.returncode == 2
    assert StatisticsSettings.objects.get().is_on is False
