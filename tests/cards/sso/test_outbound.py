"""What Cards asks identity providers: public addresses over https, one answer of a bounded size."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from pytest_django.fixtures import Settings

from cards.internet import is_public
from cards.sso import outbound
from cards.sso.outbound import NotAllowedError, Session
from tests.cards.sso.openid_provider import OpenIdProvider


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - read, not bound
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "2002:a00:1::",
        "64:ff9b::a00:1",
    ],
)
def test_an_inside_address_is_one_however_it_is_written(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_a_public_address_is_one(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://login.example/",
        "https://user@login.example/",
        "ftp://login.example/",
        "file:///etc/passwd",
        "https:///",
    ],
)
def test_an_address_that_is_not_plain_https_is_not_asked(url: str) -> None:
    with Session() as session, pytest.raises((NotAllowedError, requests.RequestException)):
        session.get(url)


def test_nothing_is_sent_to_an_inside_address_whatever_its_name(
    openid: OpenIdProvider, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is looked up once more when the connection is made: what counts is whom one reached."""
    settings.CARDS_ALLOWED_SSO_HOSTS = []
    monkeypatch.setattr(outbound, "check_address", lambda url: None)
    for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1"):
        port = openid.issuer.rpartition(":")[2]
        with Session() as session, pytest.raises(requests.ConnectionError):
            session.get(f"http://{host}:{port}/keys")
    assert openid.asked == []


def test_an_allowed_inside_host_is_asked(openid: OpenIdProvider, settings: Settings) -> None:
    settings.CARDS_ALLOWED_SSO_HOSTS = [openid.issuer.removeprefix("http://")]
    with Session() as session:
        assert session.get(f"{openid.issuer}/keys").json()["keys"]


def test_a_redirect_is_not_followed(openid: OpenIdProvider) -> None:
    openid.pages["/here"] = (302, {"Location": f"{openid.issuer}/keys"}, b"")
    with Session() as session, pytest.raises(NotAllowedError):
        session.get(f"{openid.issuer}/here")
    assert [path for path, _sent in openid.asked] == ["/here"]


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@contextmanager
def endless(head: bytes, again: bytes, *, rest: float = 0.0) -> Iterator[str]:
    """The address of a server whose answer is `head`, and then never ends."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _address = listener.accept()
        with connection:
            connection.recv(65_536)
            try:
                connection.sendall(head)
                while True:
                    connection.sendall(again)
                    time.sleep(rest)
            except OSError:
                return

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    thread.join()
    listener.close()


def test_an_endless_answer_is_left() -> None:
    with endless(OK + b"\r\n", b"x" * 65_536) as url, Session() as session, pytest.raises(NotAllowedError):
        session.get(url)


@pytest.mark.parametrize(
    ("head", "again"),
    [
        (b"", b"H"),
        (OK, b"X-Header: 1\r\n"),
        (OK + b"\r\n", b" "),
        (OK + b"Content-Length: 100000\r\n\r\n", b" "),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x"),
    ],
)
def test_an_answer_that_drips_is_left_in_time(head: bytes, again: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "SECONDS", 0.5)
    with endless(head, again, rest=0.05) as url, Session() as session, pytest.raises(requests.RequestException):
        session.get(url)
