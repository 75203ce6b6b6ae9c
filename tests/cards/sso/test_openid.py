"""Signing in at an OpenID provider: who comes in, who does not, and what no token and no address can get around."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from cards.audit.models import Entry
from cards.people import actions
from cards.people.models import ConnectionMode, Role, User
from cards.spaces.models import Space
from cards.sso.actions import configure
from cards.sso.id_token import IdTokenRefusedError, claims_of
from cards.sso.models import Provider
from tests.cards.sso.openid_provider import CLIENT_ID, SECRET, OpenIdProvider, new_key, unsigned
from tests.conftest import PASSWORD, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_throttle_from_other_tests() -> None:
    cache.clear()


def begin(client: Client, query: str = "") -> dict[str, str]:
    """Follow the button; what the provider is asked."""
    answer = client.get(f"/account/sso/{query}")
    assert answer.status_code == 302, answer.content
    return {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}


def finish(client: Client, openid: OpenIdProvider, asked: dict[str, str]) -> Any:
    """The provider sends the browser back."""
    return client.get("/account/sso/openid/", {"state": asked["state"], "code": openid.code(asked["nonce"])})


def come(client: Client, openid: OpenIdProvider, **claims: Any) -> Any:
    openid.claims = {"email": "sam@acme.example", "email_verified": True} | claims
    return finish(client, openid, begin(client))


def is_in(client: Client) -> bool:
    return bool(client.get("/").status_code == 200)


@pytest.fixture
def visitor(client_class: type[Client]) -> Client:
    return client_class(SERVER_NAME="acme.example")


def test_somebody_with_an_account_comes_in_and_is_known_by_their_subject_from_then_on(
    visitor: Client, openid: OpenIdProvider, sam: User, client_class: type[Client]
) -> None:
    answer = come(visitor, openid)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert visitor.session["_auth_user_id"] == str(sam.pk)
    account = SocialAccount.objects.get()
    assert (account.user, account.uid, account.extra_data) == (sam, "s-1", {})
    again = client_class(SERVER_NAME="acme.example")
    come(again, openid, email="another@acme.example", email_verified=False)
    assert again.session["_auth_user_id"] == str(sam.pk)


def test_a_namesake_who_was_taken_for_somebody_gives_the_account_back(
    acme: Space, visitor: Client, openid: OpenIdProvider, sam: User, client_class: type[Client]
) -> None:
    come(visitor, openid, sub="s-namesake")
    owner = a_user(acme, "Ada", Role.OWNER)
    sam.refresh_from_db()
    account = {"first_name": "Sam", "last_name": "Martin", "language": "en", "connection_mode": "sso"}
    actions.change_user(user=sam, by=owner, email="sam2@acme.example", **account)
    right = client_class(SERVER_NAME="acme.example")
    assert "belongs to another person" in come(right, openid, sub="s-right", email="sam2@acme.example").content.decode()
    actions.reset_sign_in(user=sam, by=owner)
    assert not is_in(visitor)
    come(right, openid, sub="s-right", email="sam2@acme.example")
    assert is_in(right)
    come(visitor, openid, sub="s-namesake")
    assert not is_in(visitor)


def test_nothing_of_the_provider_is_kept_in_clear(visitor: Client, openid: OpenIdProvider, sam: User) -> None:
    come(visitor, openid)
    assert not SocialApp.objects.exists()
    assert not SocialToken.objects.exists()
    stored = Provider.objects.get()
    assert SECRET not in str(vars(stored))
    assert stored.client_secret == SECRET


def test_the_provider_is_asked_with_state_nonce_and_proof_of_the_code(
    visitor: Client, openid: OpenIdProvider, sam: User, settings: Settings
) -> None:
    settings.CARDS_PUBLIC_URL = "https://{host}"
    asked = begin(visitor)
    assert (asked["code_challenge_method"], asked["scope"].split()) == ("S256", ["email", "openid"]) or set(
        asked["scope"].split()
    ) == {"openid", "email"}
    assert asked["redirect_uri"] == "https://acme.example/account/sso/openid/"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 16
    finish(visitor, openid, asked)
    sent = dict(openid.asked)["/token"]
    assert len(sent["code_verifier"]) >= 43


def test_one_comes_back_to_the_page_one_wanted_on_this_host_only(
    visitor: Client, openid: OpenIdProvider, sam: User, client_class: type[Client]
) -> None:
    openid.claims = {"email": sam.email, "email_verified": True}
    assert finish(visitor, openid, begin(visitor, "?next=/groups/"))["Location"] == "/groups/"
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        other = client_class(SERVER_NAME="acme.example")
        assert finish(other, openid, begin(other, f"?next={elsewhere}"))["Location"] == "/"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_stranger_is_refused_politely_and_no_account_is_made(
    visitor: Client, openid: OpenIdProvider, sam: User, language: str
) -> None:
    number = User.objects.count()
    openid.claims = {"sub": "s-2", "email": "stranger@acme.example", "email_verified": True}
    asked = begin(visitor)
    answer = visitor.get(
        "/account/sso/openid/",
        {"state": asked["state"], "code": openid.code(asked["nonce"])},
        headers={"Accept-Language": language},
    )
    words = {"en": "You have no account in this learning space", "fr": "Vous n’avez pas de compte"}[language]
    assert answer.status_code == 403
    assert words in answer.content.decode()
    assert not is_in(visitor)
    assert User.objects.count() == number
    entry = Entry.objects.get(action="sso_refused")
    assert "stranger" not in f"{entry.target} {entry.details}"


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"email_verified": False}, "does not say that your e-mail is verified"),
        ({"email_verified": "false"}, "does not say that your e-mail is verified"),
        ({"email_verified": None}, "does not say that your e-mail is verified"),
        ({"email": None}, "does not say that your e-mail is verified"),
        ({"email": "lou@acme.example"}, "used with an e-mail and a password"),
        ({"email": "max@acme.example"}, "You have no account"),
        ({"email": "zoe@birch.example"}, "You have no account"),
        ({"email": "oscar@cards.example"}, "You have no account"),
    ],
)
def test_only_an_active_sso_account_of_the_space_with_a_verified_e_mail_comes_in(
    claims: dict[str, Any],
    words: str,
    visitor: Client,
    openid: OpenIdProvider,
    sam: User,
    lou: User,
    zoe: User,
    oscar: User,
) -> None:
    a_user(sam.space, "Max", connection_mode=ConnectionMode.SSO, is_active=False)
    answer = come(visitor, openid, **claims)
    assert (answer.status_code, is_in(visitor), words in answer.content.decode()) == (403, False, True)
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("said", ["true", "True"])
def test_a_provider_may_say_in_letters_that_an_e_mail_is_verified(
    said: str, visitor: Client, openid: OpenIdProvider, sam: User
) -> None:
    come(visitor, openid, email_verified=said)
    assert is_in(visitor)


@pytest.mark.parametrize(("domain", "enters"), [("acme.example", True), ("birch.example", False)])
def test_where_the_provider_says_nothing_the_operator_vouches_for_domains(
    domain: str, enters: bool, visitor: Client, openid: OpenIdProvider, sam: User, at_acme: Provider
) -> None:
    at_acme.vouched_domains = domain
    at_acme.save()
    come(visitor, openid, email_verified=None)
    assert is_in(visitor) is enters


def test_a_vouched_domain_does_not_outdo_the_provider_s_own_no(
    visitor: Client, openid: OpenIdProvider, sam: User, at_acme: Provider
) -> None:
    at_acme.vouched_domains = "acme.example"
    at_acme.save()
    come(visitor, openid, email_verified=False)
    assert not is_in(visitor)


def test_an_account_that_is_tied_is_not_taken_over_by_somebody_with_its_e_mail(
    visitor: Client, openid: OpenIdProvider, sam: User, client_class: type[Client]
) -> None:
    come(visitor, openid)
    other = client_class(SERVER_NAME="acme.example")
    answer = come(other, openid, sub="s-2")
    assert "belongs to another person" in answer.content.decode()
    assert not is_in(other)


def test_subjects_of_any_length_are_told_apart(
    visitor: Client, openid: OpenIdProvider, sam: User, client_class: type[Client]
) -> None:
    longest = "s" * 255
    come(visitor, openid, sub=longest)
    assert is_in(visitor)
    for subject, enters in ((longest, True), (longest[:-1] + "t", False)):
        other = client_class(SERVER_NAME="acme.example")
        come(other, openid, sub=subject)
        assert is_in(other) is enters


def test_an_account_deactivated_or_given_a_password_is_out_at_the_next_sign_in(
    visitor: Client, openid: OpenIdProvider, sam: User, client_class: type[Client]
) -> None:
    come(visitor, openid)
    for fields in ({"is_active": False}, {"is_active": True, "connection_mode": ConnectionMode.PASSWORD}):
        User.objects.filter(pk=sam.pk).update(**fields)
        other = client_class(SERVER_NAME="acme.example")
        assert come(other, openid).status_code == 403
        assert not is_in(other)


def wrong(openid: OpenIdProvider, **claims: Any) -> str:
    return jwt.encode(openid.right_claims() | claims, openid.key, algorithm="RS256", headers={"kid": openid.key_id})


FORGED: dict[str, Callable[[OpenIdProvider, dict[str, Any]], str]] = {
    "no signature": lambda openid, claims: unsigned(claims),
    "a shared secret": lambda openid, claims: jwt.encode(
        claims, SECRET * 2, algorithm="HS256", headers={"kid": openid.key_id}
    ),
    "another key": lambda openid, claims: jwt.encode(
        claims, new_key(), algorithm="RS256", headers={"kid": openid.key_id}
    ),
    "an unknown key": lambda openid, claims: jwt.encode(
        claims, openid.key, algorithm="RS256", headers={"kid": "nobody's"}
    ),
    "not a token": lambda openid, claims: "nonsense",
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token_lets_nobody_in(name: str, visitor: Client, openid: OpenIdProvider, sam: User) -> None:
    asked = begin(visitor)
    claims = openid.right_claims(asked["nonce"]) | {"email": sam.email, "email_verified": True}
    openid.token = FORGED[name](openid, claims)
    assert finish(visitor, openid, asked).status_code == 403
    assert not is_in(visitor)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://accounts.evil.example"},
        {"aud": "another client"},
        {"aud": [CLIENT_ID, "another client"]},
        {"azp": "another client"},
        {"exp": 1_000_000_000},
        {"iat": 9_000_000_000},
        {"nonce": "of another sign-in"},
    ],
)
def test_a_token_that_is_not_for_us_now_lets_nobody_in(
    claims: dict[str, Any], visitor: Client, openid: OpenIdProvider, sam: User
) -> None:
    assert come(visitor, openid, **claims).status_code == 403
    assert not is_in(visitor)


@pytest.mark.parametrize("claims", [{"aud": [CLIENT_ID]}, {"aud": [CLIENT_ID, "another client"], "azp": CLIENT_ID}])
def test_a_token_may_name_us_in_a_list(
    claims: dict[str, Any], visitor: Client, openid: OpenIdProvider, sam: User
) -> None:
    come(visitor, openid, **claims)
    assert is_in(visitor)


def test_a_provider_s_clock_may_be_off_by_some_seconds(visitor: Client, openid: OpenIdProvider, sam: User) -> None:
    come(visitor, openid, exp=int(time.time()) - 20)
    assert is_in(visitor)


def test_a_sign_in_without_a_nonce_believes_no_token(openid: OpenIdProvider) -> None:
    key = jwt.algorithms.RSAAlgorithm.to_jwk(openid.key.public_key(), as_dict=True) | {"kid": openid.key_id}
    asked = {"keys": {"keys": [key]}, "issuer": openid.issuer, "client_id": CLIENT_ID}
    assert claims_of(wrong(openid, nonce="of this one"), **asked, nonce="of this one")["sub"] == "s-1"
    with pytest.raises(IdTokenRefusedError, match="nonce"):
        claims_of(wrong(openid, nonce=""), **asked, nonce="")


@pytest.mark.parametrize("missing", ["iss", "aud", "exp", "iat", "sub", "nonce"])
def test_a_token_in_which_something_is_missing_lets_nobody_in(
    missing: str, visitor: Client, openid: OpenIdProvider, sam: User
) -> None:
    openid.removed = {missing}
    assert come(visitor, openid).status_code == 403
    assert not is_in(visitor)


def test_the_provider_s_keys_may_change(visitor: Client, openid: OpenIdProvider, sam: User) -> None:
    openid.key, openid.key_id = new_key(), "two"
    come(visitor, openid)
    assert is_in(visitor)


def test_a_sign_in_that_did_not_begin_here_does_not_end_here(
    visitor: Client, openid: OpenIdProvider, sam: User, client_class: type[Client]
) -> None:
    openid.claims = {"email": sam.email, "email_verified": True}
    asked = begin(visitor)
    stranger = client_class(SERVER_NAME="acme.example")
    assert finish(stranger, openid, asked).status_code == 403
    without_state = visitor.get("/account/sso/openid/", {"code": openid.code(asked["nonce"])})
    assert without_state.status_code == 403
    assert not is_in(stranger)
    assert not is_in(visitor)


def test_a_state_counts_once(visitor: Client, openid: OpenIdProvider, sam: User) -> None:
    openid.claims = {"email": sam.email, "email_verified": True}
    asked = begin(visitor)
    finish(visitor, openid, asked)
    visitor.post("/account/logout/")
    assert finish(visitor, openid, asked).status_code == 403


STOPPED, FAILED, AWAY = "You stopped before the end", "could not be completed", "sign-in does not answer"


@pytest.mark.parametrize(("error", "words"), [("access_denied", STOPPED), ("server_error", FAILED)])
def test_whoever_comes_back_without_a_sign_in_is_told_how_to_go_on(
    error: str, words: str, visitor: Client, openid: OpenIdProvider, sam: User
) -> None:
    asked = begin(visitor)
    answer = visitor.get("/account/sso/openid/", {"state": asked["state"], "error": error})
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/token", 400, FAILED),
        ("/token", 500, AWAY),
        ("/token", 503, AWAY),
        ("/keys", 500, AWAY),
        ("/.well-known/openid-configuration", 500, AWAY),
    ],
)
def test_whoever_met_a_failing_provider_is_told_how_to_go_on(
    path: str, status: int, words: str, visitor: Client, openid: OpenIdProvider, sam: User
) -> None:
    openid.claims = {"email": sam.email, "email_verified": True}
    asked = begin(visitor)
    openid.pages[path] = (status, {}, b"")
    assert words in finish(visitor, openid, asked).content.decode()


def test_what_the_userinfo_says_of_somebody_else_is_not_believed(
    visitor: Client, openid: OpenIdProvider, sam: User
) -> None:
    openid.userinfo = {"sub": "s-2", "email": sam.email, "email_verified": True}
    openid.removed = {"email", "email_verified"}
    assert come(visitor, openid).status_code == 403
    openid.userinfo["sub"] = "s-1"
    come(visitor, openid)
    assert is_in(visitor)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
@pytest.mark.parametrize(
    "page",
    [
        (500, {}, b""),
        (302, {"Location": "http://127.0.0.1/elsewhere"}, b""),
        (200, {"Content-Type": "application/json"}, b"not json"),
        (200, {"Content-Type": "application/json"}, b"[]"),
        (200, {"Content-Type": "application/json"}, b"{}"),
        (200, {"Content-Type": "application/json"}, b'{"keys": ["' + b"x" * 2_000_000 + b'"]}'),
        (200, {}, b"{}"),
    ],
)
def test_whatever_the_provider_answers_its_reader_gets_a_page(
    path: str, page: tuple[int, dict[str, str], bytes], visitor: Client, openid: OpenIdProvider, sam: User
) -> None:
    openid.claims = {"email": sam.email, "email_verified": True}
    asked = begin(visitor)
    openid.pages[path] = page
    answer = finish(visitor, openid, asked)
    assert answer.status_code == 403
    assert "You are not signed in" in answer.content.decode()
    assert not is_in(visitor)


def test_a_provider_that_calls_itself_by_another_name_is_not_asked_further(
    visitor: Client, openid: OpenIdProvider, at_acme: Provider
) -> None:
    at_acme.issuer = openid.issuer + "/"
    at_acme.save()
    assert visitor.get("/account/sso/").status_code == 403


def test_a_provider_of_one_space_lets_nobody_into_another(
    openid: OpenIdProvider, sam: User, birch: Space, client_class: type[Client]
) -> None:
    """Both spaces use the same provider, under two client ids: a token for one says nothing at the other."""
    theirs = Provider(space=birch, name="Birch account", issuer=openid.issuer, client_id="cards-at-birch")
    configure(provider=theirs, by=None, client_secret=SECRET, is_active=True)
    eve = a_user(birch, "Eve", connection_mode=ConnectionMode.SSO)
    at_birch = client_class(SERVER_NAME="birch.example")
    openid.claims = {"email": eve.email, "email_verified": True}
    assert finish(at_birch, openid, begin(at_birch)).status_code == 403
    openid.claims["aud"] = "cards-at-birch"
    finish(at_birch, openid, begin(at_birch))
    assert at_birch.session["_auth_user_id"] == str(eve.pk)
    asked = begin(client_class(SERVER_NAME="birch.example"))
    at_acme = client_class(SERVER_NAME="acme.example")
    assert finish(at_acme, openid, asked).status_code == 403


def test_a_sign_in_begun_at_one_space_does_not_end_at_another_s_host(
    visitor: Client, openid: OpenIdProvider, sam: User, birch: Space
) -> None:
    """The same browser, its cookie moved by hand: with the state of Acme's sign-in it comes to Birch's address."""
    theirs = Provider(space=birch, name="Birch account", issuer=openid.issuer, client_id="cards-at-birch")
    configure(provider=theirs, by=None, client_secret=SECRET, is_active=True)
    eve = a_user(birch, "Eve", connection_mode=ConnectionMode.SSO)
    asked = begin(visitor)
    for email in (sam.email, eve.email):
        openid.claims = {"email": email, "email_verified": True}
        brought = {"state": asked["state"], "code": openid.code(asked["nonce"])}
        assert visitor.get("/account/sso/openid/", brought, SERVER_NAME="birch.example").status_code == 403
    assert "_auth_user_id" not in visitor.session


def test_a_subject_known_in_one_space_is_nobody_in_another(
    openid: OpenIdProvider, visitor: Client, sam: User, birch: Space, client_class: type[Client]
) -> None:
    come(visitor, openid)
    theirs = Provider(space=birch, name="Birch account", issuer=openid.issuer, client_id="cards-at-birch")
    configure(provider=theirs, by=None, client_secret=SECRET, is_active=True)
    at_birch = client_class(SERVER_NAME="birch.example")
    openid.claims = {"aud": "cards-at-birch", "email": sam.email, "email_verified": True}
    answer = finish(at_birch, openid, begin(at_birch))
    assert "You have no account" in answer.content.decode()
    assert "_auth_user_id" not in at_birch.session


def test_the_query_chooses_neither_the_provider_nor_what_it_is_asked(
    visitor: Client, openid: OpenIdProvider, sam: User
) -> None:
    wishes = (
        "?iss=https://evil.example&client_id=evil&redirect_uri=https://evil.example/&scope=everything"
        "&process=connect&auth_params=prompt%3Dnone&provider=evil&target_link_uri=https://evil.example/"
    )
    answer = visitor.get(f"/account/sso/{wishes}")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}
    assert answer["Location"].startswith(f"{openid.issuer}/authorize?")
    assert (asked["client_id"], set(asked["scope"].split())) == (CLIENT_ID, {"openid", "email"})
    assert "evil" not in answer["Location"]
    assert visitor.post("/account/sso/").status_code == 405


def test_a_claimed_host_changes_nothing_of_where_the_provider_sends_people_back(
    openid: OpenIdProvider, sam: User, settings: Settings, client_class: type[Client]
) -> None:
    """A deployment with one space answers on any allowed host, and still names the space's own."""
    settings.CARDS_PUBLIC_URL = "https://{host}"
    client = client_class(SERVER_NAME="evil.example", HTTP_X_FORWARDED_HOST="evil.example")
    assert begin(client)["redirect_uri"] == "https://acme.example/account/sso/openid/"


@pytest.mark.requirement("R24")
def test_without_sso_nothing_of_it_is_shown_or_answers(
    visitor: Client, at_acme: Provider, openid: OpenIdProvider, sam: User
) -> None:
    configure(provider=at_acme, by=None, is_active=False)
    assert "Acme account" not in visitor.get("/account/login/").content.decode()
    for address in ("", "openid/", "saml/finish/", "saml/metadata/"):
        assert visitor.get(f"/account/sso/{address}").status_code == 404
    assert visitor.post("/account/sso/saml/").status_code == 404


def test_with_it_the_sign_in_page_offers_it(visitor: Client, at_acme: Provider) -> None:
    page = visitor.get("/account/login/?next=/users/").content.decode()
    assert "Sign in with Acme account" in page
    assert 'href="/account/sso/?next=/users/"' in page or 'href="/account/sso/?next=%2Fusers%2F"' in page


def test_a_lost_password_gives_an_sso_account_no_way_in(visitor: Client, sam: User) -> None:
    from cards.people.letters import password_link

    address = urlsplit(password_link(sam.space, sam)).path  # type: ignore[arg-type]
    page = visitor.get(address, follow=True)
    assert "no longer valid" in page.content.decode()
    visitor.post("/account/login/", {"login": sam.email, "password": PASSWORD})
    assert not is_in(visitor)
