"""Who may use which way in, at sign-in and at every request: a session begun one way ends when the way changes.

Checking an e-mail and a password takes the same time whether the account exists or not.
"""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from cards.people.models import ConnectionMode, User


class PasswordBackend(ModelBackend):
    """Django's own check, which hashes once in every case, for people who may use a password."""

    def user_can_authenticate(self, user: AbstractBaseUser | AnonymousUser | None) -> bool:
        return isinstance(user, User) and user.is_active and user.connection_mode != ConnectionMode.SSO


class SsoBackend(ModelBackend):
    """The sessions of people who signed in at their company's provider. It checks nobody itself."""

    def authenticate(self, *_args: Any, **_credentials: Any) -> None:
        """Nobody: the provider says who somebody is, and `cards.sso` whether they may enter."""

    def user_can_authenticate(self, user: AbstractBaseUser | AnonymousUser | None) -> bool:
        return isinstance(user, User) and user.is_active and user.connection_mode == ConnectionMode.SSO
