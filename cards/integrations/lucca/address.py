"""The url of a Lucca account, as typed by a person, checked and brought to one form. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from cards.internet import is_loopback

# Lucca's documented hosts: production, test copies, demonstration tenants, sandboxes.
LUCCA_SUFFIXES = (
    ".ilucca.net",
    ".ilucca.ch",
    ".ilucca-test.net",
    ".ilucca-test.ch",
    ".ilucca-demo.net",
    ".ilucca-demo.ch",
    ".luccasoftware.com",
)

# The name of a host: labels between dots.
NAME = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)*[^\W_](?:[\w-]*[^\W_])?")


class AddressFault(StrEnum):
    """Why what was typed cannot be the url of a Lucca account."""

    EMPTY = "empty"
    NOT_A_URL = "not_a_url"
    NOT_LUCCA = "not_lucca"
    NOT_HTTPS = "not_https"
    HAS_SECRETS = "has_secrets"


class BadAddressError(ValueError):
    """What was typed is not the url of a Lucca account."""

    def __init__(self, fault: AddressFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Address:
    """Where a Lucca account answers: `url` without a final slash, `host` with its port if it is not the usual one."""

    url: str
    host: str


def address_of(typed: str, *, also_allowed: Collection[str] = ()) -> Address:
    """The address that a person typed: trimmed, https added, path dropped; only Lucca's hosts are let through (R9).

    `also_allowed` are the operator's additions, each `host` or `host:port`. Plain http is for loopback ones only.
    """
    text = typed.strip()
    if not text:
        raise BadAddressError(AddressFault.EMPTY)
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "https", text
    try:
        parts = urlsplit(f"{scheme.lower()}://{rest}")
        name, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadAddressError(AddressFault.NOT_A_URL) from error
    if scheme.lower() not in ("https", "http") or not name or any(character.isspace() for character in text):
        raise BadAddressError(AddressFault.NOT_A_URL)
    if parts.username is not None or parts.password is not None:
        raise BadAddressError(AddressFault.HAS_SECRETS)
    name = name.rstrip(".")
    host = name if port is None or port == 443 else f"{name}:{port}"
    if "." not in name and host not in also_allowed and name not in also_allowed:
        raise BadAddressError(AddressFault.NOT_A_URL)
    if host in also_allowed or name in also_allowed:
        if parts.scheme == "http" and not is_loopback(name):
            raise BadAddressError(AddressFault.NOT_HTTPS)
        return Address(f"{parts.scheme}://{host}", host)
    is_of_lucca = name.endswith(LUCCA_SUFFIXES) and host == name
    if not is_of_lucca or not NAME.fullmatch(name):
        raise BadAddressError(AddressFault.NOT_A_URL if is_of_lucca else AddressFault.NOT_LUCCA)
    return Address(f"https://{name}", name)
