"""Collections of v3: envelope, projection, pages, order, filters."""

from datetime import datetime

import pytest

from lucca import departments, wire
from tests.contract.tenant import USERS, V3_DEPARTMENTS, Tenant

belief = pytest.mark.belief


@belief("R1", "D", "K-ORG; DOC")
def test_a_collection_is_data_items(lucca: Tenant) -> None:
    """A collection is `{"data": {"items": […]}}`; whatever stands beside `data` is not needed."""
    assert isinstance(lucca.found(USERS, {"paging": "0,3"})["data"]["items"], list)


@belief("R2", "D", "K-ORG; DOC")
def test_one_thing_is_data(lucca: Tenant) -> None:
    """One thing is `{"data": {…}}`."""
    number = lucca.someone()["id"]
    assert lucca.found(f"{USERS}/{number}", {"fields": "id"})["data"]["id"] == number


@belief("R3", "D", "DOC; TAPL schemas")
def test_ids_are_numbers(lucca: Tenant) -> None:
    """Ids of people and departments are whole numbers."""
    for person in lucca.people({"fields": "id,department[id]", "paging": "0,20"}):
        assert isinstance(person["id"], int)
        assert isinstance(person["department"]["id"], int)


@belief("R4", "D", "SPEC headers; DOC")
def test_the_answer_calls_itself_json(lucca: Tenant) -> None:
    """A good answer has the content type application/json."""
    assert lucca.get(USERS, {"paging": "0,1"}).headers["content-type"].startswith("application/json")


@belief("R5", "D", "API generations page; RDD")
def test_without_fields_there_is_little(lucca: Tenant) -> None:
    """Without `fields` the items of a collection hold `id`, `name` and `url` alone."""
    assert set(lucca.people({"paging": "0,1"})[0]) == {"id", "name", "url"}


@belief("R6", "D", "DOC list-users")
def test_fields_are_exactly_those_asked_for(lucca: Tenant) -> None:
    """`fields=a,b[c,d]` gives exactly these, nested ones in brackets."""
    [person] = lucca.people({"fields": "id,mail,department[id,name]", "paging": "0,1"})
    assert set(person) == {"id", "mail", "department"}
    assert set(person["department"]) == {"id", "name"}


@belief("R7", "O", "RDD; DOC")
def test_a_dot_means_the_same_as_brackets(lucca: Tenant) -> None:
    """`fields=department.id` is the same as `fields=department[id]`."""
    dotted = lucca.people({"fields": "id,department.id", "paging": "0,1"})
    assert dotted == lucca.people({"fields": "id,department[id]", "paging": "0,1"})


@belief("R8", "I", "TAPL schemas")
def test_names_of_fields_have_no_case(lucca: Tenant) -> None:
    """The case of a field's name does not matter; the answer uses the server's own, which differs by endpoint."""
    [person] = lucca.people({"fields": "ID,FIRSTNAME", "paging": "0,1"})
    assert {name.lower() for name in person} == {"id", "firstname"}


@belief("R9", "I", "TAPL, in production use; FRONT's own mocks; RDD")
def test_the_count_comes_on_request_and_is_the_whole(lucca: Tenant) -> None:
    """`collection.count` among the fields gives `data.count`: how many there are in all, not on the page."""
    assert "count" not in lucca.found(USERS, {"fields": "id", "paging": "0,1"})["data"]
    counted = lucca.found(USERS, {"fields": "id,collection.count", "paging": "0,1000"})["data"]
    one = lucca.found(USERS, {"fields": "id,collection.count", "paging": "0,1"})["data"]
    assert one["count"] == counted["count"] >= len(counted["items"])


@belief("R10", "O", "FRONT's own mocks; RDD")
def test_the_count_can_come_alone(lucca: Tenant) -> None:
    """`fields=collection.count` alone gives the count without items."""
    assert not lucca.found(USERS, {"fields": "collection.count"})["data"].get("items")


@belief("R11", "D", "DOC users, user-properties; K-ORG")
def test_the_fields_that_the_client_asks_for_exist(lucca: Tenant) -> None:
    """Every field that the client projects is one that Lucca has."""
    asked = {USERS: f"{wire.EMPLOYEE_FIELDS},extendedData", V3_DEPARTMENTS: departments.V3_FIELDS}
    for path, fields in asked.items():
        response = lucca.get(path, {"fields": fields, "paging": "0,1"})
        assert response.status_code in ({200} if path == USERS else {200, 404, 410})


@belief("P1", "D", "DOC list-users; K-DIR")
def test_a_page_of_people_holds_a_thousand_at_most(lucca: Tenant) -> None:
    """`paging={offset},{limit}` takes limits from 1 to 1,000; others are a 400."""
    assert lucca.get(USERS, {"fields": "id", "paging": "0,1000"}).status_code == 200
    assert lucca.get(USERS, {"fields": "id", "paging": "0,1001"}).status_code == 400
    assert lucca.get(USERS, {"fields": "id", "paging": "0,0"}).status_code == 400


@belief("P2", "D", "DOC list-users")
def test_pages_follow_one_another(lucca: Tenant) -> None:
    """Pages in the order of ids neither overlap nor leave anyone out."""
    ordered = {"fields": "id", "orderBy": "id,asc"}
    whole = [person["id"] for person in lucca.people(ordered | {"paging": "0,10"})]
    parts = [person["id"] for offset in (0, 4, 8) for person in lucca.people(ordered | {"paging": f"{offset},4"})]
    assert whole == parts[:10]
    assert whole == sorted(whole)


@belief("P3", "I", "TAPL")
def test_beyond_the_end_is_an_empty_page(lucca: Tenant) -> None:
    """An offset beyond the end gives no items and no error."""
    assert lucca.people({"fields": "id", "orderBy": "id,asc", "paging": "100000,10"}) == []


@belief("P4", "O", "RDD")
def test_an_order_that_is_none_is_a_400(lucca: Tenant) -> None:
    """`orderBy` with a direction other than asc or desc, or with an odd number of parts, is a 400."""
    assert lucca.get(USERS, {"orderBy": "id,upwards"}).status_code == 400
    assert lucca.get(USERS, {"orderBy": "id"}).status_code == 400


@belief("F1", "D", "DOC; general filters")
def test_a_list_of_ids_means_any_of_them(lucca: Tenant) -> None:
    """`id=1,2,3` gives those of these ids that the key may see, and an unknown id gives nobody."""
    ids = [person["id"] for person in lucca.people({"fields": "id", "orderBy": "id,asc", "paging": "0,3"})]
    asked = ",".join(str(number) for number in [*ids, 2147483647])
    found = lucca.people({"id": asked, "fields": "id", "orderBy": "id,asc"})
    assert [person["id"] for person in found] == ids
    assert lucca.people({"id": "2147483647", "fields": "id"}) == []


@belief("F5", "D", "DOC list-users: the two filters, together by construction")
def test_a_person_who_left_is_found_by_id_on_request(lucca: Tenant) -> None:
    """`id=416&formerEmployees=true` finds a person also after the contract's end."""
    query = {"fields": "id", "orderBy": "id,asc", "paging": "0,1000"}
    present = {person["id"] for person in lucca.people(query)}
    left = [one["id"] for one in lucca.people(query | {"formerEmployees": "true"}) if one["id"] not in present]
    if not left:
        pytest.skip("nobody who left is shown to this key")
    found = lucca.people({"fields": "id", "id": str(left[0]), "formerEmployees": "true"})
    assert [person["id"] for person in found] == left[:1]


@belief("F6", "O", "FRONT: LuUserV3Service, its mocks")
def test_a_search_by_words_wraps_the_people_it_finds(lucca: Tenant) -> None:
    """`users/search?clue=a,b` gives those whose name has these words, each as `{relevance, item}`."""
    [person] = lucca.people({"fields": "id,firstName,lastName", "orderBy": "id,asc", "paging": "0,1"})
    clue = ",".join(f"{person['firstName']} {person['lastName']}".split())
    found = lucca.found(f"{USERS}/search", {"clue": clue, "fields": "id"})["data"]["items"]
    assert person["id"] in {one["item"]["id"] for one in found}
    assert all("relevance" in one for one in found)


@belief("F2", "D", "DOC list-users; older documentation filtered by `dtContractEnd=notequal,null`")
def test_people_who_left_come_on_request(lucca: Tenant) -> None:
    """People whose contract ended are left out unless `formerEmployees=true`."""
    now = datetime.now().isoformat()  # noqa: DTZ005  # Lucca's times have no zone
    query = {"fields": "id,dtContractEnd", "orderBy": "id,asc", "paging": "0,1000"}
    present = lucca.people(query)
    everyone = lucca.people(query | {"formerEmployees": "true"})
    ends = [person["dtContractEnd"] for person in present if person["dtContractEnd"]]
    assert all(end[:10] >= now[:10] for end in ends)
    assert {person["id"] for person in present} <= {person["id"] for person in everyone}


@belief("F3", "D", "DOC list-users")
def test_a_mail_is_looked_for_whole_or_in_part(lucca: Tenant) -> None:
    """`mail=x` is an equality, `mail=like,x` a part of it."""
    query = {"fields": "id,mail", "paging": "0,100"}
    mail = next(person["mail"] for person in lucca.people(query) if person["mail"])
    assert mail in {person["mail"] for person in lucca.people(query | {"mail": mail})}
    assert lucca.people(query | {"mail": mail[:-1]}) == []
    assert mail in {person["mail"] for person in lucca.people(query | {"mail": f"like,{mail[1:-1]}"})}


@belief("F4", "D", "DOC: incremental read")
def test_changes_are_asked_for_since_a_moment(lucca: Tenant) -> None:
    """`modifiedAt=since,…` takes a local moment without a zone."""
    query = {"fields": "id,modifiedAt", "paging": "0,10", "formerEmployees": "true"}
    assert lucca.people(query | {"modifiedAt": "since,2999-01-01T00:00:00"}) == []
    assert lucca.people(query | {"modifiedAt": "since,1900-01-02T00:00:00"})


@belief("U1", "D", "K-DIR; DOC users")
def test_a_person_has_one_department_and_contract_dates(lucca: Tenant) -> None:
    """A person has names, a mail that may be missing, one department, an establishment and contract dates."""
    fields = "id,firstName,lastName,mail,department[id,name],legalEntity[id,name],dtContractStart,dtContractEnd"
    for person in lucca.people({"fields": fields, "paging": "0,100"}):
        assert isinstance(person["firstName"], str)
        assert isinstance(person["lastName"], str)
        assert person["mail"] is None or isinstance(person["mail"], str)
        assert isinstance(person["department"]["name"], str)


@belief("U2", "I", "TAPL: local datetimes; sentinels 1900 and 9999 occur")
def test_dates_are_local_and_without_zone(lucca: Tenant) -> None:
    """Dates are `YYYY-MM-DDTHH:MM:SS` without a zone, null when there is none."""
    for person in lucca.people({"fields": "dtContractStart,dtContractEnd", "paging": "0,100"}):
        for value in person.values():
            assert value is None or datetime.fromisoformat(value).tzinfo is None


@belief("U3", "D", "DOC users; Windows LCID: 1036 fr, 1033 en-US")
def test_a_culture_is_a_windows_number(lucca: Tenant) -> None:
    """A person's culture is an object whose id is a Windows language number."""
    cultures = [person["culture"] for person in lucca.people({"fields": "culture[id,name]", "paging": "0,20"})]
    assert all(one is None or 0 < int(one["id"]) < 2**20 for one in cultures)


@belief("X1", "D", "K-ORG Error schema; SDK ResponseError")
def test_an_unknown_address_is_a_404(lucca: Tenant) -> None:
    """What does not exist under /api/v3 is a 404."""
    assert lucca.get("/api/v3/cardsnobodymadethis").status_code == 404
