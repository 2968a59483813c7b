"""Codes of an authenticator app: the standard's own examples, clocks that go wrong, and none twice."""

import pytest

from fitquiz.core.secrets.totp import (
    compute_code,
    derive_secret,
    find_step,
    hash_recovery_code,
    write_secret,
)

SECRET = b"12345678901234567890"
"""RFC 6238, appendix B, which writes eight digits; apps show the last six."""


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_examples_of_the_standard(seconds: int, code: str) -> None:
    assert compute_code(SECRET, seconds // 30) == code
    assert find_step(SECRET, code, seconds, None) == seconds // 30


@pytest.mark.parametrize(
    ("late", "is_taken"), [(-60, 0), (-31, 0), (-30, 1), (30, 1), (59, 1), (60, 0)]
)
def test_a_clock_may_go_wrong_by_a_step(late: int, is_taken: int) -> None:
    at = 1_700_000_010 // 30 * 30
    code = compute_code(SECRET, at // 30)
    assert (find_step(SECRET, code, at + late, None) is not None) == is_taken


def test_no_code_is_taken_twice_nor_after_a_later_one() -> None:
    at, code = 100, compute_code(SECRET, 100)
    assert find_step(SECRET, code, at * 30, at - 1) == at
    assert find_step(SECRET, code, at * 30, at) is None
    assert find_step(SECRET, code, at * 30, at + 1) is None


@pytest.mark.parametrize(
    "typed", ["", "000000", "28708", "2870820", "abcdef", "２８７０８２", "-87082"]
)
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert find_step(SECRET, typed, 59, None) is None


def test_spaces_make_no_difference() -> None:
    assert find_step(SECRET, " 287 082\n", 59, None) == 1


def test_a_secret_follows_from_the_seed_and_the_key() -> None:
    secret = derive_secret("key", b"seed")
    assert (len(secret), secret) == (20, derive_secret("key", b"seed"))
    assert secret not in (derive_secret("other", b"seed"), derive_secret("key", b"other"))


def test_an_app_reads_the_secret_as_letters_and_digits() -> None:
    assert write_secret(SECRET) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def test_the_hash_of_a_recovery_code_hangs_on_the_key_and_on_whose_it_is() -> None:
    hashed = hash_recovery_code("key", 1, "ABCDE-FGHJK")
    assert len(hashed) == 32
    others = ("other", 1, "ABCDE-FGHJK"), ("key", 2, "ABCDE-FGHJK"), ("key", 1, "ABCDE-FGHJM")
    assert hashed not in {hash_recovery_code(*each) for each in others}
