"""Departments in both dialects: v4, which stays, and v3, whose end was announced. Pure.

A parent is told only when proven; a path is compared as a whole and never taken apart into ids.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from lucca.errors import LuccaError, NotFound, Refused, Rejected, Unintelligible, UnintelligibleReason
from lucca.parse import identifier, next_offset, text
from lucca.resources import Department, DepartmentPage
from lucca.wire import PAGE, Request, items, misshapen

V4 = "/organization/structure/api/departments"
V3 = "/api/v3/departments"
V4_LIMIT = 100
V3_FIELDS = "id,name,code,isActive,parentId,hierarchy,collection.count"


def first_token(dialect: str) -> str:
    return f"{dialect}:0:1"


def request(token: str) -> Request:
    """The page that a token stands for: `dialect:how many came before:page`."""
    dialect, reached, page = token.split(":")
    if dialect == "v4":
        return Request(V4, (("page", page), ("limit", str(V4_LIMIT)), ("fields.root", "count")))
    return Request(V3, (("fields", V3_FIELDS), ("orderBy", "id,asc"), ("paging", f"{reached},{PAGE}")))


def page_of(decoded: Any, token: str) -> DepartmentPage:
    dialect, reached, page = token.split(":")
    found, count = items(decoded)
    limit = V4_LIMIT if dialect == "v4" else PAGE
    total = next_offset(int(reached), len(found), limit, count)
    return DepartmentPage(
        departments=tuple(_department(item) for item in found),
        count=count,
        next_token=None if total is None else f"{dialect}:{total}:{int(page) + 1}",
    )


def says_that_v4_is_closed(error: LuccaError) -> bool:
    """Whether v3 is worth asking: v4 is not there, not for this key, or not what was expected."""
    if isinstance(error, Unintelligible):
        return error.reason not in (UnintelligibleReason.TOO_LARGE, UnintelligibleReason.TRUNCATED)
    return isinstance(error, NotFound | Rejected) or (isinstance(error, Refused) and error.status == 403)


def _department(item: Any) -> Department:
    if not isinstance(item, dict) or (lucca_id := identifier(item.get("id"))) is None:
        raise misshapen(item)
    is_active = item.get("isactive")
    return Department(
        lucca_id=lucca_id,
        name=text(item.get("name")) or "",
        code=text(item.get("code")),
        is_active=is_active if isinstance(is_active, bool) else None,
        parent_id=identifier(item.get("parentluccaid")),
        path=text(item.get("hierarchy")),
        parent_path=text(item.get("parentid")),
    )


def with_parents(departments: Iterable[Department]) -> tuple[Department, ...]:
    """All departments of a company, each once, with their parents where these are proven.

    Proof is the parent's id, or a parent path that is the whole path of exactly one department and the beginning
    of the child's own path with one more segment. An id that is not among the departments proves nothing.
    """
    unique = {one.lucca_id: one for one in departments}
    everyone = tuple(unique.values())
    paths = Counter(one.path for one in everyone if one.path)
    holders = {one.path: one.lucca_id for one in everyone if one.path and paths[one.path] == 1}
    proven = {one.lucca_id: _proven_parent(one, unique, holders) for one in everyone}
    return tuple(
        replace(one, parent_id=None if _is_in_a_circle(one.lucca_id, proven) else proven[one.lucca_id])
        for one in everyone
    )


def _proven_parent(one: Department, known: dict[str, Department], holders: dict[str, str]) -> str | None:
    if one.parent_id is not None:
        return one.parent_id if one.parent_id in known else None
    if not one.path or not one.parent_path or not one.path.startswith(one.parent_path):
        return None
    segments: Sequence[str] = one.path.removeprefix(one.parent_path).strip("/").split("/")
    return holders.get(one.parent_path) if len(segments) == 1 and segments[0] else None


def _is_in_a_circle(lucca_id: str, parents: dict[str, str | None]) -> bool:
    """Whether going up from a department comes back to it."""
    seen: set[str] = set()
    above = parents[lucca_id]
    while above is not None and above not in seen:
        if above == lucca_id:
            return True
        seen.add(above)
        above = parents[above]
    return False
