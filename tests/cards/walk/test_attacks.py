"""Attacks on every address at once: forms of other sites, fields that a form does not have, what is not given yet."""

import re
from collections.abc import Callable

import pytest
from django.apps import apps
from django.db.models import Q
from django.test import Client

from cards.people.models import User
from cards.spaces.models import Space
from cards.trainings.models import Status, Training
from tests.cards.walk.fields import FIELDS, IDS
from tests.cards.walk.filled import Filled
from tests.cards.walk.steps import Step, ask, steps, undone
from tests.cards.walk.watch import Writes, rows_about

pytestmark = pytest.mark.django_db

ClientAs = Callable[[str], Client]

# Forms of other sites are let through where the answer of a SAML provider arrives: the provider is another site, its
# response is signed, answers a request of ours, counts once, and is only put aside for the browser that asked.
FROM_OTHER_SITES = {"sso_saml"}


@pytest.mark.parametrize("who", ["owner", "operator"])
def test_no_form_of_another_site_does_anything(who: str, filled: Filled, client_as: ClientAs) -> None:
    client = client_as(who)
    client.handler.enforce_csrf_checks = True
    forms = [step for step in steps(filled) if step.method == "POST" and who in step.address.open_to]
    let_through = set()
    for step in forms:
        answer = ask(client, step, filled)
        if "403_csrf.html" not in [template.name for template in answer.templates]:
            let_through.add(step.address.name)
    assert let_through == FROM_OTHER_SITES
    assert len(forms) > 15


SMUGGLED = "990000001"


def columns() -> set[str]:
    """Every name that a row of ours could be given by a careless form."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("cards.")]
    return {name for model in ours for field in model._meta.fields for name in (field.name, field.attname)} | {
        "is_staff",
        "is_superuser",
        "pk",
    }


def privileges() -> list[object]:
    """What nobody in a space gives to anybody, where a mark would not show."""
    return [
        list(User.objects.filter(Q(is_operator=True) | Q(space=None)).values_list("pk", flat=True)),
        list(Space.objects.values_list("pk", "sso_is_active", "learner_quota", "host")),
    ]


def test_fields_that_a_form_does_not_have_change_nothing(filled: Filled, client_as: ClientAs) -> None:
    client, before, writes, acts, faults = client_as("owner"), privileges(), Writes(), 0, []
    fitting = FIELDS | {name: of(filled) for name, of in IDS.items()}
    smuggled = dict.fromkeys(columns() - set(fitting), SMUGGLED)
    for step in steps(filled, every_word=True):
        if step.method != "POST" or "owner" not in step.address.open_to or "stranger" in step.address.open_to:
            continue
        with undone(client):
            with writes.noticed():
                acts += client.post(step.path, smuggled | fitting).status_code == 302
            kept = rows_about(re.compile(SMUGGLED), writes.tables)
            faults += [f"{step} kept {row} in {table}" for table, rows in kept.items() for row in rows]
            faults += [str(step)] if privileges() != before else []
    assert faults == []
    assert acts > 30


@pytest.mark.parametrize("who", ["owner", "learner"])
def test_a_number_or_a_search_that_is_far_too_long_gets_a_page_wherever_it_is_typed(
    who: str, filled: Filled, client_as: ClientAs
) -> None:
    client, tried, faults = client_as(who), 0, []
    client.raise_request_exception = False
    fitting = FIELDS | {name: of(filled) for name, of in IDS.items()}
    endless = {name: "9" * 5_000 for name, value in fitting.items() if isinstance(value, int)}
    endless |= dict.fromkeys(("q", "search", "add"), "martin ada " * 2_000)
    # The attempt is looked for first: where there is none, the rest is not read.
    for numbers in (endless, endless | {"attempt": 1}):
        for step in steps(filled):
            if who not in step.address.open_to or "stranger" in step.address.open_to:
                continue
            with undone(client):
                ask_for = client.post if step.method == "POST" else client.get
                answer = ask_for(step.path, fitting | numbers)
            tried += 1
            faults += [f"{step}: {answer.status_code}"] if answer.status_code >= 500 else []
    assert faults == []
    assert tried > 20


def test_a_learner_finds_nothing_that_is_not_published_or_not_given(filled: Filled, client_as: ClientAs) -> None:
    """The ids of a draft and its chapters; then those of a training that is given to nobody."""
    client, faults, tried = client_as("learner"), [], 0
    draft = filled.rows[Training][1]
    of_draft = {
        "training_id": draft.pk,
        "chapter_id": draft.chapters.all()[0].pk,
        "question_id": draft.chapters.all()[0].questions.all()[0].pk,
    }
    for given in (Status.DRAFT, Status.PUBLISHED):
        Training.objects.filter(pk=draft.pk).update(status=given, is_for_everyone=False)
        draft.groups.clear()
        for step in steps(filled):
            if "learner" in step.address.open_to and "training_id" in step.values:
                path = step.address.filled(step.values | of_draft)
                answer = ask(client, Step(step.address, path, step.method), filled)
                tried += 1
                faults += [f"{given} {step}: {answer.status_code}"] if answer.status_code != 404 else []
    assert faults == []
    assert tried == 10


def test_a_learner_sees_no_picture_of_what_is_not_theirs(filled: Filled, client_as: ClientAs) -> None:
    (step,) = [step for step in steps(filled) if step.address.name == "picture"]
    client = client_as("learner")
    assert client.get(step.path).status_code == 200
    Training.objects.filter(status=Status.PUBLISHED).update(is_for_everyone=False)
    for training in Training.objects.all():
        training.groups.clear()
    assert client.get(step.path).status_code == 404
    assert client_as("editor").get(step.path).status_code == 200
