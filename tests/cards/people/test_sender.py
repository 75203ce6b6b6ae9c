"""Handing mails to a real mail server: at most once each, unless it is certain that one was not sent."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from cards import clock
from cards.people import outbox, sender
from cards.people.models import Mail, MailKind, MailState, User
from cards.people.sender import MailError
from cards.spaces.models import Space
from tests.cards.people.smtp import Inbox, mail_server
from tests.cards.runs.conftest import free_port
from tests.conftest import a_user

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def inbox(settings: Settings) -> Iterator[Inbox]:
    with mail_server() as (inbox, port), clock.told(NOON):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 2
        yield inbox


@pytest.fixture
def mail(lou: User, inbox: Inbox) -> Mail:
    """Lou's invitation, due now."""
    outbox.invite(users=[lou])
    return Mail.objects.get()


def sent(mail: Mail, *, after: timedelta = timedelta(0)) -> tuple[str, int, str]:
    """Let the sender do its work; the mail's state, attempts and error."""
    with clock.told(NOON + after):
        sender.send_due()
    mail.refresh_from_db()
    return mail.state, mail.attempts, mail.last_error


def test_an_accepted_mail_is_sent_once(mail: Mail, inbox: Inbox) -> None:
    assert sent(mail) == (MailState.SENT, 1, "")
    assert mail.sent_at == NOON
    sender.send_due()
    sender.deliver.call(mail.pk)
    assert inbox.recipients == ["lou@acme.example"]


def test_many_mails_leave_over_one_connection(acme: Space, inbox: Inbox) -> None:
    outbox.invite(users=[a_user(acme, f"User{number}") for number in range(25)])
    sender.send_due()
    assert len(inbox.accepted) == 25
    assert inbox.connections == 1


@pytest.mark.parametrize(
    ("at_recipient", "at_content", "error"),
    [
        ("550 No such user", "250 OK", MailError.ADDRESS_REFUSED),
        ("250 OK", "554 Looks like spam", MailError.REFUSED),
    ],
)
def test_a_definite_refusal_fails_at_once_and_hinders_no_other(
    mail: Mail, inbox: Inbox, acme: Space, at_recipient: str, at_content: str, error: MailError
) -> None:
    inbox.answers["lou@acme.example"], inbox.at_data["lou@acme.example"] = at_recipient, at_content
    outbox.invite(users=[a_user(acme, "Noé")])
    assert sent(mail) == (MailState.FAILED, 1, error)
    assert inbox.recipients == ["noe@acme.example"]


@pytest.mark.parametrize("greylists_at", ["answers", "at_data"])
def test_a_greylisted_mail_is_tried_again_later(mail: Mail, inbox: Inbox, greylists_at: str) -> None:
    getattr(inbox, greylists_at)["lou@acme.example"] = "451 Try again later"
    assert sent(mail) == (MailState.HELD, 1, MailError.LATER)
    assert mail.release_at == NOON + sender.DELAYS[0]
    getattr(inbox, greylists_at).clear()
    assert sent(mail)[0] == MailState.HELD
    assert sent(mail, after=sender.DELAYS[0]) == (MailState.SENT, 2, "")


def test_a_mail_that_is_never_taken_fails_after_a_bounded_number_of_attempts(mail: Mail, inbox: Inbox) -> None:
    inbox.answers["lou@acme.example"] = "451 Try again later"
    attempts = [sent(mail, after=timedelta(days=day)) for day in range(len(sender.DELAYS) + 2)]
    assert [state for state, _, _ in attempts] == ["held"] * len(sender.DELAYS) + ["failed", "failed"]
    assert attempts[-1] == (MailState.FAILED, len(sender.DELAYS) + 1, MailError.LATER)


@pytest.mark.parametrize("content", ["drop", "drop after keeping"])
def test_a_mail_whose_connection_broke_is_perhaps_sent_and_never_sent_again_by_itself(
    mail: Mail, inbox: Inbox, acme: Space, ada: User, content: str
) -> None:
    inbox.at_data["lou@acme.example"] = content
    outbox.invite(users=[a_user(acme, "Noé")])
    assert sent(mail) == (MailState.SENDING, 1, MailError.UNKNOWN)
    inbox.at_data.clear()
    assert sent(mail, after=timedelta(days=9))[0] == MailState.SENDING
    assert inbox.recipients.count("lou@acme.example") == (content != "drop")
    assert "noe@acme.example" in inbox.recipients
    outbox.send_again(user=mail.user, by=ada)
    assert sent(mail) == (MailState.SENT, 1, "")


def test_a_mail_whose_sender_was_killed_is_perhaps_sent(mail: Mail, inbox: Inbox) -> None:
    Mail.objects.update(state=MailState.SENDING)
    assert sent(mail, after=timedelta(days=9))[0] == MailState.SENDING
    assert inbox.accepted == []


def test_while_the_mail_server_is_dead_everything_that_is_due_waits(
    settings: Settings, acme: Space, lou: User, ada: User
) -> None:
    with mail_server() as (_, port):
        pass
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    with clock.told(NOON):
        outbox.invite(users=[lou, ada])
        outbox.request(space=acme, typed_email=lou.email, kind=MailKind.FIRST_VISIT)
        Mail.objects.filter(user=ada).update(attempts=1)
        sender.deliver.call(Mail.objects.get(user=None).pk)
        sender.send_due()
    waiting = Mail.objects.values_list("state", "attempts", "last_error", "release_at").order_by("attempts")
    assert list(waiting) == [("held", tries, "unreachable", NOON + sender.DELAYS[tries - 1]) for tries in (1, 1, 2)]


def test_a_mail_outlives_a_weekend_without_mail_server_and_leaves_within_an_hour_of_its_end(
    mail: Mail, inbox: Inbox
) -> None:
    inbox.answers["lou@acme.example"] = "451 Try again later"
    for hours in range(64):
        assert sent(mail, after=timedelta(hours=hours))[0] == MailState.HELD
    inbox.answers.clear()
    assert sent(mail, after=timedelta(hours=64))[0] == MailState.SENT


def test_a_connection_that_the_server_closed_between_two_mails_is_opened_anew(acme: Space, inbox: Inbox) -> None:
    inbox.answers["bo@acme.example"] = "421 Too many mails on this connection"
    outbox.invite(users=[a_user(acme, name) for name in ("Al", "Bo", "Cy")])
    sender.send_due()
    assert inbox.recipients == ["al@acme.example", "cy@acme.example"]
    assert Mail.objects.get(user__first_name="Bo").last_error == MailError.LATER


def test_somebody_who_typed_an_address_without_account_gets_nothing(acme: Space, lou: User, inbox: Inbox) -> None:
    for typed in (lou.email.upper(), "nobody@acme.example"):
        outbox.request(space=acme, typed_email=typed, kind=MailKind.PASSWORD_RESET)
    for mail in Mail.objects.all():
        sender.deliver.call(mail.pk)
    assert inbox.recipients == ["lou@acme.example"]
    assert sorted(Mail.objects.values_list("state", flat=True)) == ["sent", "withdrawn"]


def test_a_closed_account_gets_no_invitation(mail: Mail, inbox: Inbox) -> None:
    User.objects.update(is_active=False)
    assert sent(mail)[0] == MailState.WITHDRAWN
    assert inbox.accepted == []


def test_a_mail_of_a_kind_that_a_later_version_made_waits_and_hinders_no_other(
    mail: Mail, inbox: Inbox, ada: User
) -> None:
    Mail.objects.update(kind="of_tomorrow")
    outbox.invite(users=[ada])
    assert sent(mail) == (MailState.HELD, 1, MailError.NOT_WRITTEN)
    assert inbox.recipients == [ada.email]


def test_the_tick_sends_what_is_due(mail: Mail, inbox: Inbox) -> None:
    from cards.runs.tick import tick

    tick(all_chores=True)
    assert inbox.recipients == ["lou@acme.example"]


def test_a_host_sees_that_the_mail_server_takes_mails(inbox: Inbox, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("send_test_mail", "oscar@cards.example")
    assert inbox.recipients == ["oscar@cards.example"]
    assert "took a mail for oscar@cards.example" in capsys.readouterr().out


def test_a_host_reads_why_the_mail_server_does_not(inbox: Inbox, settings: Settings) -> None:
    inbox.answers["oscar@cards.example"] = "550 Relaying denied"
    with pytest.raises(CommandError, match=r"did not take it: .*Relaying denied"):
        call_command("send_test_mail", "oscar@cards.example")
    settings.EMAIL_PORT = free_port()
    with pytest.raises(CommandError, match=r"did not take it: .*refused"):
        call_command("send_test_mail", "oscar@cards.example")
