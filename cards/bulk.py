"""Many rows in few statements, without an object for each: what an import writes a hundred thousand times.

The caller names every column that has no default in the database, gives each row's values in their order, and is in a
transaction of its own. Nothing is derived, checked or filled in here.
"""

# ruff: noqa: S608 - names come from the models; every value is a parameter

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from django.db import connection, models

Model = type[models.Model]
Row = Sequence[Any]
# From so many rows on it matters how the database looks for them.
MANY = 1000
# How many rows this process added to each table, and with how many the table is counted next.
_added: Counter[str] = Counter()
_count_at: dict[str, int] = {}


def insert(model: Model, columns: Sequence[str], rows: Iterable[Row], *, ignore_conflicts: bool = False) -> None:
    """Add rows to the model's table; `ignore_conflicts` leaves out those that a unique constraint forbids."""
    ready = _prepared(model, columns, rows)
    if not ready:
        return
    table, names = _quoted(model._meta.db_table), ", ".join(map(_quoted, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join(["%s"] * len(columns))
            rest = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks}){rest}", ready)
        elif ignore_conflicts:
            sql = f"INSERT INTO {table} ({names}) SELECT * FROM {_unnested(model, columns)} ON CONFLICT DO NOTHING"
            cursor.execute(sql, _by_column(ready))
        else:
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in ready:
                    copy.write_row(row)
    _count(model, len(ready))


def _count(model: Model, added: int) -> None:
    """Have the database count a table anew whenever it has grown tenfold: it else believes that a table which was empty
    a moment ago is still small, and looks at all of it for each batch."""
    table = model._meta.db_table
    _added[table] += added
    if _added[table] < _count_at.get(table, MANY):
        return
    _count_at[table] = 10 * _added[table]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit = 400")
            cursor.execute(f"ANALYZE {_quoted(table)}")
        else:
            # Whoever else counts it now does it for us too.
            cursor.execute(f"ANALYZE (SKIP_LOCKED) {_quoted(table)}")


def update(model: Model, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Give columns of existing rows their new values; each row begins with its primary key."""
    ready = _prepared(model, ["id", *columns], rows)
    if not ready:
        return
    table, names = _quoted(model._meta.db_table), list(map(_quoted, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            sets = ", ".join(f"{name} = %s" for name in names)
            last_is_key = [(*values, key) for key, *values in ready]
            cursor.executemany(f"UPDATE {table} SET {sets} WHERE id = %s", last_is_key)
        else:
            sets = ", ".join(f"{name} = new.{name}" for name in names)
            new = f"{_unnested(model, ['id', *columns])} AS new (id, {', '.join(names)})"
            cursor.execute(
                f"UPDATE {table} SET {sets} FROM {new} WHERE {table}.id = new.id",
                _by_column(ready),
            )


@models.Field.register_lookup
class Among(models.Lookup[Any]):
    """`field__among=values`: as `in`, with one parameter however many values there are, each a text or a number.

    They are a set or the keys of a mapping: Django would look into a list, value by value.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} IN (SELECT value FROM json_each(%s))", [*params, msgspec.json.encode(list(self.rhs)).decode()]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", [*params, list(self.rhs)]


def next_ids(model: Model, number: int) -> list[int]:
    """Primary keys for so many new rows, for whoever must know them before or without asking for them again."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Transactions are IMMEDIATE: between this and the writing nobody else can write.
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            last = (cursor.fetchone() or [0])[0]
            return list(range(last + 1, last + 1 + number))
        sequence = "pg_get_serial_sequence(%s, 'id')"
        cursor.execute(f"SELECT nextval({sequence}) FROM generate_series(1, %s)", [_quoted(table), number])
        return [row[0] for row in cursor.fetchall()]


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _unnested(model: Model, columns: Sequence[str]) -> str:
    """The arrays of `_by_column` as a table."""
    fields = [_field(model, column) for column in columns]
    return f"unnest({', '.join(f'%s::{field.db_type(connection)}[]' for field in fields)})"


def _by_column(rows: Iterable[Row]) -> list[list[Any]]:
    return [list(values) for values in zip(*rows, strict=True)]


def _field(model: Model, column: str) -> "models.Field[Any, Any]":
    return next(field for field in model._meta.concrete_fields if field.column == column)


def _prepared(model: Model, columns: Sequence[str], rows: Iterable[Row]) -> list[Row]:
    """The rows with days, moments and JSON as the database takes them."""
    found = ((place, _conversion(_field(model, column))) for place, column in enumerate(columns))
    conversions = [(place, conversion) for place, conversion in found if conversion]
    ready = list(rows)
    if not ready or not conversions:
        return ready
    # Column by column, in which a conversion is looked up once.
    values: list[Iterable[Any]] = list(zip(*ready, strict=True))
    for place, conversion in conversions:
        values[place] = map(conversion, values[place])
    return list(zip(*values, strict=True))


def _conversion(field: "models.Field[Any, Any]") -> Callable[[Any], Any] | None:
    if isinstance(field, models.JSONField):
        return lambda value: None if value is None else msgspec.json.encode(value).decode()
    if connection.vendor == "postgresql":
        return None
    # Days and moments repeat: each is converted once.
    if isinstance(field, models.DateTimeField):
        return lru_cache(connection.ops.adapt_datetimefield_value)
    if isinstance(field, models.DateField):
        return lru_cache(connection.ops.adapt_datefield_value)
    return None
