"""Every address, asked for as everybody: who is let in is what the table of docs/roles.md says."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cards.integrations.lucca import nights
from cards.integrations.lucca.models import DirectoryEmployee
from cards.runs.models import Run, RunLine, RunState
from tests.cards.walk.filled import Filled
from tests.cards.walk.steps import Step, ask, steps
from tools.roles import PAGE, WHO

pytestmark = pytest.mark.django_db

ClientAs = Callable[[str], Client]
SIGN_IN = ("/account/login/?next=", "/operator/login/?next=")


def documented() -> dict[str, tuple[tuple[str, ...], set[str]]]:
    """Address → methods, whom it lets in."""
    table = {}
    for line in PAGE.read_text().splitlines():
        if line.startswith("| `"):
            address, methods, *ticks = [cell.strip() for cell in line.split("|")[1:-1]]
            may = {who for who, tick in zip(WHO, ticks, strict=True) if tick}
            table[address.strip("`")] = (tuple(methods.split(", ")), may)
    return table


def is_let_in(answer: Any) -> bool:
    """Whether somebody got as far as the view. A sign-in that the provider refuses is refused by us in a page."""
    if answer.status_code in (403, 404):
        return "sso/refused.html" in [template.name for template in answer.templates]
    return not answer.headers.get("Location", "").startswith(SIGN_IN)


def is_turned_away(answer: Any, who: str, step: Step) -> bool:
    """Whether somebody got what the document promises: a sign-in page, or 403."""
    if who == "stranger" or (step.address.is_operators and who != "operator"):
        # Signing out, where one is not signed in, leads to the first page, which leads on to the sign-in.
        at = "/operator/" if step.address.name == "admin:logout" else SIGN_IN[step.address.is_operators]
        return answer.status_code == 302 and bool(answer["Location"].startswith(at))
    return bool(answer.status_code == 403)


@pytest.mark.parametrize("who", WHO)
def test_every_address_lets_in_whom_the_table_says_and_nobody_else(
    who: str, filled: Filled, client_as: ClientAs
) -> None:
    table, client = documented(), client_as(who)
    faults = []
    for step in steps(filled):
        assert step.address.shown in table, f"{step.address.shown} is not in docs/roles.md: make roles"
        answer = ask(client, step, filled)
        is_right = is_let_in(answer) if who in table[step.address.shown][1] else is_turned_away(answer, who, step)
        if not is_right:
            faults.append(f"{step}: {answer.status_code} {answer.headers.get('Location', '')}")
    assert faults == []


def test_an_editor_cannot_start_taking_back_what_was_written_to_lucca_by_any_address(
    filled: Filled, client_as: ClientAs
) -> None:
    (removal,) = [run for run in filled.rows[Run] if run.kind == nights.REMOVE]
    client = client_as("editor")
    for name, status in (("lucca_change_push", 403), ("lucca_change_run", 404)):
        for wish in ("start", "pause", "resume", "cancel"):
            assert client.post(reverse(name, args=[removal.pk, wish])).status_code == status
    assert client.post(reverse("lucca_tick", args=[removal.pk])).status_code == 404
    assert client.get(reverse("lucca_run_csv", args=[removal.pk])).status_code == 404
    removal.refresh_from_db()
    assert removal.state == RunState.DRAFT


def test_the_page_of_a_collaborator_tells_of_imports_not_of_what_was_sent(filled: Filled, client_as: ClientAs) -> None:
    employee = filled.first(DirectoryEmployee)
    assert RunLine.objects.filter(lucca_id=employee.lucca_id, action="send").exists()
    page = client_as("owner").get(reverse("lucca_person", args=[employee.pk])).content.decode()
    assert page.count(reverse("lucca_run", args=[filled.first(Run).pk])) == 1
    assert "Account created" in page
