"""Checks an e-mail and a password. It takes the same time whether the account exists or not."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from cards.people.models import ConnectionMode, User


class PasswordBackend(ModelBackend):
    """Django's own check, which hashes once in every case, for people who may use a password."""

    def user_can_authenticate(self, user: AbstractBaseUser | AnonymousUser | None) -> bool:
        return isinstance(user, User) and user.is_active and user.connection_mode != ConnectionMode.SSO
