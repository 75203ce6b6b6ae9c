"""Lucca's wire format without any wire: requests as values, answers judged and decoded.

Pure: no network, no clock, and nothing of an answer's body ever leaves in an error but a blotted shape.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec

from lucca.errors import (
    LuccaError,
    NotFound,
    Refused,
    Rejected,
    Throttled,
    Unavailable,
    UnavailableReason,
    Unintelligible,
    UnintelligibleReason,
)

Shape = TypeVar("Shape")

USERS = "/api/v3/users"
PAGE = 1000  # the most that a page of users may hold: list-users, developers.lucca.fr
# Nothing that nobody needs: whoever asks says for each of these why it is read.
EMPLOYEE_FIELDS = "id,firstName,lastName,mail,department[id,name],culture[id,name],dtContractStart,dtContractEnd"
# Retry-After is honoured up to this; Lucca counts calls over sixty seconds.
LONGEST_WAIT = timedelta(hours=1)
USUAL_WAIT = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask: the path with its query, and for a write the body."""

    path: str
    query: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    body: bytes | None = field(default=None, repr=False)

    @property
    def target(self) -> str:
        if not self.query:
            return self.path
        return f"{self.path}?{urlencode(self.query, safe=',[]')}"

    @property
    def is_read(self) -> bool:
        return self.method == "GET"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Header names are in lower case; `received_at` is aware, UTC."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    received_at: datetime


def check_request() -> Request:
    """The cheapest call that only a key which reads employees passes."""
    return Request(USERS, (("fields", "id"), ("orderBy", "id,asc"), ("paging", "0,1")))


def employees_request(offset: int, limit: int) -> Request:
    """A page of people, those who left too. The order is asked for because without it pages may overlap."""
    return Request(
        USERS,
        (
            ("fields", f"{EMPLOYEE_FIELDS},collection.count"),
            ("orderBy", "id,asc"),
            ("paging", f"{offset},{limit}"),
            ("formerEmployees", "true"),
        ),
    )


def employee_request(lucca_id: str) -> Request:
    """One person, through the list: reading an unknown id directly is documented to answer 500, which says
    nothing; the list answers that there is nobody."""
    return Request(
        USERS,
        (
            ("fields", EMPLOYEE_FIELDS),
            ("id", lucca_id),
            ("formerEmployees", "true"),
            ("orderBy", "id,asc"),
            ("paging", "0,1"),
        ),
    )


def definitions_request(offset: int) -> Request:
    """The data of the HR file and their kinds: `userproperties`, read-only."""
    fields = "id,name,type,isMultivalue,isReadOnly,format[key],collection.count"
    return Request(
        "/api/v3/userproperties", (("fields", fields), ("orderBy", "id,asc"), ("paging", f"{offset},{PAGE}"))
    )


def content(answer: Answer) -> Any:
    """The JSON of a good answer, its keys in lower case throughout; any other answer raises its error.

    Lucca's casing differs between endpoints (`departmentID`, `departmentId`).
    """
    found = answered(answer)
    try:
        return lower_keys(found)
    except RecursionError:
        pass
    raise Unintelligible(UnintelligibleReason.SHAPE)


def answered(answer: Answer) -> Any:
    """The JSON of a good answer as it stands; any other answer raises its error."""
    error = failure(answer)
    if error:
        raise error
    return decoded(answer)


def failure(answer: Answer) -> LuccaError | None:
    """The error that the status stands for; None when the answer is good."""
    status = answer.status
    error: LuccaError | None = None
    match status:
        case _ if 200 <= status < 300:
            pass
        case _ if 300 <= status < 400:
            error = Unintelligible(UnintelligibleReason.REDIRECT)
        case 401 | 403:
            error = Refused(status)
        case 404 | 410:
            error = NotFound(status)
        case 408:
            error = Unavailable(UnavailableReason.TIMEOUT, status=status)
        case 429:
            error = Throttled(throttled_until(answer))
        case _ if status >= 500:
            error = Unavailable(UnavailableReason.SERVER, status=status)
        case _:
            error = Rejected(status)
    return error


def throttled_until(answer: Answer) -> datetime:
    """The end of a throttling: Retry-After in seconds or as a date, else a minute from now.

    A date is taken against the answer's own Date, so that a clock which is off does not matter.
    """
    wait = _wait(answer.headers.get("retry-after", "").strip(), answer)
    return answer.received_at + min(max(wait, timedelta(seconds=1)), LONGEST_WAIT)


def _wait(retry_after: str, answer: Answer) -> timedelta:
    if re.fullmatch(r"[0-9]{1,9}", retry_after):
        return timedelta(seconds=int(retry_after))
    until = _http_date(retry_after)
    if until is None:
        return USUAL_WAIT
    return until - (_http_date(answer.headers.get("date", "")) or answer.received_at)


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def decoded(answer: Answer) -> Any:
    """The answer as JSON, or Unintelligible."""
    body = answer.body.removeprefix(b"\xef\xbb\xbf")
    kind = answer.headers.get("content-type", "").lower()
    if "html" in kind or body.lstrip()[:1] == b"<":
        raise Unintelligible(UnintelligibleReason.HTML, sample=sample(body))
    reason = UnintelligibleReason.NOT_JSON
    try:
        return msgspec.json.decode(body)
    except RecursionError:
        reason = UnintelligibleReason.SHAPE
    except msgspec.MsgspecError as error:
        if "truncated" in str(error):
            reason = UnintelligibleReason.TRUNCATED
    # Half a surrogate pair in a name is refused by msgspec; .NET may write one.
    try:
        return json.loads(body.decode())
    except (ValueError, RecursionError):
        pass
    raise Unintelligible(reason, sample=sample(body))


def exactly(answer: Answer, shape: type[Shape]) -> Shape | None:
    """A good answer of exactly this shape and without escapes, behind which signs hide that no database stores; None
    for any other, which `content` reads with patience."""
    if failure(answer) or b"\\" in answer.body or "html" in answer.headers.get("content-type", "").lower():
        return None
    try:
        return msgspec.json.decode(answer.body, type=shape)
    except (msgspec.MsgspecError, RecursionError):
        return None


def lower_keys(value: Any) -> Any:
    """The same value with the keys of every object in lower case; a filled key wins over its empty twin."""
    if isinstance(value, dict):
        lowered: dict[str, Any] = {}
        for name, member in value.items():
            lower = name.lower()
            if lowered.get(lower) is None:
                # Most values are no containers, and pages are long: a call for each would cost more than the rest.
                lowered[lower] = lower_keys(member) if isinstance(member, dict | list) else member
        return lowered
    if isinstance(value, list):
        return [lower_keys(member) for member in value]
    return value


def items(decoded: Any) -> tuple[list[Any], int | None]:
    """The items of a collection and its count, in the envelope of v3 (`data.items`) or of v4 (`items`)."""
    inner = decoded.get("data", decoded) if isinstance(decoded, dict) else None
    found = inner.get("items") if isinstance(inner, dict) else None
    if not isinstance(inner, dict) or not isinstance(found, list):
        raise misshapen(decoded)
    count = inner.get("count")
    return found, count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None


def misshapen(value: Any) -> Unintelligible:
    """The error for JSON that is not the JSON expected."""
    try:
        shown = json.dumps(value)
    except RecursionError:
        shown = ""
    return Unintelligible(UnintelligibleReason.SHAPE, sample=sample(shown.encode()))


def sample(body: bytes, *, longest: int = 160) -> str:
    """The shape of a body: every letter an x, every digit a 9, so that it shows what it is and not whom."""
    head = body[:longest].decode(errors="replace")
    shape: Iterable[str] = (
        "x" if sign.isalpha() else "9" if sign.isdecimal() else sign if sign.isascii() else "?" for sign in head
    )
    return re.sub(r"\s+", " ", "".join(shape))
