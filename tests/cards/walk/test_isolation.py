"""Zoé, who owns a space of her own, walks every address with Acme's ids: she learns nothing and changes nothing."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from tests.cards.walk.conftest import CANARY
from tests.cards.walk.fields import FIELDS, IDS, LEFT_OUT, PAGING
from tests.cards.walk.filled import Filled
from tests.cards.walk.steps import MODELS, Step, steps, undone
from tests.cards.walk.watch import Asked, Writes, rows_about, text_of
from tools.isolation import path_to_space

pytestmark = pytest.mark.django_db

# An id of Acme's, or a word that is in everything of Acme's.
ACME = re.compile(rf"\b810\d{{6}}\b|{CANARY}", re.IGNORECASE)
WORD = re.compile(CANARY, re.IGNORECASE)
OPEN = "stranger"
# Tables of Django's admin and of allauth that lead to a space and stay empty for its people.
NEVER_USED = {"admin.LogEntry", "account.EmailAddress", "account.EmailConfirmation", "socialaccount.SocialToken"}


@pytest.fixture
def zoe(twin: Filled, client_class: type[Client]) -> Client:
    """Zoé's browser, at her own host."""
    client = client_class(SERVER_NAME=twin.space.host)
    client.force_login(twin.who("owner"))
    return client


class Watched:
    """A browser whose every request is undone, after a look at what it told and did of Acme."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.before = rows_about(ACME)
        self.writes = Writes()
        self.faults: list[str] = []
        self.acts = 0

    def ask(self, step: Step, fields: dict[str, object], *, host: str) -> Any:
        with undone(self.client), self.writes.noticed():
            send = self.client.post if step.method == "POST" else self.client.get
            answer = send(step.path, fields, SERVER_NAME=host)
            told = text_of(answer)
            for value in map(str, fields.values()):
                # What was typed may be said back.
                told = told.replace(value, "") if WORD.search(value) else told
            if WORD.search(told):
                self.faults.append(f"{step} with {fields} tells of Acme")
            self.acts += bool(self.writes.tables)
            for table, rows in rows_about(ACME, self.writes.tables).items():
                changed = sorted(self.before[table] ^ rows)
                self.faults += [f"{step} with {fields} touched {table} {row[:200]}" for row in changed]
        return answer


def test_every_table_of_a_space_s_has_a_row(filled: Filled) -> None:
    """What is not there cannot be told."""
    tables = {model for model in apps.get_models() if path_to_space(model)}
    assert {model._meta.label for model in tables - set(filled.rows)} == NEVER_USED


def ids_in(step: Step) -> list[str]:
    return [name for name in step.address.parameters if name in MODELS or name == "number"]


def mixed(filled: Filled, twin: Filled) -> Iterator[Step]:
    """Every address of a space with Acme's ids: all of them at once, and each among Zoé's own."""
    for step in steps(filled, every_word=True):
        names = ids_in(step)
        if names:
            yield step
        for name in names if len(names) > 1 else []:
            others = {each: row_of(twin, step, each) for each in names if each != name}
            yield Step(step.address, step.address.filled(step.values | others), step.method)


def row_of(filled: Filled, step: Step, name: str) -> object:
    """The twin of the id that stands at `name` in a step."""
    return int(str(step.values[name])) - 810_000_000 + filled.space.pk


def test_acme_s_ids_do_not_exist_at_zoe_s_host(filled: Filled, twin: Filled, zoe: Client) -> None:
    watched = Watched(zoe)
    for step in mixed(filled, twin):
        answer = watched.ask(step, {"group": IDS["group"](filled), "attempt": 1}, host=twin.space.host)
        # A session that is over already is not missed: one is led back to the list.
        if answer.status_code != (302 if step.address.name == "session_end" else 404):
            watched.faults.append(f"{step}: {answer.status_code}")
    assert watched.faults == []


def test_at_acme_s_host_zoe_is_a_stranger(filled: Filled, twin: Filled, zoe: Client) -> None:
    watched = Watched(zoe)
    for step in steps(filled, every_word=True):
        if OPEN not in step.address.open_to:
            answer = watched.ask(step, {}, host=filled.space.host)
            if not answer.headers.get("Location", "").startswith(("/account/login/?next=", "/operator/")):
                watched.faults.append(f"{step}: {answer.status_code}")
    assert watched.faults == []


def test_a_link_for_a_password_leads_nowhere_in_another_space(filled: Filled, twin: Filled, zoe: Client) -> None:
    watched = Watched(zoe)
    (step,) = [step for step in steps(filled) if step.address.name == "set_password" and step.method == "GET"]
    for path in (step.path, f"{step.path.rsplit('/', 2)[0]}/set-password/"):
        for method in ("GET", "POST"):
            passwords = {"new_password1": "a new long password", "new_password2": "a new long password"}
            answer = watched.ask(Step(step.address, path, method), passwords, host=twin.space.host)
            assert answer.status_code == 200
            assert answer.context["validlink"] is False
    assert watched.faults == []


def test_no_field_takes_an_id_of_another_space(
    filled: Filled, twin: Filled, zoe: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page is asked for with all of Acme's ids in its query; a form with her own, then with each of Acme's."""
    watched, asked = Watched(zoe), Asked(monkeypatch)
    of_acme, hers = ({name: of(space) for name, of in IDS.items()} for space in (filled, twin))
    tried = 0
    for step in steps(twin, every_word=True):
        if OPEN in step.address.open_to or step.address.is_operators:
            continue
        is_form = step.method == "POST"
        asked.names.clear()
        watched.ask(step, FIELDS | (hers if is_form else of_acme), host=twin.space.host)
        names = set(asked.names)
        unknown = {name for name in names - set(FIELDS | IDS) if not LEFT_OUT.fullmatch(name)}
        watched.faults += [f"{step}: say in tests/cards/walk/fields.py what {name} may be" for name in unknown]
        for name in sorted(names & set(IDS) - PAGING) if is_form else []:
            watched.ask(step, FIELDS | hers | {name: of_acme[name]}, host=twin.space.host)
        tried += len(names & set(IDS))
    assert watched.faults == []
    # With ids of her own the same forms do something; else nothing would be proven.
    assert watched.acts > 50
    assert tried > 30
