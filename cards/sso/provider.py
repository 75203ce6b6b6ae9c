"""The two protocols, as allauth knows them (it finds this module by its name). Nothing of a person is kept but the
subject: the text by which the provider knows them."""

from functools import cached_property
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import Provider as BaseProvider
from allauth.socialaccount.providers.base import ProviderAccount, ProviderException
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from django.http import HttpRequest
from django.urls import reverse
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Saml

from cards.people.models import email_key
from cards.spaces.addresses import absolute
from cards.sso.id_token import IdTokenRefusedError, claims_of
from cards.sso.models import Provider
from cards.sso.outbound import Session
from cards.sso.saml import Assertion

DISCOVERY = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
EMAILS = (
    "urn:oid:0.9.2342.19200300.100.1.3",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    "mail",
    "email",
)
# Names that stay when an e-mail changes, the surest first. (SAML V2.0 Subject Identifier Attributes; Entra)
SUBJECTS = (
    "urn:oasis:names:tc:SAML:attribute:subject-id",
    "urn:oasis:names:tc:SAML:attribute:pairwise-id",
    "http://schemas.microsoft.com/identity/claims/objectidentifier",
)


def is_verified(email: str, *, said: object, vouched_domains: str) -> bool:
    """Whether an e-mail is proven: by the provider's own word, or, where it says nothing, by the operator's."""
    if said is None:
        return email_key(email).rpartition("@")[2] in vouched_domains.casefold().split()
    return str(said).casefold() == "true"


def discovered(issuer: str, session: Session) -> dict[str, Any]:
    """What the provider says of itself at its well-known address; ProviderException when it is another one."""
    found = session.get(f"{issuer.rstrip('/')}{DISCOVERY}")
    found.raise_for_status()
    configuration = found.json()
    if not isinstance(configuration, dict) or configuration.get("issuer") != issuer:
        raise ProviderException("The provider calls itself by another name.")
    if not all(urlsplit(str(configuration.get(name, ""))).scheme for name in ENDPOINTS):
        raise ProviderException("The provider does not say where its endpoints are.")
    return configuration


class Account(ProviderAccount):  # type: ignore[misc]
    """Nothing but the subject."""


class OpenIdAdapter(OAuth2Adapter):  # type: ignore[misc]
    """The steps of OpenID Connect's code flow. `nonce` is what we sent when this sign-in began."""

    provider_id = "openid"
    nonce = ""

    @cached_property
    def configuration(self) -> dict[str, Any]:
        with Session() as session:
            return discovered(self.ours.issuer, session)

    @property
    def ours(self) -> Provider:
        ours: Provider = self.get_provider().ours
        return ours

    @property
    def authorize_url(self) -> str:
        return str(self.configuration["authorization_endpoint"])

    @property
    def access_token_url(self) -> str:
        return str(self.configuration["token_endpoint"])

    @property
    def basic_auth(self) -> bool:
        # RFC 8414: a provider that names no way takes this one.
        return "client_secret_basic" in self.configuration.get(
            "token_endpoint_auth_methods_supported", ["client_secret_basic"]
        )

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:  # noqa: ARG002 - allauth's own signature
        """On the space's own host, whatever host the request claims."""
        return absolute(self.ours.space, reverse("sso_openid"))

    def complete_login(
        self,
        request: HttpRequest,
        app: Any,  # noqa: ARG002 - allauth's own signature
        token: SocialToken,
        response: dict[str, Any],
    ) -> SocialLogin:
        with Session() as session:
            keys = session.get(self.configuration["jwks_uri"])
            keys.raise_for_status()
            try:
                claims = claims_of(
                    str(response.get("id_token", "")),
                    keys=keys.json(),
                    issuer=self.ours.issuer,
                    client_id=self.ours.client_id,
                    nonce=self.nonce,
                )
            except IdTokenRefusedError as error:
                raise ProviderException(f"ID token refused: {error}") from None
            if "email" not in claims and "userinfo_endpoint" in self.configuration:
                claims = self._with_more(claims, token, session)
        return self.get_provider().sociallogin_from_response(request, claims)

    def _with_more(self, claims: dict[str, Any], token: SocialToken, session: Session) -> dict[str, Any]:
        answer = session.get(
            self.configuration["userinfo_endpoint"], headers={"Authorization": f"Bearer {token.token}"}
        )
        answer.raise_for_status()
        more = answer.json()
        if more.get("sub") != claims["sub"]:
            raise ProviderException("The provider speaks of two people.")
        return {**more, **claims}


class _Ours(BaseProvider):  # type: ignore[misc]
    """What both protocols share."""

    account_class = Account
    supports_redirect = True

    @property
    def ours(self) -> Provider:
        ours: Provider = self.app.ours
        return ours

    def extract_extra_data(self, data: Any) -> dict[str, Any]:  # noqa: ARG002 - allauth's own signature
        return {}

    def addresses(self, email: object, said: object) -> list[EmailAddress]:
        if not isinstance(email, str) or not email.strip():
            return []
        verified = is_verified(email, said=said, vouched_domains=self.ours.vouched_domains)
        return [EmailAddress(email=email.strip(), verified=verified, primary=True)]


def kept(subject: str) -> str:
    """A subject as allauth keeps it: by its digest where it is longer, as OpenID Connect and SAML allow."""
    longest: int = SocialAccount._meta.get_field("uid").max_length
    return subject if len(subject) <= longest else sha256(subject.encode()).hexdigest()


class OpenId(_Ours, OAuth2Provider):  # type: ignore[misc]
    id = "openid"
    name = "OpenID Connect"
    oauth2_adapter_class = OpenIdAdapter
    pkce_enabled_default = True

    def get_default_scope(self) -> list[str]:
        return ["openid", "email"]

    def extract_uid(self, data: dict[str, Any]) -> str:
        return kept(str(data["sub"]))

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        return self.addresses(data.get("email"), data.get("email_verified"))


class SamlProvider(_Ours):
    id = "saml"
    name = "SAML"

    def extract_uid(self, data: Assertion) -> str:
        for name in SUBJECTS:
            if data.attributes.get(name):
                return kept(data.attributes[name][0])
        if data.subject_format == Saml.NAMEID_TRANSIENT or not data.subject:
            raise ProviderException("The provider gives no lasting name for a person.")
        return kept(data.subject)

    def extract_email_addresses(self, data: Assertion) -> list[EmailAddress]:
        email = next((data.attributes[name][0] for name in EMAILS if data.attributes.get(name)), None)
        if email is None and data.subject_format == Saml.NAMEID_EMAIL_ADDRESS:
            email = data.subject
        said = next(iter(data.attributes.get("email_verified", [])), None)
        return self.addresses(email, said)


provider_classes = [OpenId, SamlProvider]
