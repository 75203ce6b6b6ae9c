"""The step of a sign-in that comes after the password: the second factor, where the account has one."""

import hmac

from allauth.account.stages import LoginStage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cards.identity import second_factor
from cards.people.models import ConnectionMode, User
from cards.spaces.models import Space


class SecondFactorStage(LoginStage):  # type: ignore[misc]
    """Asked of people who sign in by password, also through a mailed link. With SSO the provider asks for it."""

    key = "second_factor"
    urlname = "second_factor_ask"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user
        if not isinstance(user, User) or user.connection_mode == ConnectionMode.SSO or not second_factor.has_one(user):
            return None, True
        self.state["proved"] = user.get_session_auth_hash()
        return redirect(self.urlname), True

    def is_resumable(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's own signature
        """The sign-in page stays one, for whoever wants to begin anew."""
        return False

    def holds(self, space: Space | None) -> bool:
        """Whether what was proved still counts: on this host, for an active account with this very password."""
        user = self.login.user
        if not isinstance(user, User) or not user.is_active or user.connection_mode == ConnectionMode.SSO:
            return False
        is_here = user.is_operator or (space is not None and user.space_id == space.pk)
        return is_here and hmac.compare_digest(self.state.get("proved", ""), user.get_session_auth_hash())
