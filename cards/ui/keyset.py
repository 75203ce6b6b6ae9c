"""Pages of long lists by keyset: as quick at the end as at the start, and without names in addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from cards.ids import id_of

M = TypeVar("M", bound=Model)
PAGE_SIZE = 50


@dataclass(frozen=True)
class Page(Generic[M]):
    """Some rows of a list and the way to the others.

    Each way is the id to put in the address (`?after=` for next, `?before=` for previous), or None at an end.
    The first page has no parameter, the last one is `?last=1`.
    """

    rows: list[M]
    previous: int | None
    next: int | None


def page_of(
    rows: QuerySet[M],
    anchors: QuerySet[M],
    query: Mapping[str, str],
    *,
    by: str = "sort_key",
    is_descending: bool = False,
    size: int = PAGE_SIZE,
) -> Page[M]:
    """The page of `rows`, in the order of `by` then id, that an address asks for; never more than three queries.

    `anchors` are all rows that an address may start from, whether they still match the filters of `rows` or not:
    a row that changed its state meanwhile must not send the reader back to the first page. An id that is not
    among them gives the first page.
    """
    backwards = "last" in query or "before" in query
    anchor = _anchor(anchors, query.get("before") or query.get("after"), by)
    downwards = backwards != is_descending
    ordered = rows.order_by(f"-{by}", "-pk") if downwards else rows.order_by(by, "pk")
    if anchor is not None and "last" not in query:
        key, pk = anchor
        way = "lt" if downwards else "gt"
        ordered = ordered.filter(Q(**{f"{by}__{way}": key}) | Q(**{by: key, f"pk__{way}": pk}))
    found = list(ordered[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([], None, None)
    more_before = more if backwards else anchor is not None
    more_after = ("last" not in query and anchor is not None) if backwards else more
    return Page(found, found[0].pk if more_before else None, found[-1].pk if more_after else None)


def _anchor(anchors: QuerySet[M], pk: str | None, by: str) -> tuple[str, int] | None:
    wanted = id_of(pk)
    if not wanted:
        return None
    return anchors.filter(pk=wanted).values_list(by, "pk").first()
