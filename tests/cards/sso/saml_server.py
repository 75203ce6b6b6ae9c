"""A SAML provider with a sign-in page, in a process of its own: `python -m tests.cards.sso.saml_server PORT`."""

import sys
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from saml2 import BINDING_HTTP_REDIRECT

from tests.cards.sso.saml_provider import saml_provider

PAGE = "<!doctype html><html lang=en><title>Company sign-in</title><link rel=icon href='data:,'>{}</html>"


def main(port: int) -> None:
    own = f"http://127.0.0.1:{port}"
    with saml_provider(f"{own}/sign-in", f"{own}/metadata") as provider:

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/metadata":
                    return self.answer(provider.metadata, "application/samlmetadata+xml")
                message = parse_qs(urlsplit(self.path).query)["SAMLRequest"][0]
                hidden = f"<input type=hidden name=message value='{escape(message)}'>"
                field = "<label>E-mail <input name=email></label>"
                return self.answer(PAGE.format(f"<form method=post>{hidden}{field}<button>Sign in</button></form>"))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                sent = {name: values[0] for name, values in parse_qs(body).items()}
                asked = provider.server.parse_authn_request(sent["message"], BINDING_HTTP_REDIRECT).message
                at = asked.assertion_consumer_service_url
                response = provider.response(
                    answers=asked.id,
                    at=at,
                    audience=asked.issuer.text,
                    subject=f"subject of {sent['email']}",
                    email=sent["email"],
                )
                hidden = f"<input type=hidden name=SAMLResponse value='{response}'>"
                self.answer(PAGE.format(f"<form method=post action='{at}'>{hidden}<button>Continue</button></form>"))

            def answer(self, text: str, kind: str = "text/html") -> None:
                body = text.encode()
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
