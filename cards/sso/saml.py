"""SAML 2.0 as Cards speaks it: our side's settings, the request we send, the response we believe.

What we believe is signed by the provider, names us as its audience, answers a request of ours, and was not used before.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Saml
from onelogin.saml2.errors import OneLogin_Saml2_Error
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from cards.spaces.addresses import absolute
from cards.sso.models import Provider


class SamlRefusedError(Exception):
    """The response is not one that this provider made, now, for us and for this sign-in."""


@dataclass(frozen=True)
class Assertion:
    """What the provider says of somebody: `answers` is the id of our request, `attributes` lists of texts by name."""

    id: str
    answers: str
    expires_at: datetime
    subject: str
    subject_format: str
    attributes: dict[str, list[str]]


class _Response(OneLogin_Saml2_Response):  # type: ignore[misc]
    def get_audiences(self) -> list[str]:
        """The library lets an assertion pass that names no audience; ours must name us."""
        return super().get_audiences() or [""]

    def get_in_response_to(self) -> str | None:
        """The request that the assertion answers, which is signed; the library reads the response, which may not be."""
        confirmations = self._query_assertion("/saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData")
        answered = {confirmation.get("InResponseTo") for confirmation in confirmations}
        return answered.pop() if len(answered) == 1 else None


class _Auth(OneLogin_Saml2_Auth):  # type: ignore[misc]
    response_class = _Response


def idp_of(metadata: str) -> dict[str, Any]:
    """What a provider's metadata say: entity id, address, certificates. SamlRefusedError when they do not say it."""
    try:
        idp: dict[str, Any] = OneLogin_Saml2_IdPMetadataParser.parse(metadata.encode()).get("idp", {})
    except Exception as error:
        raise SamlRefusedError("metadata") from error
    if not (idp.get("entityId") and idp.get("singleSignOnService") and (idp.get("x509cert") or "x509certMulti" in idp)):
        raise SamlRefusedError("metadata")
    return idp


def our_metadata(provider: Provider) -> bytes:
    """What the provider's administrator gives to the provider."""
    ours: bytes | str = OneLogin_Saml2_Settings(_settings(provider), sp_validation_only=True).get_sp_metadata()
    return ours.encode() if isinstance(ours, str) else ours


def request_of(provider: Provider) -> tuple[str, str]:
    """Where to send somebody to sign in, and the id of the request, which the response must answer."""
    auth = _Auth(_asked_at(provider), _settings(provider))
    address: str = auth.login(return_to="")
    return address, str(auth.get_last_request_id())


def assertion_of(provider: Provider, response: str) -> Assertion:
    """What a response says, once everything about it is right but two things that need a memory: that we sent the
    request it answers, and that it was not used before."""
    auth = _Auth(_asked_at(provider) | {"post_data": {"SAMLResponse": response}}, _settings(provider))
    try:
        # Whatever a stranger sends reaches the parser before any signature is looked at.
        auth.process_response()
    except (OneLogin_Saml2_Error, SyntaxError, ValueError) as error:
        raise SamlRefusedError(type(error).__name__) from None
    if auth.get_errors() or not auth.is_authenticated():
        raise SamlRefusedError(auth.get_last_error_reason() or "not authenticated")
    if not auth.get_last_response_in_response_to():
        raise SamlRefusedError("it answers no request")
    ends = auth.get_last_assertion_not_on_or_after()
    if ends is None:
        # It would be good for ever; the library lets it pass. (SAML 2.0 Profiles, 4.1.4.2)
        raise SamlRefusedError("it has no end")
    return Assertion(
        id=str(auth.get_last_assertion_id()),
        answers=str(auth.get_last_response_in_response_to()),
        expires_at=datetime.fromtimestamp(ends, UTC),
        subject=auth.get_nameid() or "",
        subject_format=auth.get_nameid_format() or "",
        attributes=auth.get_attributes(),
    )


def _settings(provider: Provider) -> dict[str, Any]:
    return {
        "strict": True,
        "idp": idp_of(provider.metadata),
        "sp": {
            "entityId": absolute(provider.space, reverse("sso_saml_metadata")),
            "assertionConsumerService": {
                "url": absolute(provider.space, reverse("sso_saml")),
                "binding": Saml.BINDING_HTTP_POST,
            },
            "NameIDFormat": Saml.NAMEID_UNSPECIFIED,
        },
        "security": {
            "wantAssertionsSigned": True,
            "wantAttributeStatement": False,
            "rejectDeprecatedAlgorithm": True,
            "requestedAuthnContext": False,
            "allowRepeatAttributeName": True,
            # Our metadata hold for as long as the space does.
            "metadataValidUntil": "",
            "metadataCacheDuration": "",
        },
    }


def _asked_at(provider: Provider) -> dict[str, Any]:
    """The address at which responses arrive: the space's own, whatever host a request claims."""
    address = urlsplit(absolute(provider.space, reverse("sso_saml")))
    return {
        "https": "on" if address.scheme == "https" else "off",
        "http_host": address.netloc,
        "script_name": address.path,
        "get_data": {},
        "post_data": {},
    }
