"""The audit log as a table for spreadsheets. What is in it is shown as it was recorded."""

import json
from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from cards.audit.models import Entry
from cards.ui.spreadsheet import as_csv

HEAD = ("when", "space", "who", "action", "target", "details", "address")


def as_table(entries: QuerySet[Entry]) -> StreamingHttpResponse:
    """A download of `entries`, in their order."""
    return as_csv("audit-log", HEAD, _rows(entries))


def _rows(entries: QuerySet[Entry]) -> Iterator[tuple[object, ...]]:
    for entry in entries.select_related("space", "actor").iterator(chunk_size=500):
        yield (
            entry.happened_at.isoformat(timespec="seconds"),
            entry.space.slug if entry.space else None,
            getattr(entry.actor, "email", None),
            entry.action,
            entry.target,
            json.dumps(entry.details, ensure_ascii=False) if entry.details else None,
            entry.address,
        )
