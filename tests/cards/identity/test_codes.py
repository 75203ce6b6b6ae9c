"""The codes of a second factor: which count, when, and how they may be typed."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from cards.identity import codes

# The secret of RFC 6238, appendix B ("12345678901234567890"), and its SHA-1 codes cut to six digits.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("second", "code"),
    [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")],
)
def test_the_codes_are_those_of_the_standard(second: int, code: str) -> None:
    assert codes.step_of(SECRET, code, now=datetime.fromtimestamp(second, UTC)) == second // 30


@pytest.mark.parametrize(("off", "counts"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_wrong(off: int, counts: bool) -> None:
    shown = pyotp.TOTP(SECRET).at(1_234_567_890)
    now = datetime.fromtimestamp(1_234_567_890, UTC) + timedelta(seconds=off)
    assert (codes.step_of(SECRET, shown, now=now) is not None) is counts


@pytest.mark.parametrize("typed", ["", "0", "½" * 6, "²⁸⁷⁰⁸²x", "é" * 40, "\0", "-287082"[:-1], "28708２5"])
def test_whatever_is_typed_is_wrong_and_breaks_nothing(typed: str) -> None:
    assert codes.step_of(SECRET, typed, now=datetime.fromtimestamp(59, UTC)) is None
    assert len(codes.digest(typed)) == 64


def test_codes_are_read_as_people_write_them() -> None:
    assert codes.step_of(SECRET, " 287 082 ", now=datetime.fromtimestamp(59, UTC)) == 1
    assert codes.digest("ABCD efgh-2345") == codes.digest("abcd-efgh-2345")


def test_recovery_codes_are_ten_different_ones_of_sixty_bits() -> None:
    made = codes.new_recovery_codes() + codes.new_recovery_codes()
    assert len(set(made)) == 20
    assert {len(code.replace("-", "")) for code in made} == {12}


def test_the_picture_is_one_that_the_content_policy_allows_and_holds_no_script() -> None:
    address = codes.address_for_phones(SECRET, account="ada@acme.example", issuer="Acme & Söhne")
    assert address.startswith("otpauth://totp/Acme%20%26%20S%C3%B6hne:ada%40acme.example?secret=")
    assert codes.picture(address).startswith("data:image/svg+xml")
