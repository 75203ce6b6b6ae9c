"""Setting up a space's identity provider and switching its SSO on or off: the operator's acts, audited."""

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from cards.audit.actions import record
from cards.identity.sessions import forget_sessions
from cards.people.models import ConnectionMode, User
from cards.people.spaces import change_space
from cards.spaces.models import Space
from cards.sso.models import Protocol, Provider
from cards.sso.outbound import Session
from cards.sso.provider import discovered
from cards.sso.saml import idp_of

WRITTEN = ("protocol", "name", "issuer", "client_id", "metadata", "vouched_domains")


def check(provider: Provider) -> None:
    """Ask the provider whether it is what was typed; raises what `discovered` and `idp_of` raise."""
    if provider.protocol == Protocol.SAML:
        idp_of(provider.metadata)
    else:
        with Session() as session:
            discovered(provider.issuer, session)


@transaction.atomic
def configure(*, provider: Provider, by: User | None, client_secret: str = "", is_active: bool) -> None:
    """Keep what `provider` says, and switch the SSO of its space on or off. An empty secret keeps the former one.

    Another issuer means other people: whom the former one knew is forgotten, and is found again by verified e-mail.
    Whoever the former one let in is signed out; so is everybody who came by SSO when it is switched off.
    """
    former = Provider.objects.filter(pk=provider.pk).first()
    if client_secret:
        provider.client_secret = client_secret
    provider.save()
    if former is not None and identity_of(former) != identity_of(provider):
        SocialAccount.objects.filter(provider=provider.subjects).delete()
        _sign_out(provider.space)
    changed = [name for name in WRITTEN if former is None or getattr(former, name) != getattr(provider, name)]
    if client_secret:
        changed.append("client_secret")
    if changed:
        record("sso_configured", space=provider.space, by=by, target=provider.protocol, changed=sorted(changed))
    change_space(space=Space.objects.get(pk=provider.space_id), by=by, sso_is_active=is_active)
    if not is_active:
        _sign_out(provider.space)


@transaction.atomic
def remove(*, provider: Provider, by: User | None) -> None:
    """Forget the provider with its secret and whom it knew; the SSO of its space is off."""
    SocialAccount.objects.filter(provider=provider.subjects).delete()
    space = Space.objects.get(pk=provider.space_id)
    provider.delete()
    record("sso_removed", space=space, by=by)
    change_space(space=space, by=by, sso_is_active=False)
    _sign_out(space)


def _sign_out(space: Space) -> None:
    """End the sessions of those who come by SSO: nobody vouches for them any more."""
    by_sso = User.objects.filter(space=space, connection_mode=ConnectionMode.SSO)
    forget_sessions(by_sso.values_list("pk", flat=True))


def identity_of(provider: Provider) -> tuple[str, str]:
    """Whose subjects they are."""
    if provider.protocol == Protocol.SAML:
        return Protocol.SAML, str(idp_of(provider.metadata)["entityId"])
    return Protocol.OPENID, provider.issuer
