"""The floor under any import: the same bytes parsed, the same rows written to the same tables by the bare driver.

It decides nothing, so nothing that decides can be quicker. Unchanged, it compares what it reads with the rows there
are. `python -m tools.bench.floor keep FILE` keeps the rows of a database that Cards filled; `first FILE URL` writes
them into one that Cards prepared, `unchanged FILE URL` compares. The database is named by DATABASE_URL.
"""

# ruff: noqa: S301, S608 - the file and the names of tables and columns are this bench's own

import json
import os
import pickle
import resource
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import psycopg
from psycopg.types.string import TextLoader

from lucca.wire import employees_request
from tools.simulator_speed import KEY

PAGE = 1000
Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
COMPARED = (
    "first_name",
    "last_name",
    "email",
    "department_lucca_id",
    "department_name",
    "CAST(contract_start_on AS text)",
    "CAST(contract_end_on AS text)",
)


@contextmanager
def opened() -> Iterator[Any]:
    url = os.environ["DATABASE_URL"]
    if url.startswith("sqlite:///"):
        database: Any = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=NORMAL")
        database.execute("PRAGMA cache_size=-16000")
    else:
        database = psycopg.connect(url)
        database.adapters.register_loader("jsonb", TextLoader)
    try:
        yield database
    finally:
        database.close()


def tables_of(database: Any) -> list[str]:
    """The tables whose rows have numbers."""
    if isinstance(database, sqlite3.Connection):
        query = "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'id' AND c.type = 'INTEGER'"  # noqa: E501
    else:
        query = "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'id' AND data_type = 'bigint'"  # noqa: E501
    return [name for (name,) in database.execute(query).fetchall()]


def keep(file: Path) -> None:
    kept: Rows = {}
    with opened() as database:
        for table in tables_of(database):
            cursor = database.execute(f"SELECT * FROM {table} ORDER BY id")
            kept[table] = ([column[0] for column in cursor.description], cursor.fetchall())
    file.write_bytes(pickle.dumps(kept))


def pages(url: str) -> Iterator[tuple[bytes, float]]:
    """The answers as they come, and what each was waited for in seconds."""
    offset = 0
    with httpx2.Client(base_url=url, headers={"Authorization": f"lucca application={KEY}"}, timeout=60) as http:
        while True:
            began = time.perf_counter()
            answer = http.get(employees_request(offset, PAGE).target)
            yield answer.content, time.perf_counter() - began
            offset += PAGE
            if len(answer.content) < 1000 or answer.content.count(b'"firstName"') < PAGE:
                return


def parsed(url: str) -> Iterator[tuple[list[dict[str, Any]], float]]:
    for content, waited in pages(url):
        yield msgspec.json.decode(content)["data"]["items"], waited


def first(file: Path, url: str) -> dict[str, float]:
    kept: Rows = pickle.loads(file.read_bytes())
    with opened() as database:
        new = {}
        for table, (columns, rows) in kept.items():
            highest = database.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]
            if written := [row for row in rows if row[columns.index("id")] > highest]:
                new[table] = (columns, written)
        if not isinstance(database, sqlite3.Connection):
            database.rollback()
        began, waited = time.perf_counter(), 0.0
        for _items, seconds in parsed(url):
            waited += seconds
        write(database, new)
        taken = time.perf_counter() - began
    return {"seconds": taken, "waited": waited, "rows": sum(len(rows) for _columns, rows in new.values())}


def write(database: Any, new: Rows) -> None:
    """All of it in one transaction: foreign keys are looked at when it ends."""
    if isinstance(database, sqlite3.Connection):
        database.execute("BEGIN IMMEDIATE")
        for table, (columns, rows) in new.items():
            places = ", ".join("?" * len(columns))
            database.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)
        database.execute("COMMIT")
        return
    for table, (columns, rows) in new.items():
        with database.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    database.commit()


def unchanged(url: str) -> dict[str, float]:
    began, waited, differing = time.perf_counter(), 0.0, 0
    with opened() as database:
        query = f"SELECT lucca_id, {', '.join(COMPARED)} FROM lucca_directoryemployee"
        stored = {row[0]: row[1:] for row in database.execute(query).fetchall()}
        for items, seconds in parsed(url):
            waited += seconds
            for item in items:
                department = item.get("department") or {}
                facts = (
                    item.get("firstName") or "",
                    item.get("lastName") or "",
                    item.get("mail") or "",
                    str(department.get("id") or ""),
                    department.get("name") or "",
                    item["dtContractStart"] and item["dtContractStart"][:10],
                    item["dtContractEnd"] and item["dtContractEnd"][:10],
                )
                differing += stored.get(str(item["id"])) != facts
    return {"seconds": time.perf_counter() - began, "waited": waited, "differing": differing}


def main(what: str, file: str, url: str = "") -> None:
    if what == "keep":
        keep(Path(file))
        return
    figures = first(Path(file), url) if what == "first" else unchanged(url)
    print(json.dumps({**figures, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))


if __name__ == "__main__":
    main(*sys.argv[1:])
