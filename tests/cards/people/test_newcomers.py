"""Accounts made by the thousand are those that are made one by one."""

from datetime import date

import pytest
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from cards.people.actions import create_user
from cards.people.models import ConnectionMode, User
from cards.people.newcomers import Newcomer, add_learners
from cards.spaces.models import Space

OF_THE_MOMENT = ("id", "created_at", "password")
NAMES = [("Zoé", "Straße-Ørsted"), ("  Lou ", "x" * 300), ("", "Ḿartin"), ("李", "小龍")]


@pytest.mark.requirement("R18")
def test_accounts_made_together_are_as_if_made_one_by_one(acme: Space, birch: Space) -> None:
    newcomers = [Newcomer(f" P{number}.É@Acme.example ", *names, "en") for number, names in enumerate(NAMES)]
    ids = add_learners(space_id=acme.pk, newcomers=newcomers, connection_mode=ConnectionMode.PASSWORD)
    for pk, one in zip(ids, newcomers, strict=True):
        made_together = User.objects.values().get(pk=pk)
        alone = create_user(
            space=birch,
            by=None,
            email=one.email,
            first_name=one.first_name[:190],
            last_name=one.last_name[:190],
            language=one.language,
        )
        made_alone = User.objects.values().get(pk=alone.pk)
        different = {name for name, value in made_alone.items() if made_together[name] != value}
        assert different <= {*OF_THE_MOMENT, "space_id", "login_key"}
        assert made_together["login_key"] == made_alone["login_key"].replace(f"{birch.pk}:", f"{acme.pk}:", 1)


@pytest.mark.requirement("R23")
def test_nobody_can_sign_in_with_a_password_that_was_never_chosen(acme: Space) -> None:
    newcomers = [Newcomer(f"p{number}@acme.example", "P", "N", "fr", date(2030, 1, 2)) for number in range(2)]
    first, second = add_learners(space_id=acme.pk, newcomers=newcomers, connection_mode=ConnectionMode.SSO)
    one, two = User.objects.get(pk=first), User.objects.get(pk=second)
    assert not one.has_usable_password()
    assert one.password != two.password
    assert len(one.password) == len(two.password) == len(make_password(None))
    assert (one.starts_on, one.connection_mode) == (date(2030, 1, 2), "sso")


def test_ids_go_on_after_those_of_accounts_made_together(acme: Space) -> None:
    (first,) = add_learners(
        space_id=acme.pk, newcomers=[Newcomer("a@acme.example", "A", "A", "fr")], connection_mode="sso"
    )
    alone = create_user(space=acme, by=None, email="b@acme.example", first_name="B", last_name="B")
    assert alone.pk > first
    assert add_learners(space_id=acme.pk, newcomers=[], connection_mode="sso") == []


def test_an_e_mail_that_is_taken_refuses_them_all(acme: Space) -> None:
    create_user(space=acme, by=None, email="b@acme.example", first_name="B", last_name="B")
    before = User.objects.count()
    newcomers = [Newcomer(f"{letter}@acme.example", "N", "N", "fr") for letter in "abc"]
    with pytest.raises(IntegrityError), transaction.atomic():
        add_learners(space_id=acme.pk, newcomers=newcomers, connection_mode="sso")
    assert User.objects.count() == before
