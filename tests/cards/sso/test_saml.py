"""Signing in at a SAML provider: who comes in, who does not, and what no response can get around."""

import base64
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from pytest_django.fixtures import Settings
from saml2.saml import NAMEID_FORMAT_EMAILADDRESS, NAMEID_FORMAT_TRANSIENT

from cards.people.models import ConnectionMode, User
from cards.spaces.models import Space
from cards.sso.actions import configure
from cards.sso.models import Protocol, Provider
from cards.sso.saml import SamlRefusedError, idp_of
from tests.cards.sso.saml_provider import SamlProvider, changed, saml_provider
from tests.conftest import a_user

pytestmark = pytest.mark.django_db

AT = "https://acme.example/account/sso/saml/"
AUDIENCE = "https://acme.example/account/sso/saml/metadata/"


@pytest.fixture(scope="module")
def saml() -> Iterator[SamlProvider]:
    with saml_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def another() -> Iterator[SamlProvider]:
    """It calls itself by the same name, and has another key."""
    with saml_provider() as provider:
        yield provider


@pytest.fixture
def at_acme(acme: Space, saml: SamlProvider, settings: Settings) -> Provider:
    settings.CARDS_PUBLIC_URL = "https://{host}"
    provider = Provider(
        space=acme, protocol=Protocol.SAML, name="Acme account", metadata=saml.metadata, vouched_domains="acme.example"
    )
    configure(provider=provider, by=None, is_active=True)
    acme.refresh_from_db()
    return provider


@pytest.fixture
def sam(at_acme: Provider) -> User:
    return a_user(at_acme.space, "Sam", connection_mode=ConnectionMode.SSO)


@pytest.fixture
def visitor(client_class: type[Client]) -> Client:
    return client_class(SERVER_NAME="acme.example")


def begin(client: Client, saml: SamlProvider, query: str = "") -> str:
    """Follow the button; the id of the request that the provider gets."""
    address = urlsplit(client.get(f"/account/sso/{query}")["Location"])
    assert f"https://{address.netloc}{address.path}" == "https://login.acme.example/saml/sso"
    return saml.request_id(parse_qs(address.query)["SAMLRequest"][0])


def post(client: Client, response: str) -> Any:
    """The browser posts the response, as a form of another site does, and follows."""
    answer = client.post("/account/sso/saml/", {"SAMLResponse": response}, headers={"Origin": "https://evil.example"})
    return client.get(answer["Location"]) if answer.status_code == 302 else answer


def come(client: Client, saml: SamlProvider, **options: Any) -> Any:
    options = {"answers": begin(client, saml), "at": AT, "audience": AUDIENCE, "email": "sam@acme.example"} | options
    return post(client, saml.response(**options))


def is_in(client: Client) -> bool:
    return bool(client.get("/").status_code == 200)


def test_somebody_with_an_account_comes_in_and_is_known_by_their_subject_from_then_on(
    visitor: Client, saml: SamlProvider, sam: User, client_class: type[Client]
) -> None:
    answer = come(visitor, saml)
    assert (answer.status_code, answer["Location"], is_in(visitor)) == (302, "/", True)
    account = SocialAccount.objects.get()
    assert (account.user, account.uid, account.extra_data) == (sam, "s-1", {})
    again = client_class(SERVER_NAME="acme.example")
    come(again, saml, email="renamed@elsewhere.example")
    assert again.session["_auth_user_id"] == str(sam.pk)


def test_a_stranger_is_refused_politely(visitor: Client, saml: SamlProvider, sam: User) -> None:
    answer = come(visitor, saml, email="stranger@acme.example")
    assert (answer.status_code, is_in(visitor)) == (403, False)
    assert "You have no account in this learning space" in answer.content.decode()


def test_an_e_mail_of_a_domain_that_nobody_vouches_for_is_not_believed(
    visitor: Client, saml: SamlProvider, sam: User, at_acme: Provider
) -> None:
    at_acme.vouched_domains = ""
    at_acme.save()
    assert "is verified" in come(visitor, saml).content.decode()
    assert not is_in(visitor)


def test_a_subject_that_changes_each_time_is_refused(visitor: Client, saml: SamlProvider, sam: User) -> None:
    assert come(visitor, saml, name_format=NAMEID_FORMAT_TRANSIENT).status_code == 403
    assert not is_in(visitor)


def test_an_e_mail_may_be_the_subject(visitor: Client, saml: SamlProvider, sam: User) -> None:
    come(visitor, saml, email="", subject=sam.email, name_format=NAMEID_FORMAT_EMAILADDRESS)
    assert is_in(visitor)


def test_a_long_subject_comes_in_as_a_short_one_does(visitor: Client, saml: SamlProvider, sam: User) -> None:
    come(visitor, saml, subject="s" * 256)
    assert is_in(visitor)


WRONG: dict[str, dict[str, Any]] = {
    "unsigned": {"sign_assertion": False},
    "signed around the assertion only": {"sign_assertion": False, "sign_response": True},
    "for another audience": {"audience": "https://birch.example/account/sso/saml/metadata/"},
    "for another address": {"at": "https://evil.example/account/sso/saml/"},
    "of another issuer": {"issuer": "https://login.evil.example/saml"},
    "an answer to nothing": {"answers": None},
    "an answer to somebody else": {"answers": "id-of-another-sign-in"},
    "signed as one no longer does": {"sign_alg": "http://www.w3.org/2000/09/xmldsig#rsa-sha1"},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_response_that_is_not_right_in_everything_lets_nobody_in(
    name: str, visitor: Client, saml: SamlProvider, sam: User
) -> None:
    answer = come(visitor, saml, **WRONG[name])
    assert (answer.status_code, is_in(visitor)) == (403, False)
    assert "could not be completed" in answer.content.decode()


def test_a_response_of_a_namesake_lets_nobody_in(
    visitor: Client, saml: SamlProvider, another: SamlProvider, sam: User
) -> None:
    answers = begin(visitor, saml)
    forged = another.response(answers=answers, at=AT, audience=AUDIENCE, email=sam.email)
    assert post(visitor, forged).status_code == 403
    assert not is_in(visitor)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sam@acme.example", "ada@acme.example"),
        (">s-1<", ">s-2<"),
        ("</ns1:Audience>", "</ns1:Audience><ns1:Audience>x</ns1:Audience>"),
    ],
)
def test_a_response_changed_after_it_was_signed_lets_nobody_in(
    old: str, new: str, visitor: Client, saml: SamlProvider, sam: User, ada: User
) -> None:
    right = saml.response(answers=begin(visitor, saml), at=AT, audience=AUDIENCE, email=sam.email)
    assert post(visitor, changed(right, old, new)).status_code == 403
    assert not is_in(visitor)


def test_a_signed_assertion_does_not_answer_another_request_in_an_unsigned_wrapping(
    visitor: Client, saml: SamlProvider, sam: User, client_class: type[Client]
) -> None:
    """Stolen before it was used, and put into a response that claims to answer the thief's own sign-in."""
    stolen = saml.response(answers=begin(visitor, saml), at=AT, audience=AUDIENCE, email=sam.email)
    thief = client_class(SERVER_NAME="acme.example")
    own = begin(thief, saml)
    text = base64.b64decode(stolen).decode()
    head, separator, rest = text.partition("<ns1:Assertion ")
    start = head.index('InResponseTo="') + len('InResponseTo="')
    rewritten = f"{head[:start]}{own}{head[head.index(chr(34), start) :]}"
    assert post(thief, base64.b64encode(f"{rewritten}{separator}{rest}".encode()).decode()).status_code == 403
    assert not is_in(thief)


def test_a_response_is_good_for_one_sign_in(
    visitor: Client, saml: SamlProvider, sam: User, client_class: type[Client]
) -> None:
    right = saml.response(answers=begin(visitor, saml), at=AT, audience=AUDIENCE, email=sam.email)
    post(visitor, right)
    assert is_in(visitor)
    visitor.post("/account/logout/")
    for client in (visitor, client_class(SERVER_NAME="acme.example")):
        assert post(client, right).status_code == 403
        assert not is_in(client)


def test_an_assertion_is_spent_even_where_the_same_request_is_still_open(
    visitor: Client, saml: SamlProvider, sam: User
) -> None:
    answers = begin(visitor, saml)
    states = visitor.session["socialaccount_states"]
    right = saml.response(answers=answers, at=AT, audience=AUDIENCE, email=sam.email)
    post(visitor, right)
    visitor.post("/account/logout/")
    session = visitor.session
    session["socialaccount_states"] = states
    session.save()
    visitor.cookies["sessionid"] = str(session.session_key)
    assert post(visitor, right).status_code == 403


def test_a_sign_in_that_the_provider_began_by_itself_lets_nobody_in(
    visitor: Client, saml: SamlProvider, sam: User
) -> None:
    """Else anybody could have somebody signed in to an account of their choice."""
    for answers in (None, "id-that-nobody-asked-for"):
        unsolicited = saml.response(answers=answers, at=AT, audience=AUDIENCE, email=sam.email)
        assert post(visitor, unsolicited).status_code == 403
        assert not is_in(visitor)


@pytest.mark.parametrize("wish", ["https://evil.example/", "//evil.example", "/\\evil.example", "/groups/"])
def test_where_one_is_led_is_said_by_the_request_and_never_by_the_response(
    wish: str, visitor: Client, saml: SamlProvider, sam: User
) -> None:
    answers = begin(visitor, saml, f"?next={wish}")
    right = saml.response(answers=answers, at=AT, audience=AUDIENCE, email=sam.email)
    claims = {"SAMLResponse": right, "RelayState": "https://evil.example/", "next": "https://evil.example/"}
    aside = visitor.post("/account/sso/saml/?next=https://evil.example/", claims)
    assert visitor.get(aside["Location"])["Location"] == (wish if wish == "/groups/" else "/")
    assert is_in(visitor)


def test_an_assertion_that_would_be_good_for_ever_lets_nobody_in(
    visitor: Client, saml: SamlProvider, sam: User
) -> None:
    right = {"answers": begin(visitor, saml), "at": AT, "audience": AUDIENCE, "email": sam.email}
    whole = base64.b64decode(saml.response(**right, sign_assertion=False)).decode()
    without_end = re.sub(r'(<ns1:SubjectConfirmationData) NotOnOrAfter="[^"]+"', r"\1", whole)
    assert without_end != whole
    answer = post(visitor, saml.signed(without_end))
    assert (answer.status_code, is_in(visitor)) == (403, False)


def test_an_unsigned_assertion_beside_a_signed_one_is_not_read(
    visitor: Client, saml: SamlProvider, sam: User, ada: User
) -> None:
    """Signature wrapping: the signed assertion stays whole, another one stands before, after or around it."""
    right = base64.b64decode(saml.response(answers=begin(visitor, saml), at=AT, audience=AUDIENCE, email=sam.email))
    head, separator, rest = right.decode().partition("<ns1:Assertion ")
    signed, end, tail = rest.partition("</ns1:Assertion>")
    signed = separator + signed + end
    own = signed[signed.index('ID="') + 4 :].split('"')[0]
    bare = (
        signed[: signed.index("<ns2:Signature")] + signed[signed.index("</ns2:Signature>") + len("</ns2:Signature>") :]
    )
    forged = bare.replace(own, "id-forged").replace("s-1", "s-2").replace(sam.email, ada.email)
    around = forged.replace("</ns1:Assertion>", f"<ns1:Advice>{signed}</ns1:Advice></ns1:Assertion>")
    for wrapped in (forged + signed, signed + forged, around):
        text = head + wrapped + tail
        assert post(visitor, base64.b64encode(text.encode()).decode()).status_code == 403
        assert not is_in(visitor)


def test_a_response_for_one_space_is_none_at_another_s_host(
    visitor: Client, saml: SamlProvider, sam: User, birch: Space
) -> None:
    """Both spaces use the same provider; the same browser, its cookie moved by hand."""
    theirs = Provider(
        space=birch, protocol=Protocol.SAML, name="Birch", metadata=saml.metadata, vouched_domains="acme.example"
    )
    configure(provider=theirs, by=None, is_active=True)
    namesake = a_user(birch, "Sam", connection_mode=ConnectionMode.SSO)
    namesake.email = sam.email
    namesake.save()
    right = saml.response(answers=begin(visitor, saml), at=AT, audience=AUDIENCE, email=sam.email)
    aside = visitor.post("/account/sso/saml/", {"SAMLResponse": right}, SERVER_NAME="birch.example")
    assert visitor.get(aside["Location"], SERVER_NAME="birch.example").status_code == 403
    assert "_auth_user_id" not in visitor.session


@pytest.mark.parametrize("response", ["", "nonsense", "A" * 300_000, base64.b64encode(b"<a/>").decode()])
def test_whatever_is_posted_its_sender_gets_a_page(response: str, visitor: Client, sam: User) -> None:
    answer = post(visitor, response)
    assert answer.status_code == 403
    assert "could not be completed" in answer.content.decode()


def test_a_document_that_names_files_is_not_read(visitor: Client, sam: User) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    assert post(visitor, base64.b64encode(bomb).decode()).status_code == 403
    with pytest.raises(SamlRefusedError):
        idp_of(bomb.decode())


def test_nothing_put_aside_means_nothing_to_finish(visitor: Client, sam: User) -> None:
    assert visitor.get("/account/sso/saml/finish/").status_code == 403


def test_the_provider_s_administrator_gets_our_metadata(visitor: Client, at_acme: Provider) -> None:
    answer = visitor.get("/account/sso/saml/metadata/")
    text = answer.content.decode()
    assert answer["Content-Type"] == "application/samlmetadata+xml"
    assert f'entityID="{AUDIENCE}"' in text
    assert f'Location="{AT}"' in text
    assert 'WantAssertionsSigned="true"' in text


def test_a_claimed_host_changes_nothing_of_what_the_provider_is_told(
    at_acme: Provider, saml: SamlProvider, client_class: type[Client]
) -> None:
    """A deployment with one space answers on any allowed host, and still names the space's own."""
    client = client_class(SERVER_NAME="evil.example", HTTP_X_FORWARDED_HOST="evil.example")
    assert "evil" not in client.get("/account/sso/saml/metadata/").content.decode()
