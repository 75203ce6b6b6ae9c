"""How many attempts are allowed, counted by allauth in Django's cache, which all web processes share (settings).

An attempt is counted for the account and the address together, so that nobody's guesses keep somebody else out.
"""

from typing import Any

from allauth.core import ratelimit
from allauth.core.internal.ratelimit import get_ip
from django.http import HttpRequest

from cards import clock
from cards.identity.models import Count


def allows(request: HttpRequest, action: str, user: Any) -> bool:
    """Whether one more attempt at `action` (ACCOUNT_RATE_LIMITS) is allowed. It is counted."""
    return bool(ratelimit.consume(request, action=action, key=_key(request, user)))


def allows_everywhere(request: HttpRequest, action: str, user: Any) -> bool:
    """The same, counted for the account from all addresses together."""
    return bool(ratelimit.consume(request, action=action, key=f"user {user.pk}"))


def forgive(request: HttpRequest, action: str, user: Any) -> None:
    """Forget the attempts: the last one was right."""
    ratelimit.clear(request, action=action, key=_key(request, user))


def forget_expired() -> None:
    """Delete the counts that count no more, with the addresses in them."""
    Count.objects.filter(expires__lt=clock.now()).delete()


def _key(request: HttpRequest, user: Any) -> str:
    return f"{get_ip(request)} user {user.pk}"
