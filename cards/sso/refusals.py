"""Telling somebody who proved who they are, or tried to, why they are not in. Politely, and in their language."""

import structlog
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from cards.audit.actions import record
from cards.spaces.models import Space

log = structlog.get_logger()


class Refusal(models.TextChoices):
    """Why, as its reader sees it."""

    NO_ACCOUNT = (
        "no_account",
        _("You have no account in this learning space. Ask the person who manages your trainings to open one for you."),
    )
    NOT_VERIFIED = (
        "not_verified",
        _(
            "Your company's sign-in does not say that your e-mail is verified, "
            "so we cannot tell which account is yours. Ask your IT department."
        ),
    )
    BY_PASSWORD = (
        "by_password",
        _("Your account here is used with an e-mail and a password. Please sign in that way."),
    )
    SOMEBODY_ELSE = (
        "somebody_else",
        _(
            "This account belongs to another person of your company's directory. "
            "Ask the person who manages your trainings."
        ),
    )
    CANCELLED = "cancelled", _("You stopped before the end. You can start again.")
    FAILED = "failed", _("The sign-in could not be completed. Please start again.")
    UNAVAILABLE = "unavailable", _("Your company's sign-in does not answer at the moment. Try again in a few minutes.")


def refuse(request: HttpRequest, space: Space, why: Refusal, **details: str) -> HttpResponse:
    """The page that says why, and where to go. The audit log keeps the reason, and nothing of a stranger."""
    log.warning("sso_refused", space=space.slug, why=why.value, **details)
    record("sso_refused", space=space, by=None, why=why.value, **details)
    return render(request, "sso/refused.html", {"why": why}, status=403)
