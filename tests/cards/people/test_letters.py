"""What the letters say, to whom, and where their links lead."""

import re

import pytest
from django.test import override_settings

from cards import clock
from cards.people.letters import letter
from cards.people.models import ConnectionMode, Mail, MailKind, User

pytestmark = pytest.mark.django_db


def mail_to(user: User, kind: MailKind = MailKind.INVITATION) -> Mail:
    return Mail(space=user.space, user=user, kind=kind, created_at=clock.now())


@pytest.mark.requirement("R22")
def test_an_invitation_leads_to_choosing_a_password(lou: User) -> None:
    message = letter(mail_to(lou), lou)
    assert message.subject == "Welcome to the learning space of Acme"
    assert message.to == ["lou@acme.example"]
    assert re.search(r"Choose my password:\nhttps://acme\.example/account/password/[\w-]+/[\w-]+/\n", message.body)
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.requirement("R22")
def test_an_invitation_in_sso_mode_leads_to_signing_in_and_names_no_password_link(lou: User) -> None:
    lou.connection_mode = ConnectionMode.SSO
    message = letter(mail_to(lou), lou)
    assert "https://acme.example/account/login/" in message.body
    assert "/account/password/" not in message.body


@pytest.mark.parametrize("kind", MailKind)
def test_no_letter_gives_an_sso_account_a_password_link(lou: User, kind: MailKind) -> None:
    lou.connection_mode = ConnectionMode.SSO
    assert "/account/password/" not in letter(mail_to(lou, kind), lou).body


@pytest.mark.parametrize("kind", MailKind)
def test_text_and_html_carry_the_same_link(lou: User, kind: MailKind) -> None:
    message = letter(mail_to(lou, kind), lou)
    (html, content_type) = message.alternatives[0]
    link = re.findall(r"https://acme\.example/\S+", message.body)[0]
    assert content_type == "text/html"
    assert f'href="{link}"' in html


def test_a_letter_comes_in_the_name_of_the_space_from_the_server_s_address(lou: User) -> None:
    assert letter(mail_to(lou), lou).from_email == "Acme <cards@localhost>"


def test_a_name_of_two_lines_stops_no_letter(lou: User) -> None:
    lou.space.name = "Acme\nBcc: somebody@elsewhere.example"
    lou.space.save()
    sent = letter(Mail(space=lou.space, user=lou, kind=MailKind.INVITATION), lou).message()
    assert sent["Bcc"] is None
    assert "Acme Bcc: somebody" in str(sent["From"])


@override_settings(CARDS_PUBLIC_URL="http://{host}:8123")
def test_links_begin_as_the_setting_says(lou: User) -> None:
    assert "http://acme.example:8123/account/password/" in letter(mail_to(lou), lou).body


def test_a_name_cannot_put_markup_into_a_letter(lou: User) -> None:
    lou.first_name = "<b>Lou</b>"
    message = letter(mail_to(lou), lou)
    assert "Hello <b>Lou</b>," in message.body
    assert "&lt;b&gt;Lou&lt;/b&gt;" in str(message.alternatives[0][0])
