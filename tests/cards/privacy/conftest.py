"""A person with a trace in everything that knows people: what is theirs is found by words nobody else has."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from cards.audit.actions import record
from cards.identity import second_factor
from cards.integrations.lucca import nights, sync
from cards.integrations.lucca.models import Link, LuccaAccount, Resource
from cards.integrations.lucca.read_departments import keep_page
from cards.people import outbox
from cards.people.actions import add_members, change_role
from cards.people.models import Group, MailKind, User
from cards.runs.models import Run
from cards.trainings.models import Answer, Attempt, Chapter, ChapterCompletion, Question
from lucca_simulator import Simulator
from tests.cards.integrations.lucca.conftest import (
    account,
    activated,
    directory,
    import_all,
    one_simulator,
    planned,
    work,
    world,
)
from tests.cards.integrations.lucca.learning import NOON, World
from tests.conftest import PASSWORD

__all__ = ["account", "activated", "directory", "import_all", "one_simulator", "world"]

FIRST, LAST, EMAIL = "Okapixa", "Quaggara", "numbat.vicuna@acme.example"
ADDRESS, DEVICE, SUBJECT = "203.0.113.77", "Zorillaphone", "kinkajou-4711"
CANARIES = ("okapixa", "quaggara", "numbat.vicuna", ADDRESS, "zorillaphone", SUBJECT)


@pytest.fixture
def simulator(one_simulator: Simulator) -> Simulator:
    """A company of eight: what is told of one person needs no more."""
    one_simulator.reset(employees=8, departments=3, with_faults=False, calls_per_minute=1000, seed=1)
    return one_simulator


@dataclass
class Planted:
    """Whose traces they are: the account, the id at Lucca, and both sides of the connection."""

    user: User
    lucca_id: str
    account: LuccaAccount
    simulator: Simulator


@pytest.fixture
def planted(world: World, ada: User, client_of: Callable[[User], Client]) -> Planted:
    """Somebody who was imported, invited, sent, taught, promoted, and whose draft and reading are under way."""
    company = world.simulator.company
    link = world.links[0]
    employee = company.employees[int(link.lucca_id)]
    employee.first_name, employee.last_name, employee.mail = FIRST, LAST, EMAIL
    Link.objects.get(pk=link.pk).user.delete()
    sync.refresh(world.account, by=ada)
    work()
    sync.start_import(run=planned(world.account, ada, notify=True), by=ada)
    work()
    user = User.objects.get(first_name=FIRST)
    _learns(world, user)
    world.learn(world.training("Water"), people=[Link.objects.get(user=user)])
    world.see_through(nights.send_one(world.account, link.lucca_id, by=ada))
    _is_an_account(user, ada)
    _signs_in(user)
    undo = sync.plan_undo_of(Run.objects.get(pk=Link.objects.get(user=user).run_id), by=ada)
    work()
    assert undo.lines.filter(user=user).exists()
    change_role(user=user, by=ada, role="learner")
    keep_page(undo, Resource.EMPLOYEES, 0, 1, [(link.lucca_id, FIRST, LAST, EMAIL, "", "", None, None, "fr")])
    return Planted(user, link.lucca_id, world.account, world.simulator)


def _learns(world: World, user: User) -> None:
    training = world.training("Fire")
    chapter = Chapter.objects.create(training=training, title="Exits", position=0)
    question = Question.objects.create(chapter=chapter, position=0, words="Where?", points=1)
    attempt = Attempt.objects.create(
        user=user, training=training, number=1, started_at=NOON, is_counted=True, chapters=2, chapters_done=1
    )
    ChapterCompletion.objects.create(attempt=attempt, chapter=chapter, completed_at=NOON)
    Answer.objects.create(attempt=attempt, question=question, chosen=[], is_right=False, answered_at=NOON)


def _is_an_account(user: User, ada: User) -> None:
    user.starts_on = date(2026, 1, 1)
    user.set_password(PASSWORD)
    user.save()
    group = Group.objects.create(space=ada.space, name="Sales")
    add_members(group=group, by=ada, users=[user])
    outbox.request(space=ada.space, typed_email=EMAIL.upper(), kind=MailKind.PASSWORD_RESET)  # type: ignore[arg-type]
    SocialAccount.objects.create(user=user, provider="sso-1", uid=SUBJECT, extra_data={"email": EMAIL, "name": FIRST})
    EmailAddress.objects.create(user=user, email=EMAIL, verified=True)
    change_role(user=user, by=ada, role="editor")
    # What an editor does names them as whoever did it.
    add_members(group=group, by=user, users=[ada])
    own = sync.plan_import(LuccaAccount.objects.get(), by=user, options=sync.ImportOptions())
    assert own.created_by == user
    of_users = ContentType.objects.get_for_model(User)
    for by in (ada, user):
        LogEntry.objects.create(
            user=by, content_type=of_users, object_id=str(user.pk), object_repr=f"{FIRST} {LAST}", action_flag=CHANGE
        )


def _signs_in(user: User) -> None:
    client = Client(SERVER_NAME="acme.example", REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=DEVICE)
    client.post("/account/login/", {"login": EMAIL, "password": "wrong"})
    client.post("/account/login/", {"login": EMAIL, "password": PASSWORD})
    client.get("/")
    second_factor.begin(user)
    record("users_invited", space=user.space, by=user, address=ADDRESS, number=1)
