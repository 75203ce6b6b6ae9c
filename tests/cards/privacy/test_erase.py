"""Erasing a person: afterwards no table of the database knows them any more but by a number."""

import json
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.test import Client

from cards.audit.models import Entry
from cards.identity.models import RecoveryCode, Session
from cards.identity.sessions import SessionStore
from cards.integrations.catalogue.models import Activation
from cards.integrations.lucca import connect, nights, sync
from cards.integrations.lucca.models import DirectoryEmployee, Link, Receipt, RefreshPage, Resource
from cards.people.errors import Refused
from cards.people.models import Group, Role, User
from cards.privacy.erase import erase
from cards.runs.models import Run, RunLine, RunState
from tests.cards.integrations.lucca.conftest import planned, reading, work
from tests.cards.privacy.conftest import CANARIES, FIRST, Planted
from tests.conftest import a_user

ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db

# Models that point to accounts without knowing anything of this person, and why.
KNOW_NOTHING = {
    Activation: "whoever activated an integration is an operator",
    RecoveryCode: "digests of random codes, which go with the account",
}

# How often an address tried to sign in, whoever sat there: forgotten within the hour.
SOON_OVER = {"identity_count.cache_key"}


def everything() -> Iterator[tuple[str, str]]:
    """Every cell of every table, and what sessions hold once they are decoded."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names out of the schema
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                yield from ((f"{table}.{name}", cell_text(cell)) for name, cell in zip(names, row, strict=True))
    for session in Session.objects.all():
        yield "session", json.dumps(SessionStore().decode(session.session_data))


def cell_text(cell: object) -> str:
    if isinstance(cell, memoryview | bytes):
        return bytes(cell).decode(errors="replace")
    # What JSON keeps escaped is read as it is meant.
    return str(cell).encode().decode("unicode_escape", errors="replace") if "\\u" in str(cell) else str(cell)


def found() -> dict[str, set[str]]:
    """Each canary, and the columns in which it stands."""
    places: dict[str, set[str]] = {canary: set() for canary in CANARIES}
    for place, text in everything():
        for canary in CANARIES:
            if canary in text.lower():
                places[canary].add(place)
    return places


def models_about_people() -> Iterator[tuple[type[models.Model], str]]:
    """Every model with a column that points to an account or holds an id of Lucca's, by introspection."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is User or field.name == "lucca_id":
                yield model, field.name


def test_every_model_that_may_know_a_person_has_something_of_the_person_of_these_tests(planted: Planted) -> None:
    """So that whoever adds a model extends what is planted, or says why it knows nobody."""
    unplanted = set()
    for model in {model for model, _name in models_about_people()} - KNOW_NOTHING.keys():
        of_person = models.Q()
        for about, name in models_about_people():
            if about is model:
                of_person |= models.Q(**{name: planted.lucca_id if name == "lucca_id" else planted.user.pk})
        # Departments have ids of Lucca's as well.
        if not model._default_manager.filter(of_person).exists() and "epartment" not in model.__name__:
            unplanted.add(model)
    assert unplanted == set()


def test_after_erasing_no_table_holds_anything_of_the_person(planted: Planted, ada: User) -> None:
    before = found()
    assert {canary for canary, places in before.items() if not places} == set()
    assert len(set().union(*before.values())) > 20
    erase(user=planted.user, by=ada)
    left = {canary: places - SOON_OVER for canary, places in found().items()}
    assert left == {canary: set() for canary in CANARIES}


def test_what_stays_is_a_number_and_what_was_done(planted: Planted, ada: User) -> None:
    number = planted.user.pk
    erase(user=planted.user, by=ada)
    (erased,) = Entry.objects.filter(action="privacy.person_erased")
    assert (erased.actor_id, erased.target, erased.details) == (ada.pk, f"user {number}", {})
    assert Entry.objects.filter(actor_id=number).exists()
    lines = RunLine.objects.filter(lucca_id=planted.lucca_id)
    assert {line.label for line in lines} == {planted.lucca_id}
    assert {line.action for line in lines} >= {"create", "send"}
    for receipt in Receipt.objects.filter(lucca_id=planted.lucca_id):
        assert (receipt.title, receipt.progress, receipt.is_proven) == ("", "", False)
        assert receipt.training_id


def test_of_others_nothing_goes(planted: Planted, ada: User) -> None:
    newcomer = a_user(ada.space, "Nia")  # type: ignore[arg-type]
    of_groups = ContentType.objects.get_for_model(Group)
    LogEntry.objects.create(
        user=ada, content_type=of_groups, object_id=str(newcomer.pk), object_repr="Sales", action_flag=CHANGE
    )
    before, accounts = Counter(everything()), User.objects.count()
    erase(user=newcomer, by=ada)
    assert {place.partition(".")[0] for place, _text in before - Counter(everything())} == {User._meta.db_table}
    assert User.objects.count() == accounts - 1


def test_a_department_with_the_same_number_is_left_alone(planted: Planted, ada: User) -> None:
    run = Run.objects.filter(subject=planted.account.subject).latest("pk")
    facts = {"department": planted.lucca_id, "department_name": "Sales", "group": None, "name": "Sales"}
    line = RunLine.objects.create(
        run=run, position=99, action="create_group", lucca_id=planted.lucca_id, label="Sales", facts=facts
    )
    items = json.dumps([{"lucca_id": planted.lucca_id, "name": "Sales"}])
    page = RefreshPage.objects.create(run=run, resource=Resource.DEPARTMENTS, offset=0, items=items)
    erase(user=planted.user, by=ada)
    line.refresh_from_db()
    page.refresh_from_db()
    assert (line.label, line.facts, page.items) == ("Sales", facts, items)


@pytest.mark.long
def test_what_was_sent_can_still_be_taken_back_from_lucca(planted: Planted, ada: User) -> None:
    erase(user=planted.user, by=ada)
    Run.objects.filter(state=RunState.DRAFT).delete()
    removal = nights.plan_removing(planted.account, by=ada)
    work()
    assert removal.lines.filter(lucca_id=planted.lucca_id, action="remove").exists()


@pytest.mark.long
def test_the_pages_that_named_the_person_still_open(planted: Planted, ada: User, client_of: ClientOf) -> None:
    erase(user=planted.user, by=ada)
    client = client_of(ada)
    for run in Run.objects.exclude(state=RunState.EXPIRED):
        part = "statistics/runs" if run.kind in (*nights.PUSHES, nights.REMOVE) else "runs"
        for page in ("", "report.csv"):
            address = f"/integrations/lucca/{part}/{run.pk}/{page}"
            assert client.get(address).status_code == 200, address
    assert "Ada Martin</strong> erased a person: no. " in client.get("/settings/audit-log/").content.decode()


@pytest.mark.long
def test_lucca_s_own_file_comes_back_with_the_next_reading_and_opens_no_account_by_itself(
    planted: Planted, ada: User
) -> None:
    erase(user=planted.user, by=ada)
    assert not DirectoryEmployee.objects.filter(first_name=FIRST).exists()
    reading(planted.account, ada)
    assert DirectoryEmployee.objects.filter(first_name=FIRST).exists()
    assert not User.objects.filter(first_name=FIRST).exists()


def test_an_import_that_names_the_person_goes_past_them_and_does_the_others(
    planted: Planted, ada: User, client_of: ClientOf
) -> None:
    connect.forget_directory(planted.account)
    planted.account.save()
    Run.objects.filter(state=RunState.DRAFT).delete()
    User.objects.filter(pk__in=[link.user_id for link in _links(planted)[:2]]).delete()
    run = planned(planted.account, ada, notify=True)
    line = RunLine.objects.filter(run=run, action="create").first()
    assert line is not None
    RunLine.objects.filter(pk=line.pk).update(user=planted.user)
    erase(user=planted.user, by=ada)
    assert client_of(ada).get(f"/integrations/lucca/runs/{run.pk}/").status_code == 200
    run.refresh_from_db()
    sync.start_import(run=run, by=ada)
    work()
    line.refresh_from_db()
    run.refresh_from_db()
    assert (line.state, run.state, run.done) == ("stale", RunState.FINISHED, run.total)
    assert run.lines.filter(state="done").exists()


def _links(planted: Planted) -> list[Link]:
    return list(Link.objects.filter(host=planted.account.host).exclude(user=planted.user))


def test_who_is_left_of_the_owners_stays_and_so_does_whoever_asks(ada: User, eli: User, lou: User, zoe: User) -> None:
    for user, by in ((ada, ada), (lou, eli), (lou, zoe)):
        with pytest.raises(Refused):
            erase(user=user, by=by)
    other = a_user(ada.space, "Otto", Role.OWNER)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        erase(user=other, by=other)
    erase(user=ada, by=other)
    assert not User.objects.filter(first_name="Ada").exists()


def test_of_two_owners_who_erase_each_other_at_once_one_stays(ada: User) -> None:
    other = a_user(ada.space, "Otto", Role.OWNER)  # type: ignore[arg-type]
    as_it_was = User.objects.get(pk=other.pk)
    erase(user=other, by=ada)
    with pytest.raises(Refused):
        erase(user=ada, by=as_it_was)


def test_nobody_is_erased_while_a_run_of_their_space_is_at_work(ada: User, lou: User, zoe: User) -> None:
    run, _elsewhere = (
        Run.objects.create(
            space=space, subject=f"lucca:{space.pk}", kind="refresh", state=RunState.RUNNING, created_at=lou.created_at
        )
        for space in (ada.space, zoe.space)
        if space is not None
    )
    with pytest.raises(Refused):
        erase(user=lou, by=ada)
    Run.objects.filter(pk=run.pk).update(state=RunState.PAUSED)
    erase(user=lou, by=ada)


def test_an_owner_is_told_what_stays_before_and_the_person_is_out_afterwards(
    ada: User, eli: User, lou: User, zoe: User, client_of: ClientOf
) -> None:
    address = f"/users/{lou.pk}/personal-data/erase/"
    learner = client_of(lou)
    assert [client_of(user).get(address).status_code for user in (eli, zoe)] == [403, 404]
    asked = client_of(ada).get(address).content.decode()
    assert "stays on the file in Lucca" in asked
    assert User.objects.filter(pk=lou.pk).exists()
    answer = client_of(ada).post(address, follow=True)
    assert "Lou Martin was erased." in answer.content.decode()
    assert learner.get("/").status_code == 302
