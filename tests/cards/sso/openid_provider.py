"""An OpenID provider for the tests, in this process: it says whatever a test wants, right or wrong."""

import base64
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

CLIENT_ID = "cards-at-acme"
SECRET = "a-secret-of-the-tests"


def new_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class OpenIdProvider:
    """`claims` go into the next ID token over the right ones; `sign` makes the token; `pages` replace answers."""

    issuer: str = ""
    key: RSAPrivateKey = field(default_factory=new_key)
    key_id: str = "one"
    claims: dict[str, Any] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    token: str | None = None
    userinfo: dict[str, Any] = field(default_factory=dict)
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    nonces: dict[str, str] = field(default_factory=dict)

    def code(self, nonce: str) -> str:
        """Somebody signed in at the provider: the code that their browser brings back."""
        code = secrets.token_urlsafe(8)
        self.nonces[code] = nonce
        return code

    def right_claims(self, nonce: str = "") -> dict[str, Any]:
        now = int(time())
        times = {"iat": now, "exp": now + 300}
        return {"iss": self.issuer, "aud": CLIENT_ID, "sub": "s-1", "nonce": nonce, **times}

    def id_token(self, nonce: str) -> str:
        claims = {
            name: value for name, value in (self.right_claims(nonce) | self.claims).items() if name not in self.removed
        }
        return self.token or jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": self.key_id})

    def answer(self, path: str, sent: dict[str, str]) -> Any:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/keys",
            }
        if path == "/keys":
            public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
            return {"keys": [public | {"kid": self.key_id, "use": "sig", "alg": "RS256"}]}
        if path == "/token":
            return {"access_token": "a", "token_type": "Bearer", "id_token": self.id_token(self.nonces[sent["code"]])}
        return self.userinfo


@contextmanager
def openid_provider() -> Iterator[OpenIdProvider]:
    provider = OpenIdProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            sent = {name: values[0] for name, values in parse_qs(self.rfile.read(size).decode()).items()}
            provider.asked.append((self.path, sent | dict(self.headers)))
            usual = (200, {"Content-Type": "application/json"}, b"")
            status, headers, body = provider.pages.get(self.path, usual)
            body = body or (json.dumps(provider.answer(self.path, sent)).encode() if status == 200 else b"{}")
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - named by http.server

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def unsigned(claims: dict[str, Any]) -> str:
    """A token with the algorithm "none"."""
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."
