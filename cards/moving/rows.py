"""The rows of a table as values that mean the same on both databases, and their digest. Reads only."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.functions import Cast

# So many rows are held at once, and are one transaction of the target.
CHUNK = 10_000
MODULUS = 2**256


@dataclass(frozen=True)
class Json:
    """A value of a JSON column: `Json(None)` is JSON's null, None is no value at all."""

    value: Any


@dataclass
class Digest:
    """How many rows, and the sum of their SHA-256: the same for the same rows in any order."""

    count: int = 0
    total: int = 0

    def add(self, row: Iterable[Any]) -> None:
        hashed = hashlib.sha256(repr([_plain(value) for value in row]).encode("utf-8", "surrogatepass"))
        self.count += 1
        self.total = (self.total + int.from_bytes(hashed.digest(), "big")) % MODULUS

    def __str__(self) -> str:
        return f"{self.total:064x}"[:16]


def tables() -> list[type[models.Model]]:
    """Every table that Cards and its libraries have, each after those that its foreign keys name."""
    all_models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped
    ]
    sorter: TopologicalSorter[type[models.Model]] = TopologicalSorter()
    for model in all_models:
        # Also those that are no constraint: one order is enough.
        named = {field.related_model for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)}
        sorter.add(model, *(other for other in named if other is not model))
    return list(sorter.static_order())


def rows(model: type[models.Model], database: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a table, a chunk in memory at a time, in the order of its `concrete_fields`."""
    fields = model._meta.concrete_fields
    # Django reads JSON's null as no value; as text the two differ.
    columns = [Cast(f.attname, models.TextField()) if isinstance(f, models.JSONField) else f.attname for f in fields]
    documents = [number for number, field in enumerate(fields) if isinstance(field, models.JSONField)]
    for row in model._base_manager.using(database).order_by("pk").values_list(*columns).iterator(chunk_size=CHUNK):
        if documents:
            row = list(row)  # noqa: PLW2901 - the same row, its documents opened
            for number in documents:
                row[number] = None if row[number] is None else Json(json.loads(row[number]))
        yield tuple(row)


def digest(model: type[models.Model], database: str) -> Digest:
    """Of all values of a table."""
    found = Digest()
    for row in rows(model, database):
        found.add(row)
    return found


def _plain(value: object) -> object:
    """The value in the one form that both databases' drivers agree on."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, memoryview | bytes):
        return bytes(value)
    if isinstance(value, Json):
        return json.dumps(_numbers(value.value), sort_keys=True)
    return value


def _numbers(value: Any) -> Any:
    """JSON knows no whole and broken numbers, only numbers: 1.0 is 1."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_numbers(inner) for inner in value]
    return value
