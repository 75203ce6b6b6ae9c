"""The open questions: for each switch of the simulator, how to ask a Lucca which position is the true one.

A question answers with a position, or None where this Lucca does not let it be told.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2

from lucca import WantedRow
from lucca.rows import as_text, key_of, member, unwrapped
from tests.contract.tenant import PROPERTIES, USERS, V3_DEPARTMENTS, V4_DEPARTMENTS, Tenant, a_row

NOBODY = "2147483647"


@dataclass(frozen=True)
class Question:
    switch: str
    source: str
    ask: Callable[[Tenant], str | None]
    writes: bool = False
    bursts: bool = False
    only_pretend: bool = False

    @property
    def says(self) -> str:
        return (self.ask.__doc__ or "").strip()


QUESTIONS: dict[str, Question] = {}


def question(source: str, **traits: bool) -> Callable[[Callable[[Tenant], str | None]], Callable[[Tenant], str | None]]:
    def register(ask: Callable[[Tenant], str | None]) -> Callable[[Tenant], str | None]:
        QUESTIONS[ask.__name__] = Question(ask.__name__, source, ask, **traits)
        return ask

    return register


def our_element(lucca: Tenant, wanted: WantedRow) -> tuple[list[Any], int]:
    """The whole array as it is read, and where in it that row is."""
    array = list(lucca.occurrences())
    return array, next(number for number, raw in enumerate(array) if wanted.link in str(raw))


def subfield(lucca: Tenant, wanted: WantedRow, code: str) -> Any:
    """What stands under a sub-field's code in our row; None when nothing does."""
    array, number = our_element(lucca, wanted)
    return member(array[number]["value"], code)


# Custom data


@question(
    "RDD rebuilds collections wholesale; the titles of DOC extended-data speak of appending and deleting some",
    writes=True,
)
def multi_write(lucca: Tenant) -> str | None:
    """Does a written array replace all occurrences, or change only those that it names?"""
    lucca.write(a_row(1), a_row(2))
    array, number = our_element(lucca, a_row(2))
    lucca.put({lucca.codes.compound: [*array[:number], *array[number + 1 :]]})
    return "upsert" if any(a_row(2).link in str(raw) for raw in lucca.occurrences()) else "replace"


@question("SOON shows `value` inside; an id of its own is probable", writes=True)
def subfield_read(lucca: Tenant) -> str | None:
    """Is a sub-field read as `{id, value}`, as `{value}` or bare?"""
    lucca.write(a_row())
    held = subfield(lucca, a_row(), lucca.codes.title)
    if key_of(held, "value") is None:
        return "bare"
    return "value" if key_of(held, "id") is None else "id-value"


@question("the composite examples of DOC extended-data could not be read", writes=True)
def subfield_write(lucca: Tenant) -> str | None:
    """Are sub-fields accepted in every shape, or only in the one in which they are read?"""
    lucca.write(a_row())
    is_bare = subfield_read(lucca) == "bare"
    values = {lucca.codes.title: "Contract test 2", lucca.codes.link: a_row(2).link}
    if isinstance(unwrapped(subfield(lucca, a_row(), lucca.codes.link)), dict):
        del values[lucca.codes.link]
    other = {code: {"value": value} if is_bare else value for code, value in values.items()}
    response = lucca.put({lucca.codes.compound: [*lucca.occurrences(), {"value": other}]})
    made = [raw for raw in lucca.occurrences() if as_text(member(raw["value"], lucca.codes.title)) == "Contract test 2"]
    if made and lucca.codes.link not in values:
        lucca.write(remove=[str(raw["id"]) for raw in made])
    return "any" if made else "as-read" if response.status_code == 400 else None


@question("DOC extended-data documents it for single values", writes=True)
def null_value_in_array(lucca: Tenant) -> str | None:
    """Does `{id, value: null}` inside an array delete that occurrence, or is it refused?"""
    lucca.write(a_row())
    array, number = our_element(lucca, a_row())
    array[number] = {"id": array[number]["id"], "value": None}
    if lucca.put({lucca.codes.compound: array}).status_code == 400:
        return "refuse"
    return None if a_row().link in str(lucca.occurrences()) else "delete"


@question("DOC extended-data: « will not work »", writes=True)
def write_under_extended_data(lucca: Tenant) -> str | None:
    """Are custom data inside `extendedData` ignored silently, or refused?"""
    response = lucca.put({"extendedData": {lucca.codes.compound: []}})
    return {200: "ignore", 400: "refuse"}.get(response.status_code)


@question("nothing found", writes=True)
def unknown_code(lucca: Tenant) -> str | None:
    """Is a code that nobody defined refused or ignored?"""
    response = lucca.put({"e_cards_nobody_made_this": {"value": "x"}})
    return {200: "ignore", 400: "refuse"}.get(response.status_code)


@question("nothing found; asked with LUCCA_SANDBOX_READER_KEY", writes=True)
def hidden_section(lucca: Tenant) -> str | None:
    """Is writing into a section closed to the key a 403, or silently without effect?"""
    if lucca.reader_key is None:
        return None
    lucca.write(a_row())
    array, number = our_element(lucca, a_row())
    array.pop(number)
    response = lucca.put({lucca.codes.compound: array}, authorization=f"lucca application={lucca.reader_key}")
    return {200: "ignore", 403: "refuse"}.get(response.status_code)


@question("one version of DOC update-a-user-by-id wraps the body, others do not", writes=True)
def body_wrapped_in_data(lucca: Tenant) -> str | None:
    """Is a body of the form `{"data": {…}}` accepted?"""
    response = lucca.put({"data": {lucca.codes.compound: lucca.occurrences() or []}})
    return {200: "accept", 400: "refuse"}.get(response.status_code)


@question("nothing found", writes=True)
def foreign_occurrence_id(lucca: Tenant) -> str | None:
    """Is an occurrence id that is not there a 400 or a 404?"""
    lucca.write(a_row())
    array, number = our_element(lucca, a_row())
    stranger = {**array[number], "id": int(NOBODY)}
    status = str(lucca.put({lucca.codes.compound: [*array, stranger]}).status_code)
    return status if status in {"400", "404"} else None


@question("nothing found; the client always sends all sub-fields", writes=True)
def omitted_subfield(lucca: Tenant) -> str | None:
    """Is a sub-field that an update leaves out kept or erased?"""
    lucca.write(a_row())
    array, number = our_element(lucca, a_row())
    inner = dict(array[number]["value"])
    inner.pop(key_of(inner, lucca.codes.progress) or "")
    array[number] = {**array[number], "value": inner}
    if lucca.put({lucca.codes.compound: array}).status_code != 200:
        return None
    return "keep" if as_text(subfield(lucca, a_row(), lucca.codes.progress)) else "erase"


@question("nothing found", writes=True)
def empty_text(lucca: Tenant) -> str | None:
    """Is an empty text kept as it is, or does it become nothing?"""
    lucca.write(a_row(score=""))
    held = subfield(lucca, a_row(), lucca.codes.score)
    return "keep" if held is not None and unwrapped(held) == "" else "null"


@question("nothing found for v3; v5 tells short-text from long-text without a figure", writes=True)
def text_length(lucca: Tenant) -> str | None:
    """Is a text of more than 255 signs accepted?"""
    lucca.write(a_row())
    array, number = our_element(lucca, a_row())
    inner = dict(array[number]["value"])
    key = key_of(inner, lucca.codes.progress)
    if key is None:
        return None
    held, long = inner[key], "x" * 256
    inner[key] = {**held, "value": long} if isinstance(held, dict) else long
    array[number] = {**array[number], "value": inner}
    return {200: "any", 400: "255"}.get(lucca.put({lucca.codes.compound: array}).status_code)


@question("one sample of DOC users shows a bare value, DOC extended-data an object")
def simple_read(lucca: Tenant) -> str | None:
    """Is a single simple datum read as `{id, value}` or bare?"""
    asked = {"fields": "id,type,category,isMultivalue", "paging": "0,1000"}
    found = lucca.get(PROPERTIES, asked)
    if found.status_code != 200:
        return None
    items = found.json()["data"]["items"]
    simple = {
        one["id"].lower() for one in items if one["category"] == 3 and one["type"] != 5 and not one["isMultivalue"]
    }
    for person in lucca.people({"fields": "extendedData", "paging": "0,100"}):
        for code, held in (person.get("extendedData") or {}).items():
            if code.lower() in simple and held is not None:
                return "object" if isinstance(held, dict) and "value" in held else "bare"
    return None


@question("DOC update-a-user-by-id shows an `e_` key beside native ones, for a PUT", only_pretend=True)
def custom_data_at_creation(lucca: Tenant) -> str | None:
    """Are custom data sent with a new person kept? It would leave a person behind in a real Lucca."""
    [someone] = lucca.people({"fields": "departmentId,legalEntityId", "paging": "0,1"})
    body = {
        "firstName": "Contract",
        "lastName": "Test",
        "mail": "contract-test@acme.example",
        "login": "contract-test",
        "departmentId": someone["departmentID"],
        "legalEntityId": someone["legalEntityID"],
        "dtContractStart": "2026-01-05",
        "rolePrincipalId": 55,
        lucca.codes.compound: [{"value": {lucca.codes.title: {"value": "Contract test"}}}],
    }
    made = lucca.ask("POST", USERS, {"fields": "id,extendedData"}, json=body)
    if made.status_code != 200:
        return None
    return "accept" if key_of(made.json()["data"]["extendedData"], lucca.codes.compound) else "ignore"


@question("SPEC: the kind `url` of v5 is a string", writes=True)
def hyperlink(lucca: Tenant) -> str | None:
    """Is a hyperlink a plain text or `{url, label}`?"""
    lucca.write(a_row())
    return "object" if isinstance(unwrapped(subfield(lucca, a_row(), lucca.codes.link)), dict) else "text"


@question("the list of format keys in DOC user-properties could not be read whole")
def hyperlink_format(lucca: Tenant) -> str | None:
    """What is the format key of a hyperlink in the definitions?"""
    found = lucca.get(PROPERTIES, {"fields": "id,format[key]", "paging": "0,1000"})
    if found.status_code != 200:
        return None
    formats = {one["id"].lower(): one["format"]["key"] for one in found.json()["data"]["items"]}
    key = formats.get(lucca.codes.link.lower())
    return str(key) if key else None


@question("nothing found", writes=True)
def datum_without_value(lucca: Tenant) -> str | None:
    """Is a datum without value absent or null?"""
    [person] = lucca.people([("id", lucca.employee or ""), ("fields", "id,extendedData"), ("formerEmployees", "true")])
    shown = person.get("extendedData") or {}
    key = key_of(shown, lucca.codes.compound)
    if key is None:
        return "absent"
    return "null" if shown[key] is None else None


@question("nothing found: the key may lack configuration rights")
def definitions_readable(lucca: Tenant) -> str | None:
    """May the key read the definitions of custom data?"""
    return {200: "yes", 403: "403", 404: "404"}.get(lucca.get(PROPERTIES, {"fields": "id"}).status_code)


@question("nothing found")
def subfields_in_definitions(lucca: Tenant) -> str | None:
    """Are the sub-fields of compound data listed as definitions of their own?"""
    found = lucca.get(PROPERTIES, {"fields": "id", "paging": "0,1000"})
    if found.status_code != 200:
        return None
    codes = {one["id"].lower() for one in found.json()["data"]["items"]}
    if lucca.codes.compound.lower() not in codes:
        return None
    return "listed" if lucca.codes.title.lower() in codes else "absent"


# People


@question("DOC users: 500 is literally « User Not Found »")
def unknown_user(lucca: Tenant) -> str | None:
    """Is reading an unknown id a 500 or a 404?"""
    status = str(lucca.get(f"{USERS}/{NOBODY}", {"fields": "id"}).status_code)
    return status if status in {"500", "404"} else None


@question("RDD answers 400")
def unknown_field(lucca: Tenant) -> str | None:
    """Is an unknown name in `fields` refused or ignored?"""
    response = lucca.get(USERS, {"fields": "id,cardsNobodyMadeThis", "paging": "0,1"})
    return {200: "ignore", 400: "refuse"}.get(response.status_code)


@question("DOC samples show more than on a collection")
def item_fields(lucca: Tenant) -> str | None:
    """Does one person without `fields` show more than `id`, `name`, `url`?"""
    shown = lucca.found(f"{USERS}/{lucca.someone()['id']}")["data"]
    return "short" if set(shown) <= {"id", "name", "url"} else "full"


@question("TAPL always asks for an order")
def order_without_order_by(lucca: Tenant) -> str | None:
    """Are people in the order of their ids when no order is asked for?"""
    ids = [[one["id"] for one in lucca.people({"fields": "id", "paging": "0,1000"})] for _ in range(2)]
    return "id" if all(each == sorted(each) for each in ids) else "any"


@question("OTO repeats the name, DOC lists values after one")
def repeated_filter(lucca: Tenant) -> str | None:
    """What does `id=1&id=2` mean: any of them, or the last?"""
    two = [one["id"] for one in lucca.people({"fields": "id", "orderBy": "id,asc", "paging": "0,2"})]
    query = [("fields", "id"), *(("id", str(number)) for number in two)]
    found = {one["id"] for one in lucca.people(query)}
    return "any-of" if found == set(two) else "last" if found == {two[1]} else None


@question("nothing found")
def text_comparison(lucca: Tenant) -> str | None:
    """Does a filter by e-mail look at the case?"""
    people = lucca.people({"fields": "mail", "paging": "0,100"})
    mail = next((one["mail"] for one in people if one["mail"] and one["mail"] != one["mail"].swapcase()), None)
    if mail is None:
        return None
    return "case-insensitive" if lucca.people({"mail": mail.swapcase(), "fields": "id"}) else "exact"


@question("nothing found", only_pretend=True)
def rehire(lucca: Tenant) -> str | None:
    """Does someone who comes back keep the id, and with which start date?"""
    [someone] = lucca.people({"fields": "id,mail,dtContractStart", "orderBy": "id,asc", "paging": "0,1"})
    contract = f"/_simulator/employees/{someone['id']}"
    lucca.ask("POST", f"{contract}/end", json={"on": "2026-01-31"})
    lucca.ask("POST", f"{contract}/return", json={"on": "2026-02-01"})
    [back] = lucca.people({"fields": "id,dtContractStart", "mail": someone["mail"]})
    if back["id"] != someone["id"]:
        return "new-id"
    return "same-id-first-start" if back["dtContractStart"] == someone["dtContractStart"] else "same-id"


@question("nothing found in v3", only_pretend=True)
def duplicate(lucca: Tenant) -> str | None:
    """Is a login that is taken refused by 400, by 409 or not at all? It would leave a person behind in a real Lucca."""
    login = lucca.people({"fields": "login", "orderBy": "id,desc", "paging": "0,1"})[0]["login"]
    return {200: "accept", 400: "400", 409: "409"}.get(lucca.put({"login": login}).status_code)


@question("RDD's default is ten")
def page_size_elsewhere(lucca: Tenant) -> str | None:
    """How many items has a page of v3 collections other than people when no paging is asked for?"""
    found = lucca.get(PROPERTIES, {"fields": "id,collection.count"})
    if found.status_code != 200 or found.json()["data"]["count"] <= 10:
        return None
    return "10" if len(found.json()["data"]["items"]) == 10 else "1000"


# Envelope, errors, limits


@question("SDK and RDD show `header`, FRONT a null `metadata`")
def envelope_header(lucca: Tenant) -> str | None:
    """What stands beside `data`?"""
    beside = {name.lower() for name in lucca.found(USERS, {"paging": "0,1"})} & {"header", "metadata"}
    return beside.pop() if beside else "absent"


@question("K-ORG and SDK show `{Status, Message}`, RDD writes text")
def error_body(lucca: Tenant) -> str | None:
    """Is an error `{Status, Message}` or plain text?"""
    response = lucca.get(USERS, {"paging": "0,5000"})
    try:
        return "message" if key_of(response.json(), "message") else None
    except ValueError:
        return "text"


def burst(lucca: Tenant) -> httpx2.Response | None:
    """Call until Lucca refuses; None when it does not."""
    for _ in range(80):
        response = lucca.hurry("GET", USERS, {"fields": "id", "paging": "0,1"})
        if response.status_code == 429:
            return response
    return None


@question("DOC limits names the header, not its form", bursts=True)
def retry_after(lucca: Tenant) -> str | None:
    """Is Retry-After given in seconds, as a date, or not at all?"""
    refused = burst(lucca)
    value = refused.headers.get("retry-after", "") if refused else None
    if not value or value.isdecimal():
        return None if value is None else "seconds" if value else "absent"
    return "date" if parsedate_to_datetime(value) else None


@question("OTO's tests have a Message, SPEC uses problem+json", bursts=True)
def throttle_body(lucca: Tenant) -> str | None:
    """What is the body of a 429?"""
    refused = burst(lucca)
    if refused is None:
        return None
    if not refused.content:
        return "empty"
    return "problem" if "problem" in refused.headers["content-type"] else "message"


@question("nothing found", bursts=True)
def refused_calls(lucca: Tenant) -> str | None:
    """Does a refused call count in the window, so that who hammers is never let in again?"""
    if burst(lucca) is None:
        return None
    until = time.monotonic() + 1.3 * lucca.window_seconds
    while time.monotonic() < until:
        if lucca.hurry("GET", USERS, {"fields": "id", "paging": "0,1"}).status_code == 200:
            return "free"
        time.sleep(lucca.window_seconds / 50)
    return "counted"


# Departments


@question("DOC departments-migration: to end from September 2026; OTO: alive on 2026-09-15")
def departments_v3(lucca: Tenant) -> str | None:
    """Do v3 departments still answer, and with what?"""
    response = lucca.get(V3_DEPARTMENTS, {"fields": "id", "paging": "0,1"})
    if response.status_code in {404, 410}:
        return f"gone-{response.status_code}"
    return "deprecated" if {"sunset", "deprecation"} & set(response.headers) else "alive"


@question("DOC departments-migration: no end announced")
def departments_v4(lucca: Tenant) -> str | None:
    """Do v4 departments answer to an API key?"""
    return {200: "alive", 404: "gone-404"}.get(lucca.get(V4_DEPARTMENTS, {"page": "1", "limit": "1"}).status_code)


@question("nothing found")
def inactive_in_v4(lucca: Tenant) -> str | None:
    """Does v4 list inactive departments without being asked?"""
    if any(not one["isActive"] for one in lucca.departments()):
        return "listed"
    return "absent" if lucca.departments({"isActive": "false"}) else None


@question("DOC list-departments shows /1/2/2/ for id 48")
def hierarchy_segments(lucca: Tenant) -> str | None:
    """Are the segments of a hierarchy ids, or ranks among siblings?"""
    last = [(one["hierarchy"].strip("/").split("/")[-1], str(one["id"])) for one in lucca.departments()]
    return "ids" if all(segment == number for segment, number in last) else "ranks"


@question("DOC list-departments: null in the only sample")
def parent_lucca_id(lucca: Tenant) -> str | None:
    """Is `parentLuccaId` filled?"""
    return "filled" if any(one["parentLuccaId"] is not None for one in lucca.departments()) else "null"


@question("DOC list-departments; TAPL sends `fields.root=count`")
def root_counters(lucca: Tenant) -> str | None:
    """Does v4 count without being asked?"""
    return "on-request" if lucca.found(V4_DEPARTMENTS, {"page": "1", "limit": "1"})["count"] is None else "always"


@question("nothing found: TAPL asks for 100")
def v4_largest_page(lucca: Tenant) -> str | None:
    """May a page of v4 hold more than a hundred items?"""
    response = lucca.get(V4_DEPARTMENTS, {"page": "1", "limit": "1000"})
    return {200: "1000", 400: "100"}.get(response.status_code)
