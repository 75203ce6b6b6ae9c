"""The transport against a server that breaks the rules: every way to fail has its name, its limit and no leak."""

import gzip
import socket
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from lucca import (
    LuccaClient,
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
from tests.lucca.conftest import RawServer, answer, raw, reset

NOBODY = answer('{"data":{"items":[],"count":0}}')
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


def failure(server: RawServer, **options: float) -> LuccaError:
    with server.client(**options) as client, pytest.raises(LuccaError) as caught:
        client.check()
    return caught.value


def drip(head: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    """Send `piece` again and again with a little wait between, until the other side gives up."""

    def script(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece)
            time.sleep(0.02)

    return script


def flood(connection: socket.socket) -> None:
    connection.sendall(CHUNKED)
    while True:
        connection.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")


def test_the_key_travels_in_the_authorization_header_alone(server: RawServer) -> None:
    server.scripts = [NOBODY]
    with server.client(key=" a-key ") as client:
        client.check()
    [request] = server.requests
    assert b"Authorization: lucca application=a-key\r\n" in request
    assert request.count(b"a-key") == 1


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (answer("<!DOCTYPE html><title>Welcome</title>", kind="text/html"), UnintelligibleReason.HTML),
        (answer("<html>Welcome</html>"), UnintelligibleReason.HTML),
        (answer('{"data":{"items":[{"id":1'), UnintelligibleReason.TRUNCATED),
        (answer(""), UnintelligibleReason.TRUNCATED),
        (answer("OK"), UnintelligibleReason.NOT_JSON),
        (answer(b"not gzip", Content_Encoding="gzip"), UnintelligibleReason.NOT_JSON),
        (answer("[" * 100_000), UnintelligibleReason.NOT_LUCCA),
        (answer("{}"), UnintelligibleReason.NOT_LUCCA),
        (answer('{"data":{"items":7}}'), UnintelligibleReason.NOT_LUCCA),
        (answer("Not here", status="404 Not Found", kind="text/plain"), UnintelligibleReason.NOT_LUCCA),
        (flood, UnintelligibleReason.TOO_LARGE),
        (answer(gzip.compress(bytes(64 * 1024 * 1024)), Content_Encoding="gzip"), UnintelligibleReason.TOO_LARGE),
    ],
)  # fmt: skip
def test_an_answer_that_is_not_lucca_s_says_in_which_way(
    server: RawServer, script: Callable[[socket.socket], None], reason: UnintelligibleReason
) -> None:
    server.scripts = [script]
    error = failure(server)
    assert isinstance(error, Unintelligible)
    assert error.reason is reason
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "307 Temporary Redirect"])
def test_no_redirect_is_followed_not_even_to_the_same_host(server: RawServer, status: str) -> None:
    server.scripts = [answer("", status=status, Location=f"{server.url}/elsewhere")]
    error = failure(server)
    assert isinstance(error, Unintelligible)
    assert error.reason is UnintelligibleReason.REDIRECT
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("400 Bad Request", Rejected),
        ("401 Unauthorized", Refused),
        ("403 Forbidden", Refused),
        ("408 Request Timeout", Unavailable),
        ("413 Content Too Large", Rejected),
        ("429 Too Many Requests", Throttled),
        ("431 Request Header Fields Too Large", Rejected),
        ("500 Internal Server Error", Unavailable),
        ("503 Service Unavailable", Unavailable),
    ],
)
def test_a_status_becomes_what_to_do_about_it_whatever_the_body(
    server: RawServer, status: str, kind: type[LuccaError]
) -> None:
    for body, content_type in (('{"Status":1,"Message":"Zoé"}', "application/json"), ("<p>Zoé</p>", "text/html")):
        server.scripts = [answer(body, status=status, kind=content_type)]
        error = failure(server)
        assert type(error) is kind
        assert "Zo" not in str(error)


def test_a_page_that_is_not_there_is_not_found(server: RawServer) -> None:
    server.scripts = [answer("", status="404 Not Found")]
    with server.client() as client, pytest.raises(NotFound):
        client.employee_page(0)


@pytest.mark.requirement("R26")
def test_a_throttled_call_says_until_when(server: RawServer) -> None:
    server.scripts = [answer("", status="429 Too Many Requests", Retry_After="30")]
    error = failure(server)
    assert isinstance(error, Throttled)
    assert abs(error.until - datetime.now(UTC) - timedelta(seconds=30)) < timedelta(seconds=20)


@pytest.mark.parametrize(
    "script",
    [
        lambda connection: time.sleep(2),
        drip(CHUNKED, b"1\r\n \r\n"),
        drip(b"HTTP/1.1 200 OK\r\n", b"X-Slow: yes\r\n"),
    ],
    ids=["silent", "slow body", "slow head"],
)
def test_a_server_that_never_ends_is_left_at_the_time_out(
    server: RawServer, script: Callable[[socket.socket], None]
) -> None:
    server.scripts = [script]
    error = failure(server, timeout_seconds=0.3)
    assert isinstance(error, Unavailable)
    assert error.reason is UnavailableReason.TIMEOUT
    assert len(server.requests) <= 1


def test_a_read_is_tried_again_when_the_connection_is_reset(server: RawServer) -> None:
    server.scripts = [reset, raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}"), NOBODY]
    with server.client() as client:
        client.check()
    assert len(server.requests) == 3


def test_a_connection_that_is_always_reset_is_left_after_four_attempts(server: RawServer) -> None:
    server.scripts = [reset]
    error = failure(server)
    assert isinstance(error, Unavailable)
    assert error.reason is UnavailableReason.RESET
    assert len(server.requests) == 4


def test_a_host_without_a_name_and_a_port_without_a_server_are_told_apart() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    for url, reason in (
        ("http://nobody.invalid", UnavailableReason.DNS),
        (f"http://{'a' * 70}.invalid", UnavailableReason.DNS),
        ("http://no..body.invalid", UnavailableReason.DNS),
        ("nonsense", UnavailableReason.DNS),
        (f"http://127.0.0.1:{port}", UnavailableReason.CONNECT),
    ):
        with LuccaClient(base_url=url, key="a-key") as client, pytest.raises(Unavailable) as caught:
            client.check()
        assert caught.value.reason is reason


def test_a_server_that_speaks_no_tls_is_named_so(server: RawServer) -> None:
    server.scripts = [NOBODY]
    url = server.url.replace("http:", "https:")
    with LuccaClient(base_url=url, key="a-key") as client, pytest.raises(Unavailable) as caught:
        client.check()
    assert caught.value.reason is UnavailableReason.TLS


def test_nothing_is_sent_to_whoever_cannot_be_lucca(server: RawServer) -> None:
    """What counts is the address that was reached, whatever name led there; it is not tried again."""
    server.scripts = [NOBODY]
    reached: list[str] = []

    def may_reach(ip_address: str) -> bool:
        reached.append(ip_address)
        return False

    with server.client(key="secret-key", may_reach=may_reach) as client, pytest.raises(Unintelligible) as caught:
        client.check()
    assert caught.value.reason is UnintelligibleReason.NOT_LUCCA
    assert caught.value.__context__ is None
    assert reached == ["127.0.0.1"]
    assert b"".join(server.requests) == b""


def test_the_gate_is_entered_for_every_attempt_and_always_left(server: RawServer) -> None:
    server.scripts = [reset, reset, NOBODY]
    steps: list[str] = []

    @contextmanager
    def gate() -> Iterator[None]:
        steps.append("in")
        try:
            yield
        finally:
            steps.append("out")

    with LuccaClient(base_url=server.url, key="a-key", gate=gate) as client:
        client.check()
    assert steps == ["in", "out"] * 3


def test_a_gate_without_a_call_left_stops_before_anything_is_sent(server: RawServer) -> None:
    until = datetime(2026, 11, 22, 8, tzinfo=UTC)

    @contextmanager
    def gate() -> Iterator[None]:
        raise Throttled(until)
        yield

    server.scripts = [NOBODY]
    with (
        LuccaClient(base_url=server.url, key="a-key", gate=gate) as client,
        pytest.raises(Throttled) as caught,
    ):
        client.check()
    assert caught.value.until == until
    assert server.requests == []


@pytest.mark.parametrize("key", ["a secret\nkey", "a secret key\x00", "clé secrète"])
def test_a_key_that_cannot_be_a_key_is_refused_without_being_shown(server: RawServer, key: str) -> None:
    server.scripts = [answer("", status="401 Unauthorized")]
    with server.client(key=key) as client, pytest.raises(Refused) as caught:
        client.check()
    assert "secr" not in "".join(traceback.format_exception(caught.value))
    assert "secr" not in repr(client)


@pytest.mark.parametrize("script", [reset, answer("nonsense"), answer("{}", status="500 Oops")])
def test_an_error_brings_along_neither_the_key_nor_another_error(
    server: RawServer, script: Callable[[socket.socket], None]
) -> None:
    server.scripts = [script]
    with server.client(key="secret-key") as client, pytest.raises(LuccaError) as caught:
        client.employee_page(0)
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert "secret-key" not in "".join(shown.format())


def test_cookies_that_lucca_sets_are_not_sent_back(server: RawServer) -> None:
    server.scripts = [answer('{"data":{"items":[]}}', Set_Cookie="session=abc")]
    with server.client() as client:
        client.check()
        client.check()
    assert not any(b"ookie" in request for request in server.requests)
