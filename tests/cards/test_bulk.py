"""Many rows at once: what the database knows of a table that has just been filled."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cards import bulk
from cards.people.models import Group
from cards.spaces.models import Space


def add_groups(space: Space, names: range) -> None:
    columns = ["space_id", "name", "name_key", "search_key", "description", "lucca_department", "created_at"]
    bulk.insert(Group, columns, [(space.pk, *[f"group {name}"] * 3, "", "", space.created_at) for name in names])


def as_in_a_new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_added", Counter[str]())
    monkeypatch.setattr(bulk, "_count_at", {})


def times_counted(monkeypatch: pytest.MonkeyPatch, space: Space, *, batches: int, of: int) -> int:
    """How often the table of groups is counted while it grows by so many batches."""
    as_in_a_new_process(monkeypatch)
    with CaptureQueriesContext(connection) as queries:
        for batch in range(batches):
            add_groups(space, range(batch * of, batch * of + of))
    return sum(query["sql"].startswith("ANALYZE") for query in queries)


@pytest.mark.parametrize(("batches", "of", "times"), [(3, 300, 0), (4, 300, 1), (9, 1000, 1), (11, 1000, 2)])
def test_a_table_is_counted_when_it_has_grown_tenfold(
    monkeypatch: pytest.MonkeyPatch, acme: Space, batches: int, of: int, times: int
) -> None:
    assert times_counted(monkeypatch, acme, batches=batches, of=of) == times


def test_a_table_that_was_counted_is_known_to_be_large(monkeypatch: pytest.MonkeyPatch, acme: Space) -> None:
    as_in_a_new_process(monkeypatch)
    add_groups(acme, range(1000))
    if connection.vendor == "sqlite":
        query, known = "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'people_group'", 1
    else:
        query, known = "SELECT reltuples FROM pg_class WHERE relname = 'people_group'", 1000
    with connection.cursor() as cursor:
        cursor.execute(query)
        assert cursor.fetchone()[0] >= known
