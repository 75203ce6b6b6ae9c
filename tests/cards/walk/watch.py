"""What is watched while somebody walks: what an answer says, which fields a view asks for, what becomes of the rows."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from zipfile import ZipFile, is_zipfile

import pytest
from django.apps import apps
from django.db import connection
from django.http import HttpRequest, QueryDict

from cards.identity.models import Session

# Written whenever somebody looks at a page.
SESSIONS = Session._meta.db_table


def text_of(answer: Any) -> str:
    """All that an answer tells: its head, its body or file, and the messages that the next page will show."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    messages = getattr(answer.wsgi_request, "_messages", None)
    told_next = [str(message) for message in messages._queued_messages] if messages is not None else []
    return f"{answer.headers} {told_next} {_unpacked(body).decode(errors='replace')}"


def _unpacked(body: bytes) -> bytes:
    """What is in an archive; anything else is as it is."""
    if not is_zipfile(BytesIO(body)):
        return body
    with ZipFile(BytesIO(body)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def rows_about(words: re.Pattern[str], among: Iterable[str] | None = None) -> dict[str, set[str]]:
    """Table → its rows that mention one of `words`, in whatever column; of all tables, or `among` some."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    found = {}
    with connection.cursor() as cursor:
        for table in tables if among is None else tables & set(among):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the names come from the models
            found[table] = {row for row in map(str, cursor.fetchall()) if words.search(row)}
    return found


class Writes:
    """Which tables were written to while it watched, but for the reader's own session."""

    written = re.compile(r'(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM) "(\w+)"')

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if (found := self.written.match(sql)) and (sql.startswith("DELETE") or found[1] != SESSIONS):
            self.tables.add(found[1])
        return execute(sql, params, many, context)

    @contextmanager
    def noticed(self) -> Iterator[None]:
        self.tables.clear()
        with connection.execute_wrapper(self):
            yield


class Asked:
    """The names that views ask of queries and forms, so that no field can be forgotten."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: set[str] = set()
        item, several, has = QueryDict.__getitem__, QueryDict.getlist, QueryDict.__contains__
        monkeypatch.setattr(QueryDict, "__getitem__", lambda query, name: self._note(name) or item(query, name))
        monkeypatch.setattr(
            QueryDict, "getlist", lambda query, name, default=None: self._note(name) or several(query, name, default)
        )
        monkeypatch.setattr(QueryDict, "__contains__", lambda query, name: self._note(name) or has(query, name))
        monkeypatch.setattr(HttpRequest, "body", property(self._refuse))

    def _note(self, name: str) -> None:
        self.names.add(name)

    def _refuse(self, request: HttpRequest) -> bytes:
        raise AssertionError(f"{request.path} reads its body as a whole: the walk must learn to fill it")
