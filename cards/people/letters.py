"""The letters Cards writes to people: what they say, in the reader's language. Sending them is the outbox's work."""

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cards.people.models import ConnectionMode, Mail, MailKind, User
from cards.spaces.addresses import absolute
from cards.spaces.models import Space


@dataclass(frozen=True)
class Words:
    """What a letter says: paragraphs before and after its one button."""

    subject: str
    opening: str
    button: str
    link: str
    closing: str


def letter(mail: Mail, user: User) -> EmailMultiAlternatives:
    """The letter that `mail` stands for, to `user`, with a fresh link."""
    sender = formataddr((mail.space.name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    with translation.override(user.language):
        words = _words(mail, user)
        context = {"words": words, "user": user, "space": mail.space, "language": user.language}
        message = EmailMultiAlternatives(
            subject=words.subject,
            body=render_to_string("people/letters/letter.txt", context),
            from_email=sender,
            to=[user.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
        message.attach_alternative(render_to_string("people/letters/letter.html", context), "text/html")
    return message


def password_link(space: Space, user: User) -> str:
    """The address where `user` of `space` sets a password. It works once and for a bounded time."""
    path = reverse(
        "set_password",
        kwargs={
            "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
            "token": default_token_generator.make_token(user),
        },
    )
    return absolute(space, path)


# Apps above write the words of their own kinds of mail; this app knows those kinds by name only.
_written_elsewhere: dict[str, Callable[[Space], Words]] = {}


def write_with(kind: MailKind, words: Callable[[Space], Words]) -> None:
    """Have the letters of `kind` say what `words` gives for their space; called from an app's `ready`."""
    _written_elsewhere[kind] = words


def _words(mail: Mail, user: User) -> Words:
    # A kind that only a later version knows is no letter here: ValueError.
    MailKind(mail.kind)
    if mail.kind in _written_elsewhere:
        return _written_elsewhere[mail.kind](mail.space)
    sign_in = absolute(mail.space, reverse("account_login"))
    space = {"space": mail.space.name}
    if user.connection_mode == ConnectionMode.SSO:
        return Words(
            subject=_("Your access to %(space)s") % space,
            opening=_(
                "You have an account in the learning space of %(space)s. "
                "You sign in with your company account: there is no password to choose."
            )
            % space,
            button=_("Sign in"),
            link=sign_in,
            closing="",
        )
    if mail.kind == MailKind.INVITATION:
        closing = _("Later, “First visit” on the sign-in page sends you a new one: %(address)s") % {"address": sign_in}
        return Words(
            subject=_("Welcome to the learning space of %(space)s") % space,
            opening=_("Your account in the learning space of %(space)s is ready. All it needs is a password.") % space,
            button=_("Choose my password"),
            link=password_link(mail.space, user),
            closing=f"{_validity()} {closing}",
        )
    ignore = _("You did not ask for this? Then leave this message aside: nothing changes.")
    if mail.kind == MailKind.FIRST_VISIT:
        return Words(
            subject=_("Your first visit to %(space)s") % space,
            opening=_("Choose a password, and you are in the learning space of %(space)s.") % space,
            button=_("Choose my password"),
            link=password_link(mail.space, user),
            closing=f"{_validity()} {ignore}",
        )
    return Words(
        subject=_("A new password for %(space)s") % space,
        opening=_("Choose a new password for the learning space of %(space)s.") % space,
        button=_("Choose a new password"),
        link=password_link(mail.space, user),
        closing=f"{_validity()} {ignore}",
    )


def _validity() -> str:
    days = settings.PASSWORD_RESET_TIMEOUT // 86_400
    return ngettext(
        "The link works once, for one day.", "The link works once, within the next %(days)d days.", days
    ) % {"days": days}
