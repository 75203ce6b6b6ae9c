"""A SAML provider for the tests, on pysaml2 and xmlsec1: it signs whatever a test wants, right or wrong."""

import base64
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.x509.oid import NameOID
from saml2 import BINDING_HTTP_REDIRECT, class_name
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID
from saml2.samlp import response_from_string
from saml2.server import Server
from saml2.sigver import pre_signature_part
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

ENTITY = "https://login.acme.example/saml"


class PlainServer(Server):  # type: ignore[misc]
    """It encrypts for nobody, and so needs no metadata of whom it serves."""

    def has_encrypt_cert_in_metadata(self, sp_entity_id: str) -> bool:
        return False


@dataclass
class SamlProvider:
    """`metadata` is what Cards is given; `response` what the provider has a browser post."""

    server: Server
    metadata: str

    def request_id(self, message: str) -> str:
        """The id of the request that a browser brought in the query of the provider's address."""
        read = self.server.parse_authn_request(message, BINDING_HTTP_REDIRECT)
        return str(read.message.id)

    def response(
        self,
        *,
        answers: str | None,
        at: str,
        audience: str,
        subject: str = "s-1",
        name_format: str = NAMEID_FORMAT_PERSISTENT,
        email: str = "",
        **options: Any,
    ) -> str:
        options = {"sign_assertion": True, "sign_alg": SIG_RSA_SHA256, "digest_alg": DIGEST_SHA256} | options
        made = self.server.create_authn_response(
            identity={"mail": [email]} if email else {},
            in_response_to=answers,
            destination=at,
            sp_entity_id=audience,
            name_id=NameID(format=name_format, text=subject),
            authn={"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password", "authn_auth": ENTITY},
            **options,
        )
        return base64.b64encode(str(made).encode()).decode()

    def signed(self, text: str) -> str:
        """An unsigned response that a test has changed, with its assertion signed after all."""
        response = response_from_string(text)
        (assertion,) = response.assertion
        assertion.signature = pre_signature_part(
            assertion.id, self.server.sec.my_cert, sign_alg=SIG_RSA_SHA256, digest_alg=DIGEST_SHA256
        )
        made = self.server.sec.sign_statement(str(response), class_name(assertion), node_id=assertion.id)
        return base64.b64encode(made.encode()).decode()


@contextmanager
def saml_provider(sso_url: str = f"{ENTITY}/sso", entity: str = ENTITY) -> Iterator[SamlProvider]:
    with TemporaryDirectory() as folder:
        key, certificate = key_pair(Path(folder))
        configuration = IdPConfig().load(
            {
                "entityid": entity,
                "key_file": str(key),
                "cert_file": str(certificate),
                "xmlsec_binary": shutil.which("xmlsec1"),
                "service": {"idp": {"endpoints": {"single_sign_on_service": [(sso_url, BINDING_HTTP_REDIRECT)]}}},
            }
        )
        server = PlainServer(config=configuration)
        yield SamlProvider(server, str(entity_descriptor(configuration)))


def key_pair(folder: Path) -> tuple[Path, Path]:
    key = generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "login.acme.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    written = folder / "key.pem", folder / "certificate.pem"
    plain = serialization.NoEncryption()
    written[0].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    written[1].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return written


def changed(response: str, old: str, new: str) -> str:
    """The response with one text in it changed after it was signed."""
    text = base64.b64decode(response).decode()
    assert old in text
    return base64.b64encode(text.replace(old, new).encode()).decode()
