"""What allauth asks us about identity providers: which one there is, whom it lets in. It never makes an account."""

from typing import TYPE_CHECKING, Any, cast

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError
from django.db import transaction
from django.http import Http404, HttpRequest
from requests import RequestException

from cards.people.models import ConnectionMode, User, email_key
from cards.sso.models import Provider
from cards.sso.outbound import Session
from cards.sso.queries import provider_of
from cards.sso.refusals import Refusal, refuse

if TYPE_CHECKING:
    from cards.spaces.middleware import HostRequest
    from cards.spaces.models import Space

# The sessions that begin here.
BACKEND = "cards.people.backend.SsoBackend"


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002
        return False

    def get_requests_session(self) -> Session:
        return Session()

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The provider of the space that the host names, and no other: two spaces' providers cannot be mixed up."""
        ours = provider_of(cast("HostRequest", request).space)
        fits = ours is not None and provider in (None, ours.protocol) and client_id in (None, ours.client_id)
        return [app_of(ours)] if ours and fits else []

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        try:
            return super().get_provider(request, provider, client_id)
        except SocialApp.DoesNotExist:
            raise Http404 from None

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> Any:  # noqa: ARG002
        """Nothing of the provider's words goes into an account."""
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The provider says who it is; here we say whether they may enter, and as which account."""
        ours: Provider = sociallogin.provider.ours
        why = admit(ours, sociallogin)
        if why is not None:
            raise ImmediateHttpResponse(refuse(request, ours.space, why))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002 - allauth's own signature
    ) -> None:
        why = Refusal.FAILED
        if error == AuthError.CANCELLED:
            why = Refusal.CANCELLED
        elif isinstance(exception, RequestException):
            why = Refusal.UNAVAILABLE
        space: Space = provider.ours.space
        raise ImmediateHttpResponse(refuse(request, space, why, error=type(exception).__name__ if exception else ""))


def app_of(ours: Provider) -> SocialApp:
    """A provider in allauth's own shape, never saved: its table would hold the secret in clear."""
    app = SocialApp(
        provider=ours.protocol,
        provider_id=ours.subjects,
        name=ours.name[:40],
        client_id=ours.client_id,
        secret=ours.client_secret,
    )
    app.ours = ours
    return app


@transaction.atomic
def admit(ours: Provider, sociallogin: SocialLogin) -> Refusal | None:
    """Tie the sign-in to an account of the space, or say why not.

    Once by verified e-mail, which ties the account to the provider's subject; from then on by the subject alone.
    """
    if sociallogin.is_existing:
        sociallogin.user.backend = BACKEND
        return _why_not(ours, sociallogin.user)
    emails = [address.email for address in sociallogin.email_addresses if address.verified]
    if not emails:
        return Refusal.NOT_VERIFIED
    user = (
        User.objects.select_for_update()
        .filter(space_id=ours.space_id, email_key__in=[email_key(email) for email in emails])
        .first()
    )
    why = _why_not(ours, user)
    if user is None or why is not None:
        return why
    if SocialAccount.objects.filter(user=user, provider=ours.subjects).exists():
        return Refusal.SOMEBODY_ELSE
    sociallogin.user = sociallogin.account.user = user
    sociallogin.account.save()
    user.backend = BACKEND
    return None


def _why_not(ours: Provider, user: User | None) -> Refusal | None:
    if user is None or not user.is_active or user.space_id != ours.space_id:
        return Refusal.NO_ACCOUNT
    return None if user.connection_mode == ConnectionMode.SSO else Refusal.BY_PASSWORD
