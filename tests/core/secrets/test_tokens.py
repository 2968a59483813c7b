"""What is derived from a token; known values, since stored hashes must stay readable for ever."""

import base64
import re

from hypothesis import given
from hypothesis import strategies as st

from fitquiz.core.secrets.tokens import derive_share_token, hash_token, make_handle


def test_a_token_is_stored_as_its_sha256() -> None:
    # The digest of "abc" in FIPS 180-2, appendix B.1.
    assert (
        hash_token("abc").hex()
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_a_handle_never_changes() -> None:
    # printf 'handle:abc' | openssl dgst -sha256 -binary | head -c 9 | base64
    assert make_handle("abc") == "-yHs33xZpeY5"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_handle_is_twelve_url_safe_characters(token: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{12}", make_handle(token))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_handle_is_no_part_of_the_stored_hash(token: str) -> None:
    # Who knows an address must not know the beginning of the hash, nor the other way round.
    assert base64.urlsafe_b64decode(make_handle(token)) not in hash_token(token)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_another_token_has_another_hash_and_handle(token: str) -> None:
    assert hash_token(token) != hash_token(f"{token}x")
    assert make_handle(token) != make_handle(f"{token}x")


def test_a_shares_token_never_changes() -> None:
    # printf 'share:\x01\x02' | openssl dgst -sha256 -hmac abc -binary | base64 | tr +/ -_
    assert derive_share_token("abc", b"\x01\x02") == "_fEMpbk5G1gr1xd34kRxHxPWKF7wI2nrTfrkaeyHf_c"


@given(st.binary(min_size=16, max_size=16))
def test_a_shares_token_is_43_url_safe_characters_and_no_others(seed: bytes) -> None:
    token = derive_share_token("abc", seed)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    assert token not in (derive_share_token("abd", seed), derive_share_token("abc", seed + b"x"))
