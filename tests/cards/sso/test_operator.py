"""The operator sets up a space's identity provider: what is asked of it, kept, shown, and written in the log."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.test import Client

from cards.audit.models import Entry
from cards.people.models import User
from cards.spaces.models import Space
from cards.sso.actions import configure, remove
from cards.sso.models import Provider
from cards.sso.outbound import Session
from tests.cards.sso.openid_provider import CLIENT_ID, SECRET, OpenIdProvider
from tests.cards.sso.saml_provider import saml_provider

ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db

ADD = "/operator/sso/provider/add/"


def answers(space: Space, openid: OpenIdProvider, **fields: Any) -> dict[str, Any]:
    openid_fields = {"protocol": "openid", "issuer": openid.issuer, "client_id": CLIENT_ID, "client_secret": SECRET}
    return {"space": space.pk, "name": "Acme account", "is_active": "on"} | openid_fields | fields


def test_the_operator_sets_up_openid_and_switches_it_on(
    acme: Space, openid: OpenIdProvider, oscar: User, client_of: ClientOf
) -> None:
    client = client_of(oscar)
    assert client.get(ADD).status_code == 200
    assert client.post(ADD, answers(acme, openid)).status_code == 302
    provider = Provider.objects.get()
    acme.refresh_from_db()
    assert (provider.client_secret, acme.sso_is_active) == (SECRET, True)
    page = client.get(f"/operator/sso/provider/{provider.pk}/change/").content.decode()
    assert "/account/sso/openid/" in page
    assert SECRET not in page
    assert provider.encrypted_secret not in page
    log = {entry.action: (entry.actor, entry.details) for entry in Entry.objects.all()}
    assert log["sso_configured"][0] == oscar
    assert log["space_changed"][1]["now"] == {"sso_is_active": True}
    assert SECRET not in str(log)


@pytest.mark.django_db(transaction=True)
def test_the_provider_is_asked_outside_of_any_transaction(
    acme: Space, openid: OpenIdProvider, oscar: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(oscar)
    asked = []
    send = Session.send

    def watched(session: Session, *args: Any, **options: Any) -> Any:
        asked.append(connection.in_atomic_block)
        return send(session, *args, **options)

    monkeypatch.setattr(Session, "send", watched)
    assert client.post(ADD, answers(acme, openid)).status_code == 302
    assert asked
    assert not any(asked)


def test_an_empty_secret_keeps_the_present_one(
    at_acme: Provider, openid: OpenIdProvider, oscar: User, client_of: ClientOf
) -> None:
    wanted = answers(at_acme.space, openid, name="Renamed", client_secret="")
    assert client_of(oscar).post(f"/operator/sso/provider/{at_acme.pk}/change/", wanted).status_code == 302
    at_acme.refresh_from_db()
    assert (at_acme.name, at_acme.client_secret) == ("Renamed", SECRET)
    told = Entry.objects.filter(action="sso_configured", actor=oscar)
    assert [(entry.target, entry.details) for entry in told] == [("openid", {"changed": ["name"]})]


def test_the_log_tells_of_a_new_secret_and_not_of_what_stayed(
    at_acme: Provider, birch: Space, openid: OpenIdProvider, oscar: User
) -> None:
    at_birch = Provider(space=birch, protocol="openid", name="Birch", issuer=openid.issuer, client_id="cards-at-birch")
    configure(provider=at_birch, by=None, client_secret=SECRET, is_active=True)
    configure(provider=at_birch, by=oscar, is_active=True)
    assert not Entry.objects.filter(actor=oscar).exists()
    configure(provider=at_birch, by=oscar, client_secret="another", is_active=True)
    told = Entry.objects.filter(actor=oscar)
    assert [(entry.space, entry.details) for entry in told] == [(birch, {"changed": ["client_secret"]})]


@pytest.mark.parametrize(
    "fields",
    [
        {"issuer": ""},
        {"client_id": ""},
        {"issuer": "http://login.example"},
        {"issuer": "https://user:password@login.example"},
        {"issuer": "file:///etc/passwd"},
        {"issuer": "not an address"},
        {"protocol": "saml", "metadata": "<a/>"},
        {"protocol": "saml", "metadata": ""},
        {"protocol": "saml", "metadata_url": "https://127.0.0.1:1/"},
    ],
)
def test_a_provider_that_could_not_work_is_not_kept(
    fields: dict[str, str], acme: Space, openid: OpenIdProvider, oscar: User, client_of: ClientOf
) -> None:
    assert client_of(oscar).post(ADD, answers(acme, openid) | fields).status_code == 200
    assert not Provider.objects.exists()


def test_metadata_are_read_once_from_their_address(
    acme: Space, openid: OpenIdProvider, oscar: User, client_of: ClientOf
) -> None:
    with saml_provider() as saml:
        openid.pages["/metadata"] = (200, {"Content-Type": "application/samlmetadata+xml"}, saml.metadata.encode())
        wanted = answers(acme, openid, protocol="saml", metadata_url=f"{openid.issuer}/metadata")
        assert client_of(oscar).post(ADD, wanted).status_code == 302
        assert Provider.objects.get().metadata.strip() == saml.metadata.strip()


def test_another_issuer_forgets_whom_the_former_one_knew_and_nobody_of_another_space(
    at_acme: Provider, sam: User, zoe: User
) -> None:
    SocialAccount.objects.create(user=sam, provider=at_acme.subjects, uid="s-1")
    of_birch = SocialAccount.objects.create(user=zoe, provider="sso-of-birch", uid="s-1")
    configure(provider=at_acme, by=None, is_active=True)
    assert SocialAccount.objects.count() == 2
    at_acme.issuer = "https://login.elsewhere.example"
    configure(provider=at_acme, by=None, is_active=True)
    assert SocialAccount.objects.get() == of_birch


def test_removing_the_provider_switches_sso_off(at_acme: Provider, sam: User, oscar: User, client_of: ClientOf) -> None:
    SocialAccount.objects.create(user=sam, provider=at_acme.subjects, uid="s-1")
    of_birch = SocialAccount.objects.create(user=oscar, provider="sso-of-birch", uid="s-1")
    client_of(oscar).post(f"/operator/sso/provider/{at_acme.pk}/delete/", {"post": "yes"})
    at_acme.space.refresh_from_db()
    assert not at_acme.space.sso_is_active
    assert SocialAccount.objects.get() == of_birch
    assert Entry.objects.get(action="sso_removed").space == at_acme.space


def test_nobody_but_operators_sets_up_a_provider(at_acme: Provider, ada: User, client_of: ClientOf) -> None:
    for address in ("", "add/", f"{at_acme.pk}/change/"):
        assert client_of(ada).get(f"/operator/sso/provider/{address}", follow=True).status_code == 403


@pytest.mark.parametrize("way", ["off", "elsewhere", "removed"])
def test_whoever_came_by_sso_is_out_when_the_provider_no_longer_vouches(
    way: str, at_acme: Provider, sam: User, ada: User
) -> None:
    by_sso, by_password = (Client(SERVER_NAME="acme.example") for _ in range(2))
    by_sso.force_login(sam, backend="cards.people.backend.SsoBackend")
    by_password.force_login(ada)
    configure(provider=at_acme, by=None, is_active=True)
    assert by_sso.get("/").status_code == 200
    if way == "removed":
        remove(provider=at_acme, by=None)
    else:
        at_acme.issuer += "/other" if way == "elsewhere" else ""
        configure(provider=at_acme, by=None, is_active=way == "elsewhere")
    assert by_sso.get("/").status_code == 302
    assert by_password.get("/").status_code == 200
