"""What allauth asks us: who may sign in, what a throttle counts, where to go. Nobody can sign up."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal.ratelimit import get_ip
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from cards.audit.actions import record
from cards.people.models import ConnectionMode, User


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("This e-mail and this password do not go together."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, or ask for a new password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's own signature
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the page one arrives at is message enough."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        operates = isinstance(request.user, User) and request.user.is_operator
        return reverse("admin:index" if operates else "home")

    def pre_login(
        self, request: HttpRequest, user: AbstractBaseUser, *, signal_kwargs: dict[str, Any] | None, **login: Any
    ) -> HttpResponse | None:
        """Each account has one way in: whoever signs in by SSO does not by password, and the other way round."""
        came_by_sso = "sociallogin" in (signal_kwargs or {})
        if came_by_sso != (isinstance(user, User) and user.connection_mode == ConnectionMode.SSO):
            return redirect("account_login")
        answer: HttpResponse | None = super().pre_login(request, user, signal_kwargs=signal_kwargs, **login)
        return answer

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, *, signal_kwargs: dict[str, Any] | None, **login: Any
    ) -> HttpResponse:
        way = ConnectionMode.SSO if "sociallogin" in (signal_kwargs or {}) else ConnectionMode.PASSWORD
        if isinstance(user, User):
            record("signed_in", space=user.space, by=user, target=f"user {user.pk}", way=way)
        answer: HttpResponse = super().post_login(request, user, signal_kwargs=signal_kwargs, **login)
        return answer

    def get_login_stages(self) -> list[str]:
        return [*super().get_login_stages(), "cards.people.stages.SecondFactorStage"]

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            record("signed_out", space=request.user.space, by=request.user, target=f"user {request.user.pk}")
        super().logout(request)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        operates = isinstance(request.user, User) and request.user.is_operator
        return reverse("operator_sign_in" if operates else "account_login")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ARG002 - allauth's own
        """Keep which account was tried, and nothing of what was typed: it may be somebody's e-mail, or a password."""
        tried = User.objects.filter(login_key=credentials.get("username", "")).select_related("space").first()
        space = context.request.space
        record("sign_in_failed", space=space, by=None, target=f"user {tried.pk}" if tried else "")

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:  # noqa: ARG002
        return redirect("account_login")

    def is_safe_url(self, url: str) -> bool:
        """Whether signing in may lead there: to pages of the same host only."""
        return url_has_allowed_host_and_scheme(url, {context.request.get_host()}, context.request.is_secure())

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failures per address and account, so that nobody's guesses lock out somebody else."""
        return f"{get_ip(request)} {credentials['username']}"
