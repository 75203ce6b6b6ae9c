"""Pages of long lists by position, not by number: page 2,000 costs what page 1 costs, and rows that come or go
meanwhile shift nothing. Addresses carry the id of a row, never what stands in it.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

Row = TypeVar("Row", bound=Model)
POSITION = ("after", "before", "at")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, and the addresses of the other pages ("" where there is none)."""

    rows: list[Row]
    first: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""

    @property
    def has_other(self) -> bool:
        return bool(self.previous or self.next)


def page_of(
    rows: QuerySet[Row], request: HttpRequest, *, among: QuerySet[Row], by: tuple[str, ...], size: int = 50
) -> Page[Row]:
    """The page of `rows` that the address asks for (`?after=ID`, `?before=ID`, `?at=end`), in the order of `by`.

    `by` names columns without nulls and ends with a unique one. `among` are all rows this reader may see, before
    any filter: a position is looked up there, so that it survives a change of the row and tells nothing of others.
    """
    after = _keys(among, request.GET.get("after"), by)
    before = _keys(among, request.GET.get("before"), by)
    backwards = before is not None or request.GET.get("at") == "end"
    position = before or after
    wanted = rows.filter(_beyond(by, position, backwards=backwards)) if position else rows
    order = [f"-{name}" for name in by] if backwards else list(by)
    found = list(wanted.order_by(*order)[: size + 1])
    is_more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    return _with_addresses(
        request,
        found,
        has_previous=is_more if backwards else after is not None,
        has_next=before is not None if backwards else is_more,
    )


def _keys(among: QuerySet[Any], pk: str | None, by: tuple[str, ...]) -> tuple[Any, ...] | None:
    """What the row `pk` is ordered by; None when it is not there (any more), which means the list's beginning."""
    if not pk or not pk.isdecimal() or len(pk) > 18:
        return None
    return among.filter(pk=pk).values_list(*by).first()


def _beyond(by: tuple[str, ...], position: tuple[Any, ...], *, backwards: bool) -> Q:
    """(a, b, c) > position, written so that an index on (a, b, c) serves it."""
    beyond = "lt" if backwards else "gt"
    either = Q()
    for depth, name in enumerate(by):
        equal = dict(zip(by[:depth], position[:depth], strict=True))
        either |= Q(**equal, **{f"{name}__{beyond}": position[depth]})
    return Q(**{f"{by[0]}__{beyond}e": position[0]}) & either


def _with_addresses(request: HttpRequest, rows: list[Row], *, has_previous: bool, has_next: bool) -> Page[Row]:
    def address(**position: object) -> str:
        query = request.GET.copy()
        for name in POSITION:
            query.pop(name, None)
        query.update({name: str(value) for name, value in position.items()})
        return f"?{query.urlencode()}"

    return Page(
        rows,
        first=address() if has_previous else "",
        previous=address(before=rows[0].pk) if has_previous and rows else "",
        next=address(after=rows[-1].pk) if has_next and rows else "",
        last=address(at="end") if has_next else "",
    )
