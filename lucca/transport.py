"""The one place that talks to the network: a request in, a whole answer out, or an error saying what to do.

It never follows a redirect, repeats a write, reads more than it may hold or waits past its time.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpcore2
import httpx2
import stamina

from lucca.errors import (
    LuccaError,
    Refused,
    Unavailable,
    UnavailableReason,
    Unintelligible,
    UnintelligibleReason,
)
from lucca.wire import Answer, Request

# Entered right before every attempt, left at its end; raises Throttled when no call is available.
Gate = Callable[[], AbstractContextManager[None]]
# Told the IP address of whoever was reached, before anything is sent: whether that may be Lucca.
MayReach = Callable[[str], bool]

LARGEST_BODY = 32 * 1024 * 1024
_RETRIED = (UnavailableReason.DNS, UnavailableReason.CONNECT, UnavailableReason.RESET)
_deadline: ContextVar[float] = ContextVar("the moment at which the attempt in hand must be over")


def open_gate() -> AbstractContextManager[None]:
    """The gate that lets every call through."""
    return nullcontext()


def anywhere(_ip_address: str) -> bool:
    """Take whoever answers to be Lucca."""
    return True


class _WrongPlaceError(Exception):
    """The name led to an address that cannot be Lucca's."""


class Transport:
    """Connections to one host. Safe to share between threads; `close` ends them."""

    def __init__(self, *, base_url: str, key: str, gate: Gate, may_reach: MayReach, timeout_seconds: float) -> None:
        self._base_url = base_url.rstrip("/")
        self._gate = gate
        self._timeout_seconds = timeout_seconds
        self._key_is_sendable = key.strip().isprintable()
        authorization = f"lucca application={key.strip()}" if self._key_is_sendable else ""
        self._http = httpx2.Client(
            headers={
                b"Authorization": authorization.encode(),
                b"Accept": b"application/json",
                b"Accept-Encoding": b"gzip",
                b"User-Agent": b"Cards",
            },
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            follow_redirects=False,
            timeout=timeout_seconds,
            transport=_PunctualTransport(may_reach),
        )

    def close(self) -> None:
        self._http.close()

    def send(self, request: Request) -> Answer:
        """The answer, whatever its status. A read is tried again when the connection fails, within three
        seconds in all; a write is sent once."""
        if not self._key_is_sendable:
            raise Refused(401)
        retries = stamina.retry_context(
            on=lambda error: request.is_read and isinstance(error, Unavailable) and error.reason in _RETRIED,
            attempts=4,
            timeout=2.0,
            wait_initial=0.1,
            wait_max=0.7,
            wait_jitter=0.1,
        )
        for attempt in retries:
            with attempt, self._gate():
                return self._attempt(request)
        raise AssertionError("stamina ends with an answer or an error")

    def _attempt(self, request: Request) -> Answer:
        """One call. Errors are raised outside of the except clauses, so that what they replace, which knows
        the request and its key, is not chained to them."""
        outcome: Answer | LuccaError
        token = _deadline.set(time.monotonic() + self._timeout_seconds)
        try:
            outcome = self._exchange(request)
        except httpx2.TimeoutException:
            outcome = Unavailable(UnavailableReason.TIMEOUT)
        except httpx2.ConnectError as error:
            outcome = Unavailable(_reason(error))
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, UnicodeError):
            # No host can have this name; Python's own resolver says so by a UnicodeError.
            outcome = Unavailable(UnavailableReason.DNS)
        except httpx2.TransportError:
            outcome = Unavailable(UnavailableReason.RESET)
        except _WrongPlaceError:
            outcome = Unintelligible(UnintelligibleReason.NOT_LUCCA)
        finally:
            _deadline.reset(token)
        if isinstance(outcome, LuccaError):
            raise outcome
        return outcome

    def _exchange(self, request: Request) -> Answer | LuccaError:
        headers = {"Content-Type": "application/json"} if request.body is not None else {}
        url = self._base_url + request.target
        with self._http.stream(request.method, url, content=request.body, headers=headers) as response:
            body = bytearray()
            try:
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > LARGEST_BODY:
                        return Unintelligible(UnintelligibleReason.TOO_LARGE)
            except (httpx2.RemoteProtocolError, httpx2.ReadError):
                return Unavailable(UnavailableReason.RESET)
            except httpx2.DecodingError:
                return Unintelligible(UnintelligibleReason.NOT_JSON)
            return Answer(
                status=response.status_code,
                headers=dict(response.headers),
                body=bytes(body),
                received_at=datetime.now(UTC),
            )


def _reason(error: BaseException) -> UnavailableReason:
    """Why no connection came about, from the operating system's own error underneath."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, socket.gaierror):
            return UnavailableReason.DNS
        if isinstance(cause, ssl.SSLError):
            return UnavailableReason.TLS
        cause = cause.__cause__ or cause.__context__
    return UnavailableReason.CONNECT


@cache
def _certificates() -> ssl.SSLContext:
    """Whom to trust, read once: it takes longer than a call."""
    return httpx2.create_ssl_context()


class _PunctualTransport(httpx2.HTTPTransport):
    """The usual transport on streams that mind the deadline of the whole attempt.

    The library's time-outs hold for one read each: a server that sends a byte now and then would never end.
    """

    def __init__(self, may_reach: MayReach) -> None:
        super().__init__(verify=_certificates())
        self._pool = httpcore2.ConnectionPool(ssl_context=_certificates(), network_backend=_PunctualBackend(may_reach))


class _PunctualBackend(httpcore2.NetworkBackend):
    def __init__(self, may_reach: MayReach) -> None:
        self._backend = httpcore2.SyncBackend()
        self._may_reach = may_reach

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        left = _time_left(timeout, httpcore2.ConnectTimeout)
        stream = self._backend.connect_tcp(host, port, left, local_address, socket_options)
        # Whom one reached, not what the name led to a moment ago: it may lead elsewhere each time one asks.
        if not self._may_reach(stream.get_extra_info("server_addr")[0]):
            stream.close()
            raise _WrongPlaceError
        return _PunctualStream(stream)


class _PunctualStream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _time_left(timeout, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _time_left(timeout, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        left = _time_left(timeout, httpcore2.ConnectTimeout)
        return _PunctualStream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _time_left(timeout: float | None, too_late: type[httpcore2.TimeoutException]) -> float:
    left = _deadline.get() - time.monotonic()
    if left <= 0:
        raise too_late
    return left if timeout is None else min(left, timeout)
