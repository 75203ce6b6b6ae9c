"""Nothing that a stranger puts into an address, a form or a header leads anywhere but here."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from cards.people.letters import letter
from cards.people.models import Mail, MailKind, User
from cards.spaces.models import Space
from tests.conftest import PASSWORD

ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https:evil.example",
    "https://acme.example@evil.example/",
    "https://acme.example.evil.example/",
    "http://acme.example:evil.example/",
    "javascript:alert(1)",
    "https://birch.example/",
    " https://evil.example/",
    "/\t/evil.example/",
]


def is_here(location: str) -> bool:
    return bool(re.fullmatch(r"/[^/\\].*|/", location))


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_no_form_that_leads_on_leads_to_another_site(
    elsewhere: str, ada: User, oscar: User, birch: Space, client_of: ClientOf
) -> None:
    """Every form with a `next`: in the query, in the form, and as the page one came from."""
    forms = {
        "/account/login/": (None, {"login": ada.email, "password": PASSWORD}),
        "/operator/login/": (None, {"login": oscar.email, "password": PASSWORD}),
        "/account/logout/": (ada, {}),
        "/operator/logout/": (oscar, {}),
        "/language/": (ada, {"language": "en"}),
        "/theme/": (ada, {"theme": "dark"}),
    }
    for address, (user, fields) in forms.items():
        for query, form in ((elsewhere, {}), ("", {"next": elsewhere})):
            client = client_of(user) if user else Client(SERVER_NAME="acme.example")
            asked = {"QUERY_STRING": f"next={query}".replace(" ", "%20")} if query else {}
            answer = client.post(address, fields | form, headers={"Referer": "https://evil.example/"}, **asked)
            assert answer.status_code == 302, address
            assert is_here(answer["Location"]), f"{address} leads to {answer['Location']}"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "acme.example.evil.example",
        "acme.example@evil.example",
        "acme.example/evil.example",
        "acme.example:evil",
        "acme.example, evil.example",
        "[::1]evil.example",
        "",
    ],
)
def test_a_host_that_is_not_ours_is_refused(host: str, acme: Space, birch: Space, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["acme.example", "birch.example"]
    assert Client(SERVER_NAME="").get("/account/login/", HTTP_HOST=host).status_code == 400


def test_a_host_claimed_in_another_header_changes_nothing(ada: User, zoe: User, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["acme.example", "birch.example"]
    claims = {"X-Forwarded-Host": "birch.example", "X-Host": "birch.example", "Forwarded": "host=birch.example"}
    page = Client(SERVER_NAME="acme.example").get("/account/login/", headers=claims).content.decode()
    assert "Acme" in page
    assert "Birch" not in page


@pytest.mark.parametrize("kind", [MailKind.FIRST_VISIT, MailKind.PASSWORD_RESET])
def test_a_link_in_a_mail_leads_to_the_space_whatever_host_was_claimed_when_it_was_asked_for(
    kind: MailKind, lou: User, settings: Settings
) -> None:
    """With one space, every allowed host is that space; a link must still be its own."""
    settings.ALLOWED_HOSTS = ["*"]
    address = {MailKind.FIRST_VISIT: "first-visit", MailKind.PASSWORD_RESET: "password/lost"}[kind]
    client = Client(SERVER_NAME="evil.example")
    client.post(f"/account/{address}/", {"email": lou.email}, headers={"X-Forwarded-Host": "evil.example"})
    mail = Mail.objects.get(kind=kind)
    written = letter(mail, lou)
    assert "https://acme.example/account/password/" in written.body
    assert "evil.example" not in f"{written}"


def test_a_session_gets_another_key_when_somebody_signs_in(ada: User) -> None:
    """Whoever planted the former key in a browser has nothing."""
    client = Client(SERVER_NAME="acme.example")
    client.post("/account/login/", {"login": ada.email, "password": "wrong"})
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    client.post("/account/login/", {"login": ada.email, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(ada.pk)
    assert client.session.session_key != session.session_key
    planted = Client(SERVER_NAME="acme.example")
    planted.cookies["sessionid"] = str(session.session_key)
    assert planted.get("/").status_code == 302


def test_a_session_of_one_space_shown_at_another_s_host_opens_nothing_there(ada: User, zoe: User) -> None:
    client = Client(SERVER_NAME="acme.example")
    client.post("/account/login/", {"login": ada.email, "password": PASSWORD})
    for address in ("/", "/users/", "/account/", "/settings/", "/integrations/"):
        answer = client.get(address, SERVER_NAME="birch.example")
        assert answer["Location"].startswith("/account/login/"), address


def test_a_sign_in_without_the_form_of_our_page_is_refused(ada: User) -> None:
    """Else somebody could be signed in to an account that is not theirs."""
    strict = Client(SERVER_NAME="acme.example", enforce_csrf_checks=True)
    answer = strict.post("/account/login/", {"login": ada.email, "password": PASSWORD})
    assert answer.status_code == 403
    assert "_auth_user_id" not in strict.session
