"""The addresses of SSO: where a sign-in starts, where the provider sends people back, what it may know of us.

Everything happens on the host of one space, with the one provider of that space.
"""

import secrets
from typing import TYPE_CHECKING, Any, cast

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.providers.base import AuthProcess, ProviderException
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.sessions import LoginSession
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from cards import clock
from cards.people.access import EVERYBODY, declared_open_to
from cards.sso.models import Protocol, Provider, SpentAssertion
from cards.sso.provider import OpenIdAdapter
from cards.sso.queries import provider_of
from cards.sso.refusals import Refusal, refuse
from cards.sso.saml import Assertion, SamlRefusedError, assertion_of, our_metadata, request_of

if TYPE_CHECKING:
    from cards.spaces.middleware import HostRequest

# No provider's response is larger; what strangers send is kept for a moment.
LARGEST_RESPONSE = 200_000

everybody = declared_open_to(*EVERYBODY)


@everybody
@require_GET
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Send somebody to the provider of the space, and remember where they wanted to go."""
    ours = _provider(request)
    if request.user.is_authenticated:
        return redirect("home")
    wish = request.GET.get("next", "")
    wanted = wish if wish and get_account_adapter(request).is_safe_url(wish) else None
    provider = get_adapter(request).get_provider(request, ours.protocol)
    try:
        if ours.protocol == Protocol.SAML:
            address, request_id = request_of(ours)
            provider.stash_redirect_state(request, AuthProcess.LOGIN, wanted, state_id=request_id)
            return redirect(address)
        nonce = secrets.token_urlsafe(24)
        answer = provider.redirect(request, AuthProcess.LOGIN, wanted, auth_params={"nonce": nonce}, nonce=nonce)
    except (RequestException, ProviderException, SamlRefusedError) as error:
        return refuse(request, ours.space, Refusal.UNAVAILABLE, error=type(error).__name__)
    return cast("HttpResponse", answer)


class _Callback(OAuth2CallbackView):  # type: ignore[misc]
    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, answer = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce", "")
        return state, answer


@everybody
@require_GET
@never_cache
def openid(request: HttpRequest) -> HttpResponse:
    """Where an OpenID provider sends people back, with a code."""
    ours = _provider(request, Protocol.OPENID)
    try:
        return cast("HttpResponse", _Callback.adapter_view(OpenIdAdapter(request))(request))
    except (RequestException, ProviderException) as error:
        return refuse(request, ours.space, Refusal.UNAVAILABLE, error=type(error).__name__)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        # A provider may answer anything, and allauth takes its answers as it expects them.
        return refuse(request, ours.space, Refusal.FAILED, error=type(error).__name__)


@everybody
@csrf_exempt
@require_POST
@never_cache
def saml(request: HttpRequest) -> HttpResponse:
    """Where a SAML provider has people's browsers post its response.

    A form of another site comes without our session's cookie: it is put aside, and read at the next address.
    """
    ours = _provider(request, Protocol.SAML)
    response = request.POST.get("SAMLResponse", "")
    if not response or len(response) > LARGEST_RESPONSE:
        return refuse(request, ours.space, Refusal.FAILED, error="no response")
    answer = redirect("sso_saml_finish")
    aside = _aside(request)
    aside.store["response"] = response
    aside.store.set_expiry(300)
    aside.save(answer)
    return answer


@everybody
@require_GET
@never_cache
def saml_finish(request: HttpRequest) -> HttpResponse:
    """Read the response that was put aside, and let in whom it names."""
    ours = _provider(request, Protocol.SAML)
    aside = _aside(request)
    response = aside.store.get("response", "")
    aside.delete()
    provider = get_adapter(request).get_provider(request, Protocol.SAML)
    try:
        assertion = assertion_of(ours, response)
        state = provider.unstash_redirect_state(request, assertion.answers)
        _spend(ours, assertion)
        login = provider.sociallogin_from_response(request, assertion)
    except (SamlRefusedError, PermissionDenied, ProviderException, ValueError) as error:
        return refuse(request, ours.space, Refusal.FAILED, error=type(error).__name__)
    login.state = state
    return cast("HttpResponse", complete_social_login(request, login))


@everybody
@require_GET
def saml_metadata(request: HttpRequest) -> HttpResponse:
    """What the provider's administrator gives to the provider."""
    ours = _provider(request, Protocol.SAML)
    return HttpResponse(our_metadata(ours), content_type="application/samlmetadata+xml")


def _provider(request: HttpRequest, protocol: str | None = None) -> Provider:
    ours = provider_of(cast("HostRequest", request).space)
    if ours is None or protocol not in (None, ours.protocol):
        raise Http404
    return ours


def _aside(request: HttpRequest) -> LoginSession:
    return LoginSession(request, "saml_aside", "saml-response")


def _spend(ours: Provider, assertion: Assertion) -> None:
    """Use an assertion, which can be done once. Those too old to be believed are forgotten."""
    SpentAssertion.objects.filter(provider=ours, expires_at__lt=clock.now()).delete()
    try:
        with transaction.atomic():
            SpentAssertion.objects.create(provider=ours, assertion_id=assertion.id, expires_at=assertion.expires_at)
    except IntegrityError:
        raise SamlRefusedError("used before") from None
