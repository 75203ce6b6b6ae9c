"""The steps of a walk: every address of the resolver with every method, its parameters filled from a filled space.

Whoever adds an address with a parameter that nothing here fills makes the walks fail, not pass by.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from cards.identity.models import Session
from cards.integrations.lucca.models import DirectoryDepartment, DirectoryEmployee, Link
from cards.people.models import Group, Membership, User
from cards.runs.models import Run
from cards.sso.models import Protocol, Provider
from cards.trainings import models as trainings
from cards.trainings.views.editing import WISHES
from tests.cards.walk.filled import Filled
from tools.roles import Address, addresses

# Whose id a parameter is.
MODELS: dict[str, type[Model]] = {
    "user_id": User,
    "group_id": Group,
    "membership_id": Membership,
    "training_id": trainings.Training,
    "chapter_id": trainings.Chapter,
    "question_id": trainings.Question,
    "picture_id": trainings.Picture,
    "employee_id": DirectoryEmployee,
    "department_id": DirectoryDepartment,
    "link_id": Link,
    "run_id": Run,
}
# Where not the first row is meant: its number.
ROWS = {
    ("lucca_change_run", "run_id"): 1,
    ("lucca_push", "run_id"): 2,
    ("lucca_push_csv", "run_id"): 2,
    ("lucca_change_push", "run_id"): 2,
    ("lucca_remove_from_group", "membership_id"): 1,
}
# The words that a parameter may be, where the pattern takes any.
WORDS = {
    ("training_change", "wish"): list(WISHES),
    ("chapter_change", "wish"): ["up", "down", "duplicate"],
    ("question_change", "wish"): ["up", "down", "delete"],
}


@dataclass(frozen=True)
class Step:
    address: Address
    path: str
    method: str
    values: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.address.shown})"


def steps(filled: Filled, *, every_word: bool = False) -> Iterator[Step]:
    """Every address by every method; with `every_word`, once for each word that a parameter may be."""
    for address in addresses():
        for values in list(_fillings(address, filled))[: None if every_word else 1]:
            for method in address.methods:
                yield Step(address, address.filled(values), method, values)


def _fillings(address: Address, filled: Filled) -> Iterator[dict[str, object]]:
    """The values of an address's parameters: ids of the space, and each of the words that may stand there."""
    values: dict[str, object] = {}
    words: dict[str, list[str]] = {}
    for name, listed in address.parameters.items():
        if listed or (address.name, name) in WORDS:
            words[name] = listed or WORDS[address.name, name]
        elif name == "object_id" and hasattr(address.view, "model_admin"):
            model = address.view.model_admin.model
            values[name] = filled.who("owner").pk if model is User else filled.first(model).pk
        elif name in MODELS:
            values[name] = filled.rows[MODELS[name]][ROWS.get((address.name, name), 0)].pk
        elif name == "number":
            values[name] = filled.first(Session).number
        elif name in ("uidb64", "token"):
            user = filled.first(User)
            values |= {"uidb64": urlsafe_base64_encode(force_bytes(user.pk))}
            values |= {"token": default_token_generator.make_token(user)}
        else:
            raise AssertionError(f"{address.shown}: say in tests/cards/walk/steps.py what <{name}> may be")
    if not words:
        yield values
    for name, each in ((name, word) for name, listed in words.items() for word in listed):
        yield values | {name: each}


def form(step: Step, filled: Filled) -> dict[str, object]:
    """What an empty form would be too little for: without it the answer is that something is not there."""
    return {
        "user_join": {"group": filled.first(Group).pk},
        "learn_answer": {"attempt": 1},
        "learn_complete": {"attempt": 1},
        "lucca_mend": {"user": filled.rows[User][3].pk},
    }.get(step.address.name, {})


def ask(client: Client, step: Step, filled: Filled, **more: Any) -> Any:
    """The answer to a step, whose doings are undone afterwards."""
    with undone(client):
        if step.address.name == "sso_openid":
            Provider.objects.filter(space=filled.space).update(protocol=Protocol.OPENID)
        if step.method == "POST":
            return client.post(step.path, form(step, filled), **more)
        return client.get(step.path, **more)


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """Take back what is done inside: rows, and the cookies of `client`."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = cookies
