import pytest
from django.core.management import get_commands

from cards.cli import DJANGOS, WRONG_USAGE, Cards


def test_the_help_lists_what_a_host_needs(capsys: pytest.CaptureFixture[str]) -> None:
    Cards(["cards", "help"]).execute()
    listed = {
        line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("  ") and line[2] != " "
    }
    assert listed == {name for name, app in get_commands().items() if str(app).startswith("cards")} | {*DJANGOS}


def test_all_commands_are_told_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    Cards(["cards", "help", "--commands"]).execute()
    assert set(get_commands()) == set(capsys.readouterr().out.split())


def test_an_unknown_command_is_wrong_usage_and_the_nearest_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        Cards(["cards", "create_spac"]).execute()
    assert end.value.code == WRONG_USAGE
    assert "Did you mean create_space?" in capsys.readouterr().err
