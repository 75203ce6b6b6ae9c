"""Sessions in the database, each with whose it is, on which device and when it was last seen. Also how they end.

This module is Django's SESSION_ENGINE; the columns are written from what the session itself holds.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from cards import clock
from cards.audit import origin
from cards.audit.actions import record
from cards.identity.models import Session

SEEN = "seen"
# How often the last look of a session is written down.
EVERY = timedelta(minutes=5)


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast("Session", super().create_model_instance(data))
        seen = data.get(SEEN, {})
        row.user_id = data.get("_auth_user_id")
        row.device, row.address = seen.get("device", ""), seen.get("address")
        row.started_at, row.seen_at = (_moment(seen.get(name)) for name in ("since", "at"))
        return row


def note_session(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Write into the session of whoever is signed in, also just now, when and from where they were last seen."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated:
            _note(request)
        return response

    return answer


def sessions_of(user: Any) -> QuerySet[Session]:
    """Where `user` is signed in, the last seen first."""
    return Session.objects.filter(user=user.pk, expire_date__gt=clock.now()).order_by("-seen_at", "session_key")


def end_sessions(user: Any, *, by: Any, but: str | None = None, only: str = "") -> int:
    """End the sessions of `user`: all, all `but` the one of this key, or `only` the one of this number; how many."""
    ending = [
        session.session_key
        for session in Session.objects.filter(user=user.pk).exclude(session_key=but)
        if not only or session.number == only
    ]
    ended, _of = Session.objects.filter(user=user.pk, session_key__in=ending).delete()
    if ended:
        record("sessions_ended", space=user.space, by=by, target=f"user {user.pk}", number=ended)
    return ended


def forget_sessions(user_ids: Iterable[int]) -> None:
    """Drop the sessions of accounts that another act put out; that act is what the audit log tells."""
    Session.objects.filter(user__in=list(user_ids)).delete()


def forget_expired() -> None:
    """Delete what is over, with the addresses in it."""
    Session.objects.filter(expire_date__lt=clock.now()).delete()


def _note(request: HttpRequest) -> None:
    now, known = clock.now(), request.session.get(SEEN, {})
    device, address = request.headers.get("User-Agent", "")[:255], origin.address()
    last = _moment(known.get("at"))
    if last and now - last < EVERY and (known.get("device"), known.get("address")) == (device, address):
        return
    since = known.get("since", now.isoformat())
    request.session[SEEN] = {"since": since, "at": now.isoformat(), "device": device, "address": address}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
