"""The integration from the command line."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cards import clock
from cards.integrations.lucca import sync
from cards.integrations.lucca.models import DirectoryEmployee, Link, LuccaAccount
from cards.people.models import Mail, User
from cards.runs.models import Run, RunState
from cards.spaces.models import Space
from lucca_simulator import Simulator
from tests.cards.integrations.lucca.conftest import planned


def output(*words: str) -> dict[str, object]:
    """What `cards WORDS --json` prints."""
    out = StringIO()
    call_command(*words, "--json", stdout=out)
    printed: dict[str, object] = json.loads(out.getvalue())
    return printed


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch, simulator: Simulator) -> None:
    monkeypatch.setenv("THE_KEY", simulator.key)


def connect(url: str) -> dict[str, object]:
    return output("lucca_connect", "--space", "acme", "--url", url, "--key-env", "THE_KEY")


def test_a_space_is_connected_and_the_key_is_not_printed(activated: Space, simulator: Simulator, key: None) -> None:
    printed = connect(simulator.url)
    assert printed == {"connection": "works", "host": LuccaAccount.objects.get().host, "saved": True}


@pytest.mark.parametrize("url", ["https://acme.example", "not a url"])
def test_a_wrong_url_is_wrong_usage(activated: Space, key: None, url: str) -> None:
    with pytest.raises(CommandError) as error:
        connect(url)
    assert error.value.returncode == 2
    assert not LuccaAccount.objects.exists()


def test_a_refused_key_is_not_kept_and_the_exit_status_says_so(
    activated: Space, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THE_KEY", "wrong")
    with pytest.raises(SystemExit) as status:
        connect(simulator.url)
    assert status.value.code == 1
    assert not LuccaAccount.objects.exists()


@pytest.mark.parametrize("space", ["nowhere", "birch"])
def test_without_the_space_or_its_activation_nothing_is_done(
    birch: Space, simulator: Simulator, key: None, space: str
) -> None:
    with pytest.raises(CommandError) as error:
        output("lucca_connect", "--space", space, "--url", simulator.url, "--key-env", "THE_KEY")
    assert error.value.returncode == 2


def test_reading_and_importing_need_no_worker(account: LuccaAccount) -> None:
    assert output("lucca_refresh", "--space", "acme")["state"] == "finished"
    assert DirectoryEmployee.objects.count() == 40
    printed = output("lucca_import_users", "--space", "acme", "--notify")
    assert printed["state"] == "finished"
    assert printed["counts"] == {
        "created": 40, "linked": 0, "unchanged": 0, "skipped": 0, "failed": 0, "stale": 0
    }  # fmt: skip
    assert Mail.objects.count() == 40
    again = output("lucca_import_users", "--space", "acme", "--notify")
    assert again["counts"] == {
        "created": 0, "linked": 0, "unchanged": 40, "skipped": 0, "failed": 0, "stale": 0
    }  # fmt: skip


def test_a_plan_says_what_would_be_done_and_does_nothing(account: LuccaAccount, simulator: Simulator) -> None:
    simulator.reset(employees=240, with_faults=True)
    printed = output("lucca_import_users", "--space", "acme", "--plan")
    counts = simulator.state()["counts"]
    assert printed["state"] == "draft"
    assert printed["reasons"] == {
        "doubled_email": counts["with_doubled_mail"],
        "left": counts["former_employees"],
        "no_email": counts["without_mail"],
    }
    assert not Link.objects.exists()
    assert Run.objects.get(pk=printed["run"]).state == RunState.CANCELLED


def test_one_collaborator_is_imported_by_id(directory: LuccaAccount) -> None:
    wanted = DirectoryEmployee.objects.order_by("pk")[3]
    printed = output("lucca_import_users", "--space", "acme", "--only", wanted.lucca_id)
    assert printed["counts"]["created"] == 1  # type: ignore[index]
    assert Link.objects.get().lucca_id == wanted.lucca_id
    with pytest.raises(CommandError, match="Lucca shows no collaborator 999999"):
        output("lucca_import_users", "--space", "acme", "--only", "999999")


def test_a_run_that_lucca_refuses_ends_with_status_1(directory: LuccaAccount, simulator: Simulator) -> None:
    simulator.faults(kind="unauthorized")
    with pytest.raises(SystemExit) as status:
        output("lucca_refresh", "--space", "acme")
    assert status.value.code == 1
    assert Run.objects.filter(kind=sync.REFRESH).latest("pk").reason == "refused"


def test_sso_is_refused_where_the_space_has_none(account: LuccaAccount) -> None:
    with pytest.raises(CommandError, match="has no SSO"):
        output("lucca_import_users", "--space", "acme", "--connection-mode", "sso")


def test_a_plan_made_while_lucca_shows_too_little_says_so_beside_its_figures(
    directory: LuccaAccount, simulator: Simulator
) -> None:
    simulator.faults(kind="empty_page")
    LuccaAccount.objects.update(refreshed_at=clock.now() - sync.OLD_FOR_AN_IMPORT * 2)
    out, err = StringIO(), StringIO()
    call_command("lucca_import_users", "--space", "acme", "--plan", "--json", stdout=out, stderr=err)
    assert json.loads(out.getvalue())["counts"]["created"] == 40
    assert "Lucca says that it has 40 collaborators and shows only 0 of them." in err.getvalue()


def test_an_import_that_somebody_else_began_is_not_begun_again(directory: LuccaAccount, ada: User) -> None:
    run = planned(directory, ada)
    sync.start_import(run=run, by=ada)
    with pytest.raises(CommandError, match=f"under way already: run {run.pk}"):
        call_command("lucca_import_users", "--space", "acme")
    assert Run.objects.filter(kind=sync.IMPORT_USERS, state=RunState.CANCELLED).count() == 1
