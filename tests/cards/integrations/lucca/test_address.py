"""What people type as the url of their Lucca account."""

import pytest

from cards.integrations.lucca.address import Address, AddressFault, BadAddressError, address_of

ACME = Address("https://acme.ilucca.net", "acme.ilucca.net")


@pytest.mark.requirement("R9")
@pytest.mark.parametrize(
    "typed",
    [
        "https://acme.ilucca.net",
        "  https://acme.ilucca.net/  ",
        "acme.ilucca.net",
        "ACME.ilucca.NET",
        "http://acme.ilucca.net",
        "https://acme.ilucca.net:443/home?tab=1#top",
        "https://acme.ilucca.net./",
    ],
)
def test_every_way_of_writing_one_account_is_one_address(typed: str) -> None:
    assert address_of(typed) == ACME


@pytest.mark.parametrize(
    "host",
    [
        "a-b.ilucca.ch",
        "acme.ilucca-test.net",
        "acme.ilucca-demo.ch",
        "acme-box.sandbox.eu1.luccasoftware.com",
    ],
)
def test_every_documented_kind_of_host_is_accepted(host: str) -> None:
    assert address_of(host) == Address(f"https://{host}", host)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", AddressFault.EMPTY),
        ("   ", AddressFault.EMPTY),
        ("not a url", AddressFault.NOT_A_URL),
        ("acme", AddressFault.NOT_A_URL),
        ("ftp://acme.ilucca.net", AddressFault.NOT_A_URL),
        ("https://[::1", AddressFault.NOT_A_URL),
        ("https://acme.ilucca.net:99999", AddressFault.NOT_A_URL),
        ("https://", AddressFault.NOT_A_URL),
        ("https://.ilucca.net", AddressFault.NOT_A_URL),
        ("https://a..ilucca.net", AddressFault.NOT_A_URL),
        ("https://-.ilucca.net", AddressFault.NOT_A_URL),
        ("https://evil.example\\.ilucca.net", AddressFault.NOT_A_URL),
        ("https://acme.example", AddressFault.NOT_LUCCA),
        ("https://ilucca.net", AddressFault.NOT_LUCCA),
        ("https://acme.ilucca.net.evil.example", AddressFault.NOT_LUCCA),
        ("https://evil.example/acme.ilucca.net", AddressFault.NOT_LUCCA),
        ("https://evililucca.net", AddressFault.NOT_LUCCA),
        ("https://acme.ilucca.net:8443", AddressFault.NOT_LUCCA),
        ("https://127.0.0.1", AddressFault.NOT_LUCCA),
        ("https://2130706433", AddressFault.NOT_A_URL),
        ("https://0177.0.0.1", AddressFault.NOT_LUCCA),
        ("https://0x7f.1", AddressFault.NOT_LUCCA),
        ("https://[::1]", AddressFault.NOT_A_URL),
        ("https://[::ffff:127.0.0.1]", AddressFault.NOT_LUCCA),
        ("https://localhost.", AddressFault.NOT_A_URL),
        ("https://169.254.169.254/latest/meta-data", AddressFault.NOT_LUCCA),
        ("https://acme.ilucca.net@evil.example", AddressFault.HAS_SECRETS),
        ("https://ada:secret@acme.ilucca.net", AddressFault.HAS_SECRETS),
    ],
)
def test_what_is_not_a_lucca_account_is_refused_with_its_reason(typed: str, fault: AddressFault) -> None:
    with pytest.raises(BadAddressError) as error:
        address_of(typed)
    assert error.value.fault is fault


def test_the_operator_may_allow_other_hosts_and_plain_http_on_loopback_ones_only() -> None:
    allowed = ["127.0.0.1:8001", "lucca.example"]
    assert address_of("http://127.0.0.1:8001/", also_allowed=allowed) == Address(
        "http://127.0.0.1:8001", "127.0.0.1:8001"
    )
    assert address_of("lucca.example", also_allowed=allowed).url == "https://lucca.example"
    with pytest.raises(BadAddressError, match=AddressFault.NOT_HTTPS):
        address_of("http://lucca.example", also_allowed=allowed)
    with pytest.raises(BadAddressError, match=AddressFault.NOT_LUCCA):
        address_of("http://127.0.0.1:8002", also_allowed=allowed)
