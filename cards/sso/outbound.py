"""Asking an identity provider over the network. The addresses come from outside, so that they are never trusted.

Only https to addresses of the public Internet, unless the operator allowed a host; no redirect is followed; an answer
is small and comes soon.
"""

import io
import time
from http import HTTPStatus
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from cards.internet import is_among, is_loopback, is_public

LARGEST_ANSWER = 1024 * 1024
SECONDS = 10.0


class NotAllowedError(requests.RequestException):
    """The address is not one that Cards asks, or what it answered is not one that Cards takes."""


class Session(requests.Session):
    """What allauth and we ask identity providers with."""

    def __init__(self) -> None:
        super().__init__()
        # A proxy or a password out of the environment would undo what is checked here.
        self.trust_env = False
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter())

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """The whole answer to one request. NotAllowedError for what is never accepted, HTTPError where the provider
        itself fails."""
        check_address(request.url or "")
        options |= {"allow_redirects": False, "stream": True, "timeout": SECONDS}
        response = super().send(request, **options)
        body = bytearray()
        for chunk in response.iter_content(16_384):
            body += chunk
            if len(body) > LARGEST_ANSWER:
                response.close()
                raise NotAllowedError("The answer is too large.")
        if response.is_redirect:
            raise NotAllowedError("The address leads elsewhere.")
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            response.raise_for_status()
        # As requests itself keeps a body that was read.
        response._content = bytes(body)
        return response


def check_address(url: str) -> None:
    """Refuse an address that is not https, or holds a password; plain http is for allowed loopback hosts."""
    parts = urlsplit(url)
    if parts.username is not None or parts.password is not None or not parts.hostname:
        raise NotAllowedError("This is not an address that Cards asks.")
    is_local = parts.scheme == "http" and _is_allowed(parts.hostname, parts.port) and is_loopback(parts.hostname)
    if parts.scheme != "https" and not is_local:
        raise NotAllowedError("Cards asks by https only.")


def _is_allowed(host: str, port: int | None) -> bool:
    return is_among(host, port, settings.CARDS_ALLOWED_SSO_HOSTS)


class _Punctual(io.RawIOBase):
    """What a socket brings within the time that an answer may take.

    The socket's own time-out holds for one read: a server that sends a byte now and then would never end.
    """

    def __init__(self, connection: Any, raw: io.RawIOBase) -> None:
        self._connection, self._raw = connection, raw
        self._deadline = time.monotonic() + SECONDS

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Answer(HTTPResponse):
    def __init__(self, sock: Any, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_Punctual(sock, self.fp.detach()))


class _Checked(HTTPConnection):
    """Sends nothing before it knows whom it reached: a name may lead elsewhere each time one asks."""

    response_class = _Answer

    def _new_conn(self) -> Any:
        connection = super()._new_conn()
        if not (_is_allowed(self.host, self.port) or is_public(connection.getpeername()[0])):
            connection.close()
            raise ConnectionRefusedError("The name leads to an inside address.")
        return connection


class _CheckedTls(_Checked, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Checked


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _CheckedTls


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:  # noqa: FBT001, FBT002
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
