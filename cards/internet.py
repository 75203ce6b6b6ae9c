"""Which addresses belong to the public Internet: whoever asks an address that came from outside goes by this. Pure."""

import ipaddress
from collections.abc import Collection

# IPv4 addresses as seen from an IPv6 network. (RFC 6052)
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public Internet, however it is written."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    if found in NAT64:
        inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return found.is_global and not found.is_multicast and (inner is None or inner.is_global)


def is_loopback(host: str) -> bool:
    """Whether a host, as it is written, is this very machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_among(host: str, port: int | None, allowed: Collection[str]) -> bool:
    """Whether the operator allowed this host: each of `allowed` is `host`, or `host:port`."""
    return host in allowed or f"{host}:{port}" in allowed
