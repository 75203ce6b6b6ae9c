"""What every call goes through: limits, faults, the key check, the journal, the error bodies.

The handlers behind it are plain functions from a Call to an Answer and know nothing of HTTP.
"""

import asyncio
import json
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from lucca_simulator.faults import Struck, strike
from lucca_simulator.life import something_happens
from lucca_simulator.occurrences import RefusedError
from lucca_simulator.projection import BadRequestError
from lucca_simulator.rights import Key, narrowed
from lucca_simulator.simulator import Entry, Simulator

JSON = "application/json; charset=utf-8"
HTML_PAGE = b"<!DOCTYPE html><html><head><title>Lucca</title></head><body><h1>Maintenance</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Answer:
    payload: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One authorised call, as a handler sees it."""

    simulator: Simulator
    key: Key
    path: str
    base_url: str
    parts: dict[str, str]
    query: list[tuple[str, str]]
    body: Any
    struck: Struck

    def asked(self, name: str) -> str | None:
        """The last value of that query name, whose case does not matter [O RDD]."""
        found = [value for each, value in self.query if each.lower() == name.lower()]
        return found[-1] if found else None

    def asks_for(self, name: str) -> bool:
        return (self.asked(name) or "").lower() == "true"


Handler = Callable[[Call], Answer]


class CutError(Exception):
    """The line is to be cut without an answer."""


class AnsweredEarlyError(Exception):
    """The call is answered without, or instead of, what its handler says."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def gate(simulator: Simulator, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of a handler."""

    async def endpoint(request: Request) -> Response:
        method, path = request.method, request.url.path
        with simulator.lock:
            key = simulator.keys.find(request.headers.get("authorization"))
            struck = strike(simulator.troubles, method, path, request.query_params.get("id", ""))
            entry = Entry(simulator.clock.now(), method, path, request.url.query, key.name if key else None)
            entry.faults = struck.kinds()
            simulator.entries.append(entry)
        skew = timedelta(seconds=struck.seconds("clock_skew"))
        try:
            answer = await _answer(simulator, handler, request, entry, key, struck)
        except CutError:
            return CutResponse()
        entry.status = answer.status
        body = answer.payload if isinstance(answer.payload, bytes) else _encoded(answer.payload)
        headers = {"Content-Type": JSON, "Date": http_date(simulator.clock.now() + skew)} | answer.headers
        if struck.one("truncated"):
            return TruncatedResponse(body, answer.status, headers)
        return Response(body, answer.status, headers)

    return endpoint


def _encoded(payload: Any) -> bytes:
    return b"" if payload is None else msgspec.json.encode(payload)


def http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


async def _answer(
    simulator: Simulator, handler: Handler, request: Request, entry: Entry, key: Key | None, struck: Struck
) -> Answer:
    """The call's way through the gate. Limits are the host's and come before the key [I]."""
    try:
        _respect_limits(simulator, request, struck)
        waited = simulator.latency + struck.seconds("latency", "before")
        await _wait(simulator, 0.0, waited)
        _fail(struck, "before")
        key = _authorised(key, struck)
        entry.body = await _body(simulator, request)
        answer = _handled(simulator, handler, request, entry, key, struck)
        await _wait(simulator, waited, struck.seconds("latency", "after"))
        _fail(struck, "after")
    except AnsweredEarlyError as early:
        return early.answer
    except BadRequestError as refused:
        return error(simulator, 400, str(refused))
    except RefusedError as refused:
        return error(simulator, refused.status, str(refused))
    return answer


def _respect_limits(simulator: Simulator, request: Request, struck: Struck) -> None:
    """429, 431 and 413 [D]; that a throttled call is refused before anything else is likely [I]."""
    with simulator.lock:
        limits = simulator.limits
        simulator.window.counts_refused = simulator.switches.refused_calls == "counted"
        wait = simulator.window.take(simulator.clock.monotonic())
    if storm := struck.one("throttle"):
        wait = max(wait or 0.0, storm.seconds)
    if wait is not None:
        raise AnsweredEarlyError(_throttled(simulator, wait, timedelta(seconds=struck.seconds("clock_skew"))))
    size = sum(len(name) + len(value) + 4 for name, value in request.scope["headers"])
    address = len(request.scope["raw_path"]) + len(request.scope["query_string"])
    if size > limits.header_bytes or 0 < limits.address_bytes < address:
        raise RefusedError(431, "Request header fields too large")
    if int(request.headers.get("content-length") or 0) > limits.body_bytes:
        raise RefusedError(413, "Request entity too large")


def _throttled(simulator: Simulator, wait: float, skew: timedelta) -> Answer:
    """The body and the form of Retry-After are not documented [?]."""
    headers: dict[str, str] = {}
    if simulator.switches.retry_after == "seconds":
        headers["Retry-After"] = str(math.ceil(wait))
    elif simulator.switches.retry_after == "date":
        moment = simulator.clock.now() + skew + timedelta(seconds=math.ceil(wait) + 1)
        headers["Retry-After"] = http_date(moment)
    body = simulator.switches.throttle_body
    if body == "empty":
        return Answer(None, 429, headers)
    if body == "problem":
        problem = {
            "type": "https://tools.ietf.org/html/rfc6585#section-4",
            "title": "Too Many Requests",
            "status": 429,
        }
        return Answer(problem, 429, headers | {"Content-Type": "application/problem+json"})
    return Answer({"Status": 429, "Message": "Too Many Requests"}, 429, headers)


async def _wait(simulator: Simulator, before: float, seconds: float) -> None:
    """Wait so long, but never beyond the 5 s after which Lucca aborts a request with 408 [D]."""
    allowed = max(0.0, simulator.limits.request_seconds - before)
    if seconds > 0:
        await asyncio.sleep(min(seconds, allowed))
        if seconds >= allowed:
            raise RefusedError(408, "The request took too long")


def _authorised(key: Key | None, struck: Struck) -> Key:
    if key is None or struck.one("unauthorized"):
        raise RefusedError(401, "Unauthorized")
    return key


def _fail(struck: Struck, moment: str) -> None:
    if struck.one("reset", moment):
        raise CutError
    if fault := struck.one("error", moment):
        raise RefusedError(fault.status, "An unexpected error occurred")
    if fault := struck.one("html", moment):
        raise AnsweredEarlyError(Answer(HTML_PAGE, fault.status, {"Content-Type": "text/html; charset=utf-8"}))


async def _body(simulator: Simulator, request: Request) -> Any:
    """The JSON that was sent, None when nothing was. Raises RefusedError."""
    received = bytearray()
    try:
        async for chunk in request.stream():
            received += chunk
            if len(received) > simulator.limits.body_bytes:
                raise RefusedError(413, "Request entity too large")
    except ClientDisconnect as left:
        raise CutError from left
    if not received:
        return None
    try:
        return json.loads(received)
    except ValueError as unreadable:
        raise RefusedError(400, "The body is not JSON") from unreadable


def _handled(
    simulator: Simulator, handler: Handler, request: Request, entry: Entry, key: Key, struck: Struck
) -> Answer:
    with simulator.lock:
        for fault in struck.faults:
            if fault.kind == "company_changes":
                something_happens(simulator.company, fault.chance, simulator.clock)
        if struck.one("narrowed"):
            key = narrowed(key, sorted(simulator.company.establishments)[1:2])
        if not key.may_use_collaborators:
            # The box "Collaborators: View / create / edit users" is not ticked [T]; the status is [D].
            raise RefusedError(403, "Forbidden")
        call = Call(
            simulator,
            key,
            request.url.path,
            str(request.base_url).rstrip("/"),
            request.path_params,
            request.query_params.multi_items(),
            entry.body,
            struck,
        )
        skew = struck.seconds("clock_skew")
        simulator.clock.skew += skew
        try:
            return handler(call)
        finally:
            simulator.clock.skew -= skew


def error(simulator: Simulator, status: int, message: str) -> Answer:
    """{Status, Message} with capitals [D]; RDD's middleware writes text for 4xx and nothing for 5xx [O]."""
    if simulator.switches.error_body == "text":
        text = message.encode() if status < 500 else b""
        return Answer(text, status, {"Content-Type": "text/plain; charset=utf-8"})
    return Answer({"Status": status, "Message": message}, status)


class TruncatedResponse(Response):
    """Announces its whole length and ends in the middle."""

    def __init__(self, body: bytes, status: int, headers: dict[str, str]) -> None:
        super().__init__(body, status, headers)
        self.body = body[: len(body) // 2]


class CutResponse(Response):
    """No answer at all: the connection is reset. The server's protocol class acts on the extension."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG002  # ASGI's own
        scope["extensions"]["lucca_simulator.cut"]()
        await receive()
