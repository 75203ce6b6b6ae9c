"""Lists as CSV files for spreadsheets: UTF-8 with its mark, semicolons, no cell taken for a formula.

Days and moments are written as spreadsheets sort and count with them, in every language: 2026-03-01 14:02.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.http import StreamingHttpResponse
from django.utils.timezone import localtime


class _Echo:
    """A file that gives back what is written to it, for the csv module."""

    def write(self, line: str) -> str:
        return line


def as_csv(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """A download called `name`, sent as the rows are made; None is an empty cell."""
    response = StreamingHttpResponse(lines(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The file line by line."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow(head)
    for row in rows:
        yield writer.writerow(["" if cell is None else _plain(_written(cell)) for cell in row])


def _written(cell: object) -> str:
    return f"{localtime(cell):%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else str(cell)


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
