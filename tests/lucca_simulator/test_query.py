"""The query language by itself: properties over arbitrary projections, values and orders."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lucca_simulator.filters import RESERVED, condition, order, parse_paging
from lucca_simulator.projection import (
    BadRequestError,
    Property,
    Resource,
    Wanted,
    parse_fields,
    projector,
    resource,
)
from tests.lucca_simulator.conftest import Caller

NOW = datetime.fromisoformat("2026-11-22T09:00:00")
NAMES = st.text("abcdefgh", min_size=1, max_size=5)
TREES: st.SearchStrategy[Wanted] = st.recursive(
    st.just({}), lambda below: st.dictionaries(NAMES, below, min_size=1, max_size=4), max_leaves=12
)
TEXTS = st.text(max_size=20)


@dataclass(frozen=True)
class Thing:
    id: int
    name: str


THINGS = st.lists(st.builds(Thing, st.integers(0, 50), TEXTS), max_size=20)
KIND: Resource[Thing] = resource(
    "Thing", Property("id", lambda it: it.id), Property("name", lambda it: it.name), short=("id", "name")
)


def bracketed(tree: Wanted) -> str:
    return ",".join(f"{name}[{bracketed(below)}]" if below else name for name, below in tree.items())


def dotted(tree: Wanted, before: str = "") -> str:
    return ",".join(dotted(below, f"{before}{name}.") if below else before + name for name, below in tree.items())


@given(TREES)
def test_every_projection_reads_the_same_in_brackets_in_dots_and_in_capitals(tree: Wanted) -> None:
    assert parse_fields(bracketed(tree)) == parse_fields(dotted(tree)) == tree
    assert parse_fields(bracketed(tree).upper()) == tree


@given(st.text("ab[],. ", max_size=20))
def test_a_projection_is_understood_or_refused(text: str) -> None:
    with suppress(BadRequestError):
        tree = parse_fields(text)
        assert parse_fields(bracketed(tree)) == tree


@given(THINGS)
def test_a_projection_shows_each_thing_as_asked(things: list[Thing]) -> None:
    show = projector(KIND, parse_fields("NAME,id"))
    assert [show(each) for each in things] == [{"name": each.name, "id": each.id} for each in things]


@given(TEXTS.filter(lambda text: "," not in text and text.casefold() != "null"), st.booleans())
def test_a_text_fits_the_filter_that_names_it(text: str, exact: bool) -> None:
    assert condition([text], NOW, exact=exact)(text) == (text != "")
    assert not condition([f"notequal,{text}"], NOW, exact=exact)(text) or not text


@given(st.integers(0, 99), st.lists(st.integers(0, 99), min_size=1))
def test_a_list_of_ids_is_an_or(own: int, listed: list[int]) -> None:
    assert condition([",".join(map(str, listed))], NOW, exact=False)(own) == (own in listed)
    assert condition([str(each) for each in listed], NOW, exact=False)(own) == (own in listed)


@given(THINGS)
def test_ordering_loses_nothing_and_is_stable(things: list[Thing]) -> None:
    ordered = order(things, KIND, "name,asc,id,desc")
    assert sorted(ordered, key=repr) == sorted(things, key=repr)
    assert ordered == sorted(things, key=lambda it: (it.name.casefold(), -it.id))


@given(st.lists(st.integers(), max_size=60), st.integers(1, 9))
def test_pages_cut_a_list_without_loss(things: list[int], limit: int) -> None:
    found: list[int] = []
    for start in range(0, len(things) + limit, limit):
        offset, size = parse_paging(f"{start},{limit}")
        found += things[offset : offset + size]
    assert found == things


def test_the_names_reserved_by_the_framework_filter_nothing(caller: Caller) -> None:
    everyone = caller.ids()
    for name in RESERVED - {"fields", "orderby", "paging", "formeremployees"}:
        assert caller.ids(**{name: "x"}) == everyone, name


@given(
    name=st.sampled_from(["id", "mail", "dtContractStart", "department", "habilitedRoles", "picture", "extendedData"]),
    value=st.one_of(TEXTS, st.sampled_from(["between,a,b", "since,", "like,", "null", "greaterthan,x", "notequal,"])),
    direction=st.sampled_from(["asc", "desc", ""]),
)
def test_any_query_is_answered_or_refused_never_an_accident(
    a_caller: Caller, name: str, value: str, direction: str
) -> None:
    answer = a_caller.get("/api/v3/users", **{name: value, "orderBy": f"{name},{direction}"})
    assert answer.status_code in {200, 400}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "value", "e_title", "e_link", "x"]), below, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from(["e_formation", "e_nickname", "e_eyes_color", "e_diploma_date", "departmentId", "mail"]), JSON)
def test_any_write_is_carried_out_or_refused_never_an_accident(a_caller: Caller, name: str, value: object) -> None:
    before = a_caller.get("/api/v3/users/30").json()
    answer = a_caller.put(30, {name: value})
    assert answer.status_code in {200, 400}
    after = a_caller.get("/api/v3/users/30").json()
    assert answer.status_code == 200 or after == before


@pytest.mark.parametrize(
    ("filtered", "own", "fits"),
    [
        ("today", "2026-11-22T00:00:00", True),
        ("yesterday", "2026-11-22T00:00:00", False),
        ("since,now", "2026-11-22T09:00:01", True),
        ("until,now", "2026-11-22T09:00:01", False),
        ("2026-11-22", "2026-11-22T18:00:00.500", True),
        ("2026-11-22T18:00:00", "2026-11-22T18:00:00", True),
        ("until,2026-11-22", "2026-11-22T18:00:00", True),
        ("since,2026-11-22T09:00:00Z", "2026-11-22T09:00:00", True),
        ("null", None, True),
        ("notequal,null", None, False),
        ("since,2026-11-22", None, False),
    ],
)
def test_dates_and_their_words_are_compared(filtered: str, own: str | None, fits: bool) -> None:
    assert condition([filtered], NOW, exact=False)(own) == fits
