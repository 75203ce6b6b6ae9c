"""What is kept of a person, handed over: all of it, no secret, and nothing of anybody else."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cards import clock
from cards.audit.models import Entry
from cards.identity.models import SecondFactor, Session
from cards.integrations.lucca.models import Link, Receipt
from cards.people import actions
from cards.people.models import User
from cards.privacy.erase import erase
from cards.privacy.export import PARTS, everything_about
from cards.privacy.words import PARTS as WORDS
from cards.runs.models import Run, RunLine, RunState
from cards.seal import unseal
from cards.spaces.models import Space
from tests.cards.privacy.conftest import ADDRESS, CANARIES, FIRST, Planted
from tests.conftest import a_user

ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db


def opened(answer: Any) -> tuple[dict[str, list[dict[str, Any]]], dict[str, str]]:
    """What the JSON file of an archive says, and the tables beside it."""
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    return json.loads(files.pop("everything.json")), files


def test_an_owner_hands_over_everything_that_is_kept_of_somebody(
    planted: Planted, ada: User, client_of: ClientOf
) -> None:
    answer = client_of(ada).post(f"/users/{planted.user.pk}/personal-data/export/")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/zip", "no-store")
    assert FIRST not in answer["Content-Disposition"]
    parts, tables = opened(answer)
    assert parts.keys() == PARTS.keys() == WORDS.keys()
    assert {name for name, rows in parts.items() if not rows} == set()
    said = json.dumps(parts, ensure_ascii=False).lower()
    assert {canary for canary in CANARIES if canary not in said} == set()
    assert tables.keys() == {f"{name}.csv" for name in parts}
    (row,) = csv.DictReader(io.StringIO(tables["account.csv"]), delimiter=";")
    assert row["first_name"] == FIRST
    assert parts["attempts"][0]["training_title"] == "Fire"
    assert Entry.objects.get(action="privacy.person_exported").target == f"user {planted.user.pk}"


def test_it_holds_no_secret_and_nothing_of_anybody_else(planted: Planted, ada: User, client_of: ClientOf) -> None:
    answer = client_of(planted.user).post("/my-data/export/")
    said = json.dumps(opened(answer)[0], ensure_ascii=False)
    keys = list(Session.objects.values_list("session_key", flat=True))
    secrets = [planted.user.password, unseal(SecondFactor.objects.get(user=planted.user).encrypted_secret), *keys]
    assert [secret for secret in secrets if secret in said] == []
    others = User.objects.exclude(pk=planted.user.pk)
    assert [user.email for user in others if user.email in said or user.full_name in said] == []
    assert {entry["by"] for entry in opened(answer)[0]["audit_log"]} == {"you", "somebody else", "Cards"}
    own = [entry for entry in opened(answer)[0]["audit_log"] if entry["address"]]
    assert {entry["address"] for entry in own} <= {ADDRESS, "127.0.0.1"}
    newcomer = everything_about(a_user(ada.space, "Nia"))  # type: ignore[arg-type]
    assert {name for name, rows in newcomer.items() if rows} == {"account"}


def test_what_was_done_to_several_at_once_is_in_it_without_the_others(
    planted: Planted, ada: User, lou: User, acme: Space
) -> None:
    group = actions.create_group(space=acme, by=ada, name="Night shift")
    actions.add_members(group=group, by=ada, users=[lou, planted.user])
    found = [(one["action"], one["details"]) for one in PARTS["audit_log"](planted.user)]
    assert ("members_added", {"users": [planted.user.pk]}) in found


def test_rows_on_a_file_whose_link_was_mended_are_of_whom_they_tell(planted: Planted, ada: User) -> None:
    right = a_user(ada.space, "right")
    Link.objects.filter(user=planted.user).update(user=right)
    sent = Receipt.objects.filter(user=planted.user).count()
    assert sent
    assert (len(list(PARTS["receipts_of_lucca"](planted.user))), list(PARTS["receipts_of_lucca"](right))) == (sent, [])
    erase(user=planted.user, by=ada)
    assert set(Receipt.objects.values_list("user", "title", "progress")) == {(None, "", "")}


def test_who_has_the_same_number_at_another_lucca_is_somebody_else(planted: Planted, ada: User) -> None:
    run = Run.objects.create(
        space=ada.space,
        kind="import_users",
        subject=planted.account.subject,
        state=RunState.FINISHED,
        created_at=clock.now(),
        memory={"host": "former.ilucca.net"},
    )
    namesake = RunLine.objects.create(run=run, position=0, action="create", lucca_id=planted.lucca_id, label="Bo Berg")
    assert "Bo Berg" not in json.dumps(list(PARTS["lines_of_reports"](planted.user)), default=str)
    erase(user=planted.user, by=ada)
    namesake.refresh_from_db()
    assert namesake.label == "Bo Berg"


def test_learners_see_and_download_their_own_data_and_nobody_else_s(
    lou: User, ada: User, zoe: User, eli: User, client_of: ClientOf
) -> None:
    other = a_user(lou.space, "Otto")  # type: ignore[arg-type]
    client = client_of(lou)
    assert "/my-data/" in client.get("/account/").content.decode()
    assert client.get("/my-data/").status_code == 200
    parts, _tables = opened(client.post("/my-data/export/"))
    assert [row["email"] for row in parts["account"]] == [lou.email]
    assert Entry.objects.get(action="privacy.own_data_exported").actor == lou
    address = f"/users/{other.pk}/personal-data/"
    assert [client_of(user).get(address).status_code for user in (lou, eli, zoe, ada)] == [403, 403, 404, 200]
    assert client_of(zoe).post(f"{address}export/").status_code == 404


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Learner", "Fire (50%)", "Exits", "Where?"]),
        ("fr", ["Apprenant", "Fire (50\u00a0%)", "Exits", "Where?"]),
    ],
)
def test_the_page_says_what_is_kept_to_whom_it_is_about_and_to_an_owner_how_much(
    language: str, words: list[str], planted: Planted, ada: User, client_of: ClientOf
) -> None:
    User.objects.filter(pk=planted.user.pk).update(language=language)
    page = client_of(planted.user).get("/my-data/").content.decode()
    assert f"{planted.user.email}\u00a0· " in page, "no line begins with the dot"
    assert [each for each in [FIRST, planted.user.email, *words] if each not in page] == []
    User.objects.filter(pk=ada.pk).update(language=language)
    page = client_of(ada).get(f"/users/{planted.user.pk}/personal-data/").content.decode()
    assert [each for each in [planted.user.email, *words] if each in page] == []
