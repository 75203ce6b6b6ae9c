"""Reading collaborators over v3: projection, paging, filters, order, envelopes, errors."""

from datetime import timedelta

import pytest

from lucca_simulator import Simulator
from tests.lucca_simulator.conftest import Caller

USERS = "/api/v3/users"


def test_a_collection_shows_id_name_and_url_when_no_field_is_asked_for(caller: Caller) -> None:
    assert list(caller.items(USERS)[0]) == ["id", "name", "url"]


def test_brackets_and_dots_ask_for_the_same(caller: Caller) -> None:
    bracketed = caller.items(USERS, fields="id,department[id,name],manager[id]", orderBy="id,asc")
    dotted = caller.items(USERS, fields="id,department.id,department.name,manager.id", orderBy="id,asc")
    assert bracketed == dotted
    assert list(bracketed[0]) == ["id", "department", "manager"]


def test_brackets_nest(caller: Caller) -> None:
    shown = caller.user(2, "department[head[department[name]]]")
    head = caller.user(2, "department[head[id]]")["department"]["head"]["id"]
    assert (
        shown["department"]["head"]["department"]["name"] == caller.user(head, "department.name")["department"]["name"]
    )


def test_a_reference_without_fields_has_its_short_form(caller: Caller) -> None:
    assert list(caller.user(2, "department")["department"]) == ["id", "name", "url"]


def test_names_are_case_insensitive_and_answered_in_the_servers_casing(caller: Caller) -> None:
    shown = caller.user(2, "ID,FIRSTNAME,departmentId,ManagerId,legalentityid,cultureid,extendeddata")
    assert list(shown) == ["id", "firstName", "departmentID", "managerID", "legalEntityID", "cultureID", "extendedData"]


def test_the_count_comes_only_when_asked_for_and_may_come_alone(caller: Caller) -> None:
    assert "count" not in caller.get(USERS, fields="id").json()["data"]
    page = caller.get(USERS, fields="id,collection.count", paging="0,2").json()["data"]
    assert (len(page["items"]), page["count"]) == (2, 67)
    assert caller.get(USERS, fields="collection.count").json() == {"data": {"count": 67}}


def test_pages_lose_and_repeat_nobody(caller: Caller) -> None:
    pages = [caller.ids(paging=f"{offset},7") for offset in range(0, 80, 7)]
    assert [number for page in pages for number in page] == caller.ids()


def test_a_search_wraps_each_of_those_whose_name_has_every_word(caller: Caller) -> None:
    fields = "id,firstname,lastname"
    shown = caller.items(f"{USERS}/search", clue="ênedel,CHLO", fields=fields)
    assert shown == [{"relevance": 1, "item": {"id": 1, "firstName": "Chloé", "lastName": "Chênedeleau"}}]
    assert caller.items(f"{USERS}/search", clue="chlo,nobody", fields=fields) == []


def test_a_search_without_a_clue_is_the_list(caller: Caller) -> None:
    for filters in ({}, {"formerEmployees": "true"}, {"id": "3,5"}):
        query = {"fields": "id,mail", "orderBy": "lastname,asc,firstname,asc"} | filters
        assert [each["item"] for each in caller.items(f"{USERS}/search", **query)] == caller.items(USERS, **query)
    assert caller.get(f"{USERS}/search", fields="collection.count").json() == {"data": {"count": 67}}


def test_an_offset_beyond_the_end_gives_an_empty_page(caller: Caller) -> None:
    assert caller.ids(paging="1000,10") == []


@pytest.mark.parametrize("paging", ["0,0", "0,1001", "-1,10", "a,10", "0,b", "5", "0,10,20", "²,10"])
def test_a_paging_that_cannot_be_is_refused(caller: Caller, paging: str) -> None:
    answer = caller.get(USERS, paging=paging)
    assert answer.status_code == 400
    assert set(answer.json()) == {"Status", "Message"}


@pytest.mark.parametrize(
    "query",
    [
        {"fields": "id,nonsense"},
        {"fields": "department[nonsense]"},
        {"fields": "department[id"},
        {"fields": "id]"},
        {"nonsense": "1"},
        {"orderBy": "id"},
        {"orderBy": "id,up"},
        {"orderBy": "nonsense,asc"},
        {"dtContractStart": "since,yesterdays"},
        {"dtContractStart": "between,2025-01-01"},
        {"id": "greaterthan,many"},
        {"mail.id": "1"},
    ],
)
def test_what_cannot_be_understood_is_refused(caller: Caller, query: dict[str, str]) -> None:
    assert caller.get(USERS, **query).status_code == 400


def test_an_unknown_name_may_be_ignored_instead(simulator: Simulator, caller: Caller) -> None:
    simulator.switch(unknown_field="ignore")
    assert list(caller.items(USERS, fields="id,nonsense", nonsense=1, orderBy="nonsense,asc")[0]) == ["id"]


def test_ids_are_asked_for_by_a_list_or_by_repeating(simulator: Simulator, caller: Caller) -> None:
    assert caller.ids(id="3,1,2") == [1, 2, 3]
    repeated = f"{USERS}?fields=id&orderBy=id,asc&id=1&id=3"
    assert [each["id"] for each in caller.http.get(repeated).json()["data"]["items"]] == [1, 3]
    simulator.switch(repeated_filter="last")
    assert [each["id"] for each in caller.http.get(repeated).json()["data"]["items"]] == [3]


def test_former_collaborators_come_only_when_asked_for(simulator: Simulator, caller: Caller) -> None:
    today = simulator.today()
    former = {each.id for each in simulator.company.employees.values() if each.has_left(today)}
    assert len(former) == 13
    assert not former & set(caller.ids())
    assert former < set(caller.ids(formerEmployees="true"))
    assert set(caller.ids(formerEmployees="true", dtContractEnd="until,yesterday")) == former


def test_texts_are_compared_whole_by_part_or_by_beginning(simulator: Simulator, caller: Caller) -> None:
    third = simulator.company.employees[3]
    mail = third.mail or ""
    assert caller.ids(mail=mail) == [3]
    assert caller.ids(mail=mail[:-1]) == []
    assert 3 in caller.ids(mail=f"like,{mail[2:9]}")
    assert 3 in caller.ids(name=f"starts,{third.first_name}")
    assert 3 not in caller.ids(name=f"starts,{third.last_name}")
    assert caller.ids(mail=mail.upper()) == [3]
    simulator.switch(text_comparison="exact")
    assert caller.ids(mail=mail.upper()) == []


def test_empty_and_not_empty_are_filters(simulator: Simulator, caller: Caller) -> None:
    everyone = set(caller.ids(formerEmployees="true"))
    empty = set(caller.ids(formerEmployees="true", mail="null"))
    assert len(empty) == 6
    assert set(caller.ids(formerEmployees="true", mail="notequal,null")) == everyone - empty
    assert set(caller.ids(managerId="null")) == {1}
    assert set(caller.ids(id="notequal,1,2")) == set(caller.ids()) - {1, 2}


def test_a_reference_is_compared_by_its_id(caller: Caller) -> None:
    by_dots = caller.ids(**{"department.id": 13})
    assert by_dots == caller.ids(departmentId=13) == caller.ids(department=13) == caller.ids(DEPARTMENTID=13)
    assert by_dots
    assert caller.ids(**{"department.name": "Production & logistique"}) == by_dots


def test_dates_are_inclusive(simulator: Simulator, caller: Caller) -> None:
    employee = simulator.company.employees[4]
    assert employee.starts_on
    day = employee.starts_on.isoformat()
    before = (employee.starts_on - timedelta(days=1)).isoformat()
    for fits in (day, f"since,{day}", f"until,{day}", f"between,{before},{day}", f"since,{day}T00:00:00"):
        assert 4 in caller.ids(dtContractStart=fits), fits
    assert 4 not in caller.ids(dtContractStart=f"until,{before}")
    assert 4 not in caller.ids(dtContractStart=f"between,{before},{before}")


def test_a_day_as_the_upper_end_holds_its_whole_day(simulator: Simulator, caller: Caller) -> None:
    changed = simulator.company.employees[4].modified_at
    assert 4 in caller.ids(modifiedAt=f"until,{changed.date()}")
    assert 4 in caller.ids(modifiedAt=f"since,{changed.isoformat(timespec='seconds')}")
    after = (changed + timedelta(seconds=1)).isoformat(timespec="seconds")
    assert 4 not in caller.ids(modifiedAt=f"since,{after}")


def test_numbers_are_compared(caller: Caller) -> None:
    assert caller.ids(id="lessthan,3") == [1, 2]
    assert caller.ids(id="lessthanorequal,3") == [1, 2, 3]
    assert set(caller.ids(id="greaterthan,20")) | {20} == set(caller.ids(id="greaterthanorequal,20"))


def test_people_to_come_are_found_by_their_start(simulator: Simulator, caller: Caller) -> None:
    assert len(caller.ids(dtContractStart="since,tomorrow")) == simulator.state()["counts"]["future_employees"] == 5


def test_the_order_is_by_several_fields(caller: Caller) -> None:
    shown = caller.items(USERS, fields="id,departmentId", orderBy="departmentId,asc,id,desc")
    pairs = [(each["departmentID"], -each["id"]) for each in shown]
    assert pairs == sorted(pairs)


def test_empty_values_sort_before_others(caller: Caller) -> None:
    assert caller.ids(orderBy="managerId,asc,id,asc")[0] == 1


def test_without_order_by_the_order_may_be_any(simulator: Simulator, caller: Caller) -> None:
    simulator.switch(order_without_order_by="any")
    unordered = [[each["id"] for each in caller.items(USERS, fields="id")] for _turn in range(2)]
    assert unordered[0] != unordered[1]
    assert sorted(unordered[0]) == sorted(unordered[1]) == caller.ids()


def test_one_collaborator_is_read_by_id(simulator: Simulator, caller: Caller) -> None:
    assert caller.user(5, "id,name") == {"id": 5, "name": simulator.company.employees[5].name}
    assert {"mail", "departmentID", "extendedData"} < set(caller.get(f"{USERS}/5").json()["data"])
    simulator.switch(item_fields="short")
    assert list(caller.get(f"{USERS}/5").json()["data"]) == ["id", "name", "url"]


@pytest.mark.parametrize("number", ["4000", "me", "5x", "²"])
def test_an_unknown_id_is_a_500_as_documented_or_a_404(simulator: Simulator, caller: Caller, number: str) -> None:
    answer = caller.get(f"{USERS}/{number}")
    assert (answer.status_code, answer.json()) == (500, {"Status": 500, "Message": "User Not Found"})
    simulator.switch(unknown_user="404")
    assert caller.get(f"{USERS}/{number}").status_code == 404


def test_dates_have_no_zone_and_milliseconds_only_where_there_are_some(simulator: Simulator, caller: Caller) -> None:
    employee = simulator.company.employees[4]
    employee.modified_at = employee.modified_at.replace(microsecond=583000)
    shown = caller.user(4, "modifiedAt,dtContractStart,dtContractEnd")
    assert employee.starts_on
    assert shown["dtContractStart"] == f"{employee.starts_on}T00:00:00"
    assert shown["dtContractEnd"] is None
    assert shown["modifiedAt"].endswith(".583")


@pytest.mark.parametrize("header", ["", "Bearer x", "lucca application=wrong", "lucca application=", "lucca x=y"])
def test_a_wrong_key_is_a_401_with_a_message(caller: Caller, header: str) -> None:
    answer = caller.http.get(USERS, headers={"Authorization": header})
    assert (answer.status_code, answer.json()) == (401, {"Status": 401, "Message": "Unauthorized"})


def test_the_scheme_word_has_no_case(simulator: Simulator, caller: Caller) -> None:
    answer = caller.http.get(USERS, headers={"Authorization": f"Lucca application={simulator.key}"})
    assert answer.status_code == 200


def test_errors_may_be_plain_text(simulator: Simulator, caller: Caller) -> None:
    simulator.switch(error_body="text")
    refused = caller.get(USERS, paging="0,0")
    assert refused.headers["content-type"].startswith("text/plain")
    assert refused.text.startswith("Limit should be between")
    assert caller.get(f"{USERS}/4000").text == ""


@pytest.mark.parametrize(
    ("position", "beside"), [("header", {"header"}), ("metadata", {"metadata"}), ("absent", set())]
)
def test_something_may_stand_beside_data(simulator: Simulator, caller: Caller, position: str, beside: set[str]) -> None:
    simulator.switch(envelope_header=position)
    assert set(caller.get(USERS).json()) == {"data"} | beside


def test_analytic_axes_are_asked_for_as_one_and_answered_one_by_one(caller: Caller) -> None:
    assert list(caller.user(2, "id,userAxisValues")) == ["id", "userAxisValues_1"]


@pytest.mark.parametrize("path", [USERS, "/api/v3/departments"])
def test_the_fields_that_help_names_can_all_be_asked_for(caller: Caller, path: str) -> None:
    fields = caller.get(f"{path}/help").json()["data"]["fields"]
    shown = caller.get(path, fields=",".join(fields), paging="0,20")
    assert shown.status_code == 200
    assert set(fields) - set(shown.json()["data"]["items"][0]) <= {"userAxisValues"}


def test_an_address_that_lucca_does_not_have_is_a_404(caller: Caller) -> None:
    for path in ("/api/v3/nonsense", "/api/v2/users", "/lucca-api/employees", "/organization/nonsense"):
        assert caller.get(path).status_code == 404
