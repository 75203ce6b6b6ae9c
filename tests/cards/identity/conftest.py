"""Somebody with a second factor, and their phone."""

from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from django.core.cache import cache

from cards import clock
from cards.identity import second_factor
from cards.identity.models import SecondFactor
from cards.people.models import User
from cards.seal import unseal


class Phone:
    """What shows the codes of an account; `ahead` is how many codes further it is than the server."""

    def __init__(self, user: User) -> None:
        self.user = user

    def code(self, ahead: int = 0) -> str:
        secret = unseal(SecondFactor.objects.get(user=self.user).encrypted_secret)
        return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30 * ahead))


@pytest.fixture(autouse=True)
def _no_throttle_from_other_tests(db: None) -> None:
    cache.clear()


@pytest.fixture
def phone_of() -> Callable[[User], Phone]:
    """Set up two-step sign-in for somebody; its phone. The code that confirmed it is a minute old."""

    def set_up(user: User) -> Phone:
        second_factor.begin(user)
        phone = Phone(user)
        with clock.told(clock.now() - timedelta(minutes=2)):
            assert second_factor.confirm(user, phone.code())
        return phone

    return set_up
