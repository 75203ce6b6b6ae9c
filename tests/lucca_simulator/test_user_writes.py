"""POST and partial PUT of collaborators over v3."""

import pytest

from lucca_simulator import Simulator
from tests.lucca_simulator.conftest import Caller

NEW = {
    "firstName": "Zoé",
    "lastName": "Neuvaine",
    "mail": "zoe@acme.example",
    "login": "zoe",
    "legalEntityId": 1,
    "dtContractStart": "2026-01-05",
    "departmentId": 6,
    "rolePrincipalId": 55,
}


def test_a_put_changes_only_what_is_sent(caller: Caller) -> None:
    before = caller.get("/api/v3/users/5").json()["data"]
    answer = caller.put(5, {"lastName": "Doe", "departmentId": 6}, fields="id,lastName,departmentId")
    assert answer.json() == {"data": {"id": 5, "lastName": "Doe", "departmentID": 6}}
    after = caller.get("/api/v3/users/5").json()["data"]
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"lastName", "name", "displayName", "departmentID", "department", "modifiedAt"}


def test_native_and_custom_data_are_written_together(caller: Caller) -> None:
    caller.put(30, {"JOBTITLE": "Developer", "managerID": None, "quote": "carpe diem", "e_nickname": {"value": "Zaz"}})
    shown = caller.user(30, "jobTitle,managerId,quote,extendedData[x]")
    assert (shown["jobTitle"], shown["managerID"], shown["quote"]) == ("Developer", None, "carpe diem")
    assert shown["extendedData"]["e_nickname"]["value"] == "Zaz"


def test_everybody_sent_back_as_read_changes_in_nothing_but_the_time(caller: Caller) -> None:
    for number in caller.ids(formerEmployees="true", mail="notequal,null"):
        before = caller.get(f"/api/v3/users/{number}").json()["data"]
        assert caller.put(number, before).status_code == 200
        after = caller.get(f"/api/v3/users/{number}").json()["data"]
        assert {name for name in before if before[name] != after[name]} <= {"modifiedAt"}


def test_a_body_wrapped_in_data_is_accepted_or_refused(simulator: Simulator, caller: Caller) -> None:
    assert caller.put(5, {"data": {"lastName": "Doe"}}, fields="lastName").json() == {"data": {"lastName": "Doe"}}
    simulator.switch(body_wrapped_in_data="refuse")
    assert caller.put(5, {"data": {"lastName": "Roe"}}).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {"departmentId": 999},
        {"departmentId": "6"},
        {"legalEntityId": True},
        {"managerId": 9999},
        {"lastName": None},
        {"mail": 5},
        {"dtContractEnd": "soon"},
        {"dtContractStart": None},
        {"cultureId": "fr"},
        {"favouriteColour": "blue"},
        [1],
        "x",
    ],
)
def test_a_value_that_cannot_be_is_refused(caller: Caller, body: object) -> None:
    before = caller.get("/api/v3/users/5").json()
    assert caller.put(5, body).status_code == 400
    assert caller.get("/api/v3/users/5").json() == before


def test_a_body_that_is_not_json_is_refused(caller: Caller) -> None:
    assert caller.http.put("/api/v3/users/5", content=b"{").status_code == 400


def test_a_put_to_nobody_changes_nobody(caller: Caller) -> None:
    assert caller.put(9999, {"lastName": "Doe"}).status_code == 500


def test_a_new_user_answers_200_and_is_there(caller: Caller) -> None:
    answer = caller.http.post("/api/v3/users", json=NEW, params={"fields": "id,name,departmentId,rolePrincipalId"})
    assert answer.status_code == 200
    assert answer.json()["data"] == {"id": 81, "name": "Zoé Neuvaine", "departmentID": 6, "rolePrincipalID": 55}
    assert caller.ids(mail="zoe@acme.example") == [81]


@pytest.mark.parametrize("name", sorted(NEW))
def test_a_new_user_lacking_something_required_is_refused(caller: Caller, name: str) -> None:
    lacking = {each: value for each, value in NEW.items() if each != name}
    for body in (lacking, lacking | {name: None}):
        answer = caller.http.post("/api/v3/users", json=body)
        assert answer.status_code == 400
        assert name in answer.json()["Message"]


def test_a_new_user_may_come_with_custom_data(simulator: Simulator, caller: Caller) -> None:
    body = NEW | {"e_nickname": {"value": "Zaz"}}
    shown = caller.http.post("/api/v3/users", json=body).json()["data"]
    assert shown["extendedData"]["e_nickname"]["value"] == "Zaz"
    simulator.switch(custom_data_at_creation="ignore")
    other = {"login": "z2", "mail": "z2@acme.example"}
    assert caller.http.post("/api/v3/users", json=body | other).json()["data"]["extendedData"] == {}


def test_a_taken_login_mail_or_number_is_refused_or_not(simulator: Simulator, caller: Caller) -> None:
    employee = simulator.company.employees[3]
    place = employee.establishment_id
    for taken in ({"login": employee.login}, {"mail": employee.mail}):
        assert caller.http.post("/api/v3/users", json=NEW | taken).status_code == 400
    numbered = {"employeeNumber": employee.employee_number, "legalEntityId": place}
    assert caller.http.post("/api/v3/users", json=NEW | numbered).status_code == 400
    assert caller.put(3, {"login": employee.login, "mail": employee.mail} | numbered).status_code == 200
    simulator.switch(duplicate="409")
    assert caller.http.post("/api/v3/users", json=NEW | {"login": employee.login}).status_code == 409
    simulator.switch(duplicate="accept")
    assert caller.http.post("/api/v3/users", json=NEW | {"mail": employee.mail}).status_code == 200


def test_a_contract_is_made_unless_refused(caller: Caller) -> None:
    path = "/directory/api/4.0/work-contracts"
    caller.http.post("/api/v3/users", json=NEW)
    caller.http.post("/api/v3/users?contract=false", json=NEW | {"login": "z2", "mail": "z2@acme.example"})
    assert len(caller.get(path, ownerId=81).json()["items"]) == 1
    assert caller.get(path, ownerId=82).json()["items"] == []
