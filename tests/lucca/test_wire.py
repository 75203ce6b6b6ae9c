"""The wire format as tables: what is asked, how an answer is judged, and that no oddity of Lucca's is an accident."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lucca import Employee, EmployeePage, Throttled, Unintelligible, parse, wire

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def an_answer(body: Any, *, status: int = 200, **headers: str) -> wire.Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return wire.Answer(status=status, headers=named, body=content, received_at=NOON)


def a_person(**members: Any) -> Employee:
    return parse.employee(wire.lower_keys({"id": 416, **members}))


def a_page(people: int, *, count: int | None, offset: int = 0, limit: int = 1000) -> EmployeePage:
    envelope: dict[str, Any] = {"items": [{"id": offset + number} for number in range(people)]}
    if count is not None:
        envelope["count"] = count
    return parse.employee_page({"data": envelope}, offset=offset, limit=limit)


def test_people_are_asked_for_by_projection_in_order_and_by_offset_and_limit() -> None:
    assert wire.employees_request(2000, 1000).target == (
        "/api/v3/users?fields=id,firstName,lastName,mail,department[id,name],culture[id,name],"
        "dtContractStart,dtContractEnd,collection.count&orderBy=id,asc&paging=2000,1000&formerEmployees=true"
    )


def test_what_is_put_into_a_query_cannot_become_another_parameter() -> None:
    target = wire.employee_request("4&fields=iban#").target
    assert "id=4%26fields%3Diban%23&" in target


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "30"}, 30),
        ({"retry_after": " 7 "}, 7),
        ({"retry_after": "0"}, 1),
        ({"retry_after": "Sun, 22 Nov 2026 12:00:40 GMT"}, 40),
        ({"retry_after": "Sun, 22 Nov 2026 13:00:40 GMT", "date": "Sun, 22 Nov 2026 13:00:00 GMT"}, 40),
        ({"retry_after": "Sun, 22 Nov 2026 11:00:00 GMT"}, 1),
        ({"retry_after": "Sun, 22 Nov 2026 12:00:40"}, 40),
        ({}, 60),
        ({"retry_after": ""}, 60),
        ({"retry_after": "soon"}, 60),
        ({"retry_after": "-5"}, 60),
        ({"retry_after": "1.5"}, 60),
        ({"retry_after": "9" * 400}, 60),
        ({"retry_after": "999999999"}, 3600),
        ({"retry_after": "Fri, 31 Dec 9999 23:59:59 GMT"}, 3600),
        ({"retry_after": "Sun, 22 Nov 2026 12:00:40 GMT", "date": "today"}, 40),
    ],
)
def test_retry_after_is_read_in_both_its_forms_and_bounded(headers: dict[str, str], seconds: int) -> None:
    error = wire.failure(an_answer(b"", status=429, **headers))
    assert isinstance(error, Throttled)
    assert error.until == NOON + timedelta(seconds=seconds)


@given(st.text() | st.datetimes().map(format_datetime), st.text() | st.datetimes().map(format_datetime))
def test_whatever_retry_after_says_the_wait_is_between_a_second_and_an_hour(retry_after: str, date: str) -> None:
    until = wire.throttled_until(an_answer(b"", status=429, retry_after=retry_after, date=date))
    assert timedelta(seconds=1) <= until - NOON <= timedelta(hours=1)


@pytest.mark.parametrize("depth", [100, 400, 900, 1200, 5000])
def test_an_answer_of_any_depth_is_read_or_called_unintelligible(depth: int) -> None:
    for body in (b"[" * depth + b"]" * depth, b'{"a":' * depth + b"1" + b"}" * depth):
        with suppress(Unintelligible):
            parse.employee_page(wire.content(an_answer(body)), offset=0, limit=1)
            raise AssertionError("this is no page of people")


def test_keys_are_found_in_any_casing() -> None:
    person = parse.employee(
        wire.content(
            an_answer({"ID": 416, "FirstName": "Zoé", "LASTNAME": "Bel", "Mail": "z@acme.example", "departmentID": 14})
        )
    )
    assert (person.lucca_id, person.first_name, person.last_name) == ("416", "Zoé", "Bel")
    assert (person.email, person.department_id) == ("z@acme.example", "14")


def test_of_two_casings_of_one_key_the_filled_one_counts() -> None:
    assert wire.lower_keys({"departmentId": None, "departmentID": 3}) == {"departmentid": 3}
    assert wire.lower_keys({"departmentId": 3, "departmentID": None}) == {"departmentid": 3}


def test_a_person_of_the_documented_form_is_read_whole() -> None:
    assert a_person(
        firstName="John",
        lastName="DOE",
        mail=" J.Doe@acme.example ",
        department={"id": 14, "url": "http://elsewhere.example/api/departments/14", "name": "Sales"},
        legalEntity={"id": 1, "name": "Acme SAS"},
        culture={"id": 1036, "name": "Français"},
        dtContractStart="2014-09-01T00:00:00",
        dtContractEnd=None,
    ) == Employee(
        lucca_id="416",
        first_name="John",
        last_name="DOE",
        email="J.Doe@acme.example",
        department_id="14",
        department_name="Sales",
        contract_start_on=date(2014, 9, 1),
        culture="fr",
    )


@pytest.mark.parametrize("value", [None, "", "   ", 7, [], {}, "\x00"])
def test_what_is_no_text_is_no_email(value: Any) -> None:
    assert a_person(mail=value).email is None


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2026-11-22T00:00:00", date(2026, 11, 22)),
        ("2026-11-22", date(2026, 11, 22)),
        ("2026-11-22T08:45:23.583", date(2026, 11, 22)),
        ("1900-01-01T00:00:00", None),
        ("9999-12-31T00:00:00", None),
        ("0001-01-01T00:00:00", None),
        ("22/11/2026", None),
        ("", None),
        (None, None),
        (20261122, None),
    ],
)
def test_a_contract_date_is_a_day_or_nothing(value: Any, found: date | None) -> None:
    assert a_person(dtContractEnd=value).contract_end_on == found


@pytest.mark.parametrize(
    ("members", "language"),
    [
        ({"culture": {"id": 1036}}, "fr"),
        ({"culture": {"id": 58380}}, "fr"),
        ({"cultureID": 1033}, "en"),
        ({"cultureId": "1031"}, "de"),
        ({"culture": {"id": "fr-FR"}}, "fr"),
        ({"culture": {"id": "en"}}, "en"),
        ({"culture": {"id": 1}}, None),
        ({"culture": {"id": "Français"}}, None),
        ({"culture": None}, None),
        ({}, None),
    ],
)
def test_a_culture_is_a_language_whatever_names_it(members: dict[str, Any], language: str | None) -> None:
    assert a_person(**members).culture == language


@pytest.mark.parametrize("value", [None, "", True, {}, 1.5])
def test_someone_without_an_id_spoils_the_page_and_is_not_dropped(value: Any) -> None:
    with pytest.raises(Unintelligible):
        parse.employee_page({"data": {"items": [{"id": value, "mail": "x@acme.example"}]}}, offset=0, limit=10)


@pytest.mark.parametrize(
    ("page", "next_offset"),
    [
        (a_page(0, count=0), None),
        (a_page(1000, count=1000), None),
        (a_page(1000, count=1001), 1000),
        (a_page(500, count=1000), 500),
        (a_page(500, offset=500, count=1000), None),
        (a_page(0, offset=1000, count=999), None),
        (a_page(1000, offset=1000, count=1990), 2000),
        (a_page(10, offset=2000, count=1990), None),
        (a_page(1000, count=None), 1000),
        (a_page(999, count=None), None),
        (a_page(0, offset=1000, count=None), None),
    ],
)
def test_reading_goes_on_exactly_while_lucca_says_that_there_is_more(
    page: EmployeePage, next_offset: int | None
) -> None:
    assert page.next_offset == next_offset


def test_an_empty_page_before_the_end_is_an_error_and_never_an_end() -> None:
    with pytest.raises(Unintelligible):
        a_page(0, offset=1000, count=2000)


@pytest.mark.parametrize("count", ["12", -1, True, 1.5, None])
def test_a_count_that_is_no_number_is_no_count(count: Any) -> None:
    assert wire.items({"items": [], "count": count}) == ([], None)


def test_numbers_beyond_sixty_four_bits_and_half_characters_are_survived() -> None:
    decoded = wire.content(an_answer(b'{"position":98765432109876543210987,"name":"Zo\\ud83d"}'))
    assert decoded["position"] == 98765432109876543210987
    assert parse.text(decoded["name"]) == "Zo?"


def test_a_byte_order_mark_is_ignored() -> None:
    assert wire.content(an_answer(b"\xef\xbb\xbf{}")) == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.text())
def test_a_sample_shows_no_letter_and_no_digit_of_the_answer(body: str) -> None:
    shown = wire.sample(body.encode(errors="replace"))
    assert len(shown) <= 160
    assert not {sign for sign in shown if sign.isalnum()} - {"x", "9"}


@given(JSON)
def test_whatever_json_comes_it_is_read_or_called_unintelligible(value: Any) -> None:
    for body in (value, {"data": {"items": [value]}}, {"data": {"items": [{"id": 1, "mail": value}]}}):
        with suppress(Unintelligible):
            parse.employee_page(wire.content(an_answer(body)), offset=0, limit=1000)


@given(st.binary())
def test_whatever_bytes_come_they_are_read_or_called_unintelligible(body: bytes) -> None:
    with suppress(Unintelligible):
        wire.content(an_answer(body))


@given(st.text(), st.text(), st.one_of(st.emails(), st.text()))
def test_names_in_any_script_and_emails_of_any_form_arrive_as_they_are(first: str, last: str, email: str) -> None:
    person = parse.employee(wire.content(an_answer({"id": 1, "firstName": first, "lastName": last, "mail": email})))
    for sent, read in ((first, person.first_name), (last, person.last_name), (email, person.email)):
        assert (read or "") == sent.replace("\x00", "").strip()


# --- the quick way through a page that is exactly as asked --------------------------------------------

AS_ASKED: dict[str, Any] = {
    "id": 416,
    "firstName": "Zoé",
    "lastName": " Martin ",
    "mail": "zoe@acme.example",
    "department": {"id": 7, "name": "Sales"},
    "culture": {"id": 1036, "name": "Français"},
    "dtContractStart": "2020-01-02T00:00:00",
    "dtContractEnd": None,
}


def both_ways(body: Any) -> list[EmployeePage]:
    """What the quick way (where it goes) and the patient way make of an answer."""
    answer = an_answer(json.dumps(body, ensure_ascii=False).encode(errors="replace"))
    found = []
    for read in (wire.exactly(answer, parse.AskedPage), wire.content(answer)):
        with suppress(Unintelligible):
            found += [parse.employee_page(read, offset=0, limit=1000)] if read is not None else []
    return found


def test_a_page_exactly_as_asked_for_is_read_the_quick_way() -> None:
    quick, patient = both_ways({"header": {}, "data": {"items": [AS_ASKED], "count": 1}})
    assert quick == patient


@pytest.mark.parametrize(
    "odd",
    [
        {"FirstName": "Lou"},
        {"firstname": "Lou", "firstName": None},
        {"departmentID": 7},
        {"id": 416.0},
        {"id": True},
        {"department": 7},
        {"mail": 5},
        {"lastName": "Mar\x00tin"},
        {"lastName": 'Lou "la belle" Martin'},
    ],
)
def test_a_page_that_is_any_different_is_left_to_the_patient_way(odd: dict[str, Any]) -> None:
    page = json.dumps({"data": {"items": [AS_ASKED, AS_ASKED | odd]}}, ensure_ascii=False).encode()
    assert wire.exactly(an_answer(page), parse.AskedPage) is None
    assert wire.exactly(an_answer({"data": {"items": []}}, content_type="text/html"), parse.AskedPage) is None


@given(st.dictionaries(st.sampled_from([*AS_ASKED]), JSON), st.one_of(st.none(), st.integers(-2, 3)))
def test_both_ways_read_the_same_wherever_the_quick_one_goes(odd: dict[str, Any], count: int | None) -> None:
    *quick, patient = both_ways({"data": {"items": [AS_ASKED | odd], "count": count}}) or [None]
    assert quick in ([], [patient])
