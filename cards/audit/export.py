"""The audit log as a table for spreadsheets. What is in it is shown as it was recorded."""

import json
from collections.abc import Callable, Iterator

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from cards.audit.models import Entry
from cards.ui.spreadsheet import as_csv

HEAD = ("when", "space", "who", "action", "target", "details", "address")


def as_table(entries: QuerySet[Entry], who: Callable[[Entry], str | None]) -> StreamingHttpResponse:
    """A download of `entries`, in their order; `who` names those who acted, as far as the reader may know them."""
    return as_csv("audit-log", HEAD, _rows(entries, who))


def member_of(entry: Entry) -> str | None:
    """Who acted, as owners may know it: people of their space by their e-mail, who is gone by their number."""
    if entry.actor is None:
        return f"user {entry.actor_id}" if entry.actor_id else None
    return "operator" if getattr(entry.actor, "is_operator", False) else str(getattr(entry.actor, "email", ""))


def manager_of(entry: Entry) -> str | None:
    """Who acted, as the operator may know it: managers by their e-mail, learners by their number."""
    if entry.actor is None or getattr(entry.actor, "role", "") == "learner":
        return f"user {entry.actor_id}" if entry.actor_id else None
    return str(getattr(entry.actor, "email", ""))


def _rows(entries: QuerySet[Entry], who: Callable[[Entry], str | None]) -> Iterator[tuple[object, ...]]:
    for entry in entries.select_related("space", "actor").iterator(chunk_size=500):
        yield (
            entry.happened_at.isoformat(timespec="seconds"),
            entry.space.slug if entry.space else None,
            who(entry),
            entry.action,
            entry.target,
            json.dumps(entry.details, ensure_ascii=False) if entry.details else None,
            entry.address,
        )
