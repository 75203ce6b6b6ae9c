"""Departments in the dialect that stays (v4) and in the one that was to end (v3)."""

from collections import Counter

import pytest

from tests.contract.tenant import V3_DEPARTMENTS, V4_DEPARTMENTS, Tenant

belief = pytest.mark.belief


@belief("D1", "D", "DOC list-departments, departments-migration")
def test_v4_lists_departments_whole(lucca: Tenant) -> None:
    """v4 departments come as `{items, count, prev, next}` with all their properties, for an API key."""
    for one in lucca.departments():
        assert {"id", "name", "code", "parentId", "parentLuccaId", "hierarchy", "isActive"} <= set(one)


@belief("D2", "D", "DOC list-departments; TAPL")
def test_v4_counts_on_request(lucca: Tenant) -> None:
    """`fields.root=count` gives how many departments there are in all."""
    page = lucca.found(V4_DEPARTMENTS, {"page": "1", "limit": "2", "fields.root": "count"})
    assert page["count"] >= len(page["items"])


@belief("D3", "D", "DOC list-departments")
def test_v4_pages_start_at_one(lucca: Tenant) -> None:
    """v4 pages are numbered from 1 and follow one another."""
    first, second = (
        [one["id"] for one in lucca.found(V4_DEPARTMENTS, {"page": page, "limit": "2"})["items"]] for page in "12"
    )
    whole = [one["id"] for one in lucca.found(V4_DEPARTMENTS, {"page": "1", "limit": "4"})["items"]]
    assert first + second == whole


@belief("D4", "I", "two samples of Lucca's: /1/ over /1/2/, /1/2/ over /1/2/2/")
def test_a_parent_path_is_the_whole_path_of_the_parent(lucca: Tenant) -> None:
    """A department's `parentId` is the `hierarchy` of exactly one other, and its own path is that and one step."""
    departments = lucca.departments()
    paths = Counter(one["hierarchy"] for one in departments)
    children = [one for one in departments if one["parentId"] not in {None, "/"}]
    for one in children:
        assert one["hierarchy"].startswith(one["parentId"])
        assert one["hierarchy"].removeprefix(one["parentId"]).strip("/").count("/") == 0
        assert paths[one["parentId"]] <= 1
    assert children


@belief("D5", "D", "K-ORG; OTO's note of 2026-09-15: they still answered")
def test_v3_departments_answer_as_a_collection_while_they_live(lucca: Tenant) -> None:
    """v3 departments, announced to end from September 2026, are a v3 collection of the same ids while they last."""
    response = lucca.get(V3_DEPARTMENTS, {"fields": "id", "paging": "0,1000", "orderBy": "id,asc"})
    if response.status_code == 200:
        ids = {one["id"] for one in response.json()["data"]["items"]}
        assert {one["id"] for one in lucca.departments() if one["isActive"]} <= ids
    else:
        assert response.status_code in {404, 410}


@belief("D6", "D", "K-ORG: position of 1e19 to 1e20 overflows 64 bits")
def test_a_position_may_be_larger_than_sixty_four_bits(pretend: Tenant) -> None:
    """The `position` of a v3 department may exceed 64 bits: it is never asked for and must not harm."""
    [one, *_] = pretend.found(V3_DEPARTMENTS, {"fields": "id,position"})["data"]["items"]
    assert int(one["position"]) > 2**62


@belief("D7", "O", "FRONT: LuApiV4Service.count")
def test_v4_counts_without_items(lucca: Tenant) -> None:
    """`fields.root=count&limit=0` gives how many departments there are, and none of them."""
    whole = lucca.found(V4_DEPARTMENTS, {"page": "1", "limit": "1", "fields.root": "count"})["count"]
    counted = lucca.found(V4_DEPARTMENTS, {"limit": "0", "fields.root": "count"})
    assert (counted["count"], counted["items"]) == (whole, [])


@belief("D8", "O", "FRONT: LuApiV4Service.searchAll, `sort=+name`; the minus is inferred from SPEC")
def test_v4_searches_by_words_and_sorts(lucca: Tenant) -> None:
    """`search=a,b` looks for words, commas between them; `sort=name` and `sort=-name` order what is found."""
    [department, *_] = lucca.departments()
    words = ",".join(department["name"].split())
    found = lucca.found(V4_DEPARTMENTS, {"search": words, "page": "1", "limit": "100"})["items"]
    assert department["id"] in {one["id"] for one in found}
    rising, falling = (
        [one["name"] for one in lucca.found(V4_DEPARTMENTS, {"sort": sort, "page": "1", "limit": "100"})["items"]]
        for sort in ("name", "-name")
    )
    assert rising != falling


@belief("D9", "O", "FRONT: LuDepartmentV4Service.getTrees")
def test_v4_has_a_tree(lucca: Tenant) -> None:
    """`departments/tree` of v4 is `{node: null, children: […]}` without `data`, every branch alike."""
    tree = lucca.found(f"{V4_DEPARTMENTS}/tree")
    assert tree["node"] is None
    for branch in tree["children"]:
        assert {"id", "name"} <= set(branch["node"])
        assert isinstance(branch["children"], list)
