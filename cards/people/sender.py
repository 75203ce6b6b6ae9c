"""Handing the outbox's mails to the mail server: at most once each, unless it is certain that one was not sent.

A mail is marked as being sent before the server hears of it. If we die in between, it stays so ("perhaps sent"),
and nothing but a person sends it again.
"""

import smtplib
import time
from datetime import timedelta

import structlog
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from cards import clock
from cards.people.letters import letter
from cards.people.models import Mail, MailState, User

log = structlog.get_logger()

# How long a mail waits after each attempt that failed for the moment; when all are used up, it failed. Together three
# days: a mail server that went on Friday evening is mended on Monday.
DELAYS = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), *[timedelta(hours=1)] * 72]
SLICE_SECONDS = 3.0
AT_ONCE = 20


class MailError(models.TextChoices):
    """Why a mail has not been sent, or not yet."""

    ADDRESS_REFUSED = "address_refused", _("The mail server says that this address takes no mail.")
    REFUSED = "refused", _("The mail server refused the mail.")
    NOT_AN_ADDRESS = "not_an_address", _("This is not an address that mail can be sent to.")
    LATER = "later", _("The mail server asked to try again later.")
    UNREACHABLE = "unreachable", _("The mail server could not be reached.")
    UNKNOWN = "unknown", _("The connection broke while the mail was being sent: perhaps it arrived.")
    NOT_WRITTEN = "not_written", _("The mail could not be written.")


DEFINITE = (MailError.ADDRESS_REFUSED, MailError.REFUSED, MailError.NOT_AN_ADDRESS)


def error_of(error: Exception) -> MailError:
    """What an exception raised while a mail was handed over says about that mail."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
        return MailError.ADDRESS_REFUSED if all(code >= 500 for code in codes) else MailError.LATER
    if isinstance(error, smtplib.SMTPSenderRefused):
        # It is our own address that is refused: the operator mends that, and the mails can still leave.
        return MailError.LATER
    if isinstance(error, smtplib.SMTPResponseException):
        return MailError.REFUSED if error.smtp_code >= 500 else MailError.LATER
    if isinstance(error, (smtplib.SMTPServerDisconnected, OSError)):
        return MailError.UNKNOWN
    return MailError.NOT_AN_ADDRESS


def due() -> QuerySet[Mail]:
    """The mails that may leave now, those that waited longest first."""
    return Mail.objects.filter(state=MailState.HELD, release_at__lte=clock.now()).order_by("release_at", "pk")


def send_due() -> None:
    """Send what is due, for a few seconds. May be done by several processes at once."""
    began = time.monotonic()
    connection: BaseEmailBackend = get_connection()
    try:
        while time.monotonic() - began < SLICE_SECONDS:
            mails = list(due().select_related("user", "space")[:AT_ONCE])
            if not mails:
                return
            for mail in mails:
                if time.monotonic() - began >= SLICE_SECONDS:
                    return
                if not _ready(connection):
                    _postpone(due(), MailError.UNREACHABLE)
                    return
                _send(mail, connection)
    finally:
        _close(connection)


@task
def deliver(mail_id: int) -> None:
    """Send one mail that somebody waits for."""
    mail = due().select_related("user", "space").filter(pk=mail_id).first()
    if mail is None:
        return
    connection: BaseEmailBackend = get_connection()
    try:
        if _ready(connection):
            _send(mail, connection)
        else:
            _postpone(due().filter(pk=mail_id), MailError.UNREACHABLE)
    finally:
        _close(connection)


def recipient_of(mail: Mail) -> User | None:
    """Whom the mail goes to: None if the typed address has no account here, or the account is closed."""
    if mail.user is not None:
        return mail.user if mail.user.is_active else None
    return User.objects.filter(space=mail.space, email_key=mail.typed_email_key, is_active=True).first()


def _send(mail: Mail, connection: BaseEmailBackend) -> None:
    held = Mail.objects.filter(pk=mail.pk, state=MailState.HELD)
    user = recipient_of(mail)
    if user is None:
        held.update(state=MailState.WITHDRAWN)
        return
    try:
        message = letter(mail, user)
    except Exception as error:  # noqa: BLE001 - one mail that cannot be written must not hold the others back
        log.error("mail_not_written", mail=mail.pk, kind=mail.kind, error=type(error).__name__)  # noqa: TRY400
        _postpone(held, MailError.NOT_WRITTEN)
        return
    # Durable: a mail handed over while others still see it held would be sent twice.
    with transaction.atomic(durable=True):
        if not held.filter(release_at=mail.release_at).update(state=MailState.SENDING, attempts=F("attempts") + 1):
            return
    ours = Mail.objects.filter(pk=mail.pk, state=MailState.SENDING)
    try:
        connection.send_messages([message])
    except (smtplib.SMTPException, OSError, ValueError) as error:
        _close(connection)
        why = error_of(error)
        log.warning("mail_not_sent", mail=mail.pk, kind=mail.kind, why=why.value, error=type(error).__name__)
        if why in DEFINITE:
            ours.update(state=MailState.FAILED, last_error=why)
        elif why == MailError.UNKNOWN:
            ours.update(last_error=why)
        else:
            ours.update(state=MailState.HELD, attempts=F("attempts") - 1)
            _postpone(held, why)
    else:
        ours.update(state=MailState.SENT, sent_at=clock.now(), last_error="")


def _postpone(held: QuerySet[Mail], why: MailError) -> None:
    """Let mails that certainly were not sent wait for their next attempt, if they have one left."""
    # Evaluated once: what is due changes with the first update.
    pks = list(held.values_list("pk", flat=True))
    with transaction.atomic():
        mails = Mail.objects.filter(pk__in=pks, state=MailState.HELD)
        mails.filter(attempts__gte=len(DELAYS)).update(
            state=MailState.FAILED, attempts=F("attempts") + 1, last_error=why
        )
        # Downwards: what has got one attempt more is not met again.
        for attempts in list(mails.order_by("-attempts").values_list("attempts", flat=True).distinct()):
            mails.filter(attempts=attempts).update(
                attempts=attempts + 1, release_at=clock.now() + DELAYS[attempts], last_error=why
            )


def _ready(connection: BaseEmailBackend) -> bool:
    """Whether the mail server listens; a connection that it closed meanwhile is opened anew."""
    opened = getattr(connection, "connection", None)
    try:
        if opened is not None and opened.noop()[0] != 250:
            raise smtplib.SMTPServerDisconnected
    except (smtplib.SMTPException, OSError):
        _close(connection)
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        log.warning("mail_server_unreachable", error=type(error).__name__)
        return False
    return True


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        # Django keeps a connection that could not be closed; it must not be used again.
        connection.connection = None  # type: ignore[attr-defined]
