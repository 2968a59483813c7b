"""A return code gives one token, only with its link and the secret key, and is read as people type it."""

import pytest

from fitquiz.core.secrets.link_codes import ALPHABET
from fitquiz.core.secrets.return_codes import (
    derive_attempt_token,
    find_return_code,
    make_return_code,
    read_return_code,
)
from fitquiz.core.secrets.tokens import TOKEN

KEY, LINK, CODE = "a key of the server's", 7, "7K3P-9XQ2"


def test_a_code_makes_use_of_all_its_bits() -> None:
    assert make_return_code(bytes(5)) == "0000-0000"
    assert make_return_code(b"\xff" * 5) == "ZZZZ-ZZZZ"
    assert make_return_code(b"\x80\0\0\0\x01") == "G000-0001"
    assert set("".join(make_return_code(bytes([each] * 5)) for each in range(256))) == {
        *ALPHABET,
        "-",
    }


def test_a_code_gives_the_same_token_each_time_and_the_token_gives_the_code() -> None:
    token = derive_attempt_token(KEY, LINK, CODE)
    assert TOKEN.match(token)
    assert derive_attempt_token(KEY, LINK, CODE) == token
    assert find_return_code(KEY, LINK, token) == CODE


@pytest.mark.parametrize(
    ("key", "link", "code"),
    [("another key", LINK, CODE), (KEY, 8, CODE), (KEY, LINK, "7K3P-9XQ3")],
)
def test_another_key_link_or_code_gives_another_token(key: str, link: int, code: str) -> None:
    token = derive_attempt_token(KEY, LINK, CODE)
    other = derive_attempt_token(key, link, code)
    assert other[8:] != token[8:]
    assert find_return_code(key, link, other) == code
    assert find_return_code(key, link, token) == (CODE if code != CODE else None)


@pytest.mark.parametrize("token", ["a" * 43, "7K3P9XQ2" + "A" * 35, "7K3P9XQ2"])
def test_a_token_that_was_not_derived_has_no_code(token: str) -> None:
    assert find_return_code(KEY, LINK, token) is None


@pytest.mark.parametrize(
    "typed",
    [
        "7K3P-9XQ2",
        "7k3p9xq2",
        " 7K3P 9XQ2 ",
        "7 K 3 P 9 X Q 2",
        "7K3P\u20139XQ2",
        "\uff17\uff2b\uff13\uff30\uff19\uff38\uff31\uff12",
        "Kode: 7k3p 9xq2.",
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert read_return_code(typed) == CODE


def test_what_looks_alike_is_taken_for_what_is_meant() -> None:
    assert read_return_code("oOiI-lL23") == "0011-1123"


@pytest.mark.parametrize("typed", ["", "7K3P", "7K3P-9XQ", "7K3P-9XQ2A", "7K3P-9XQÅ", "\u0661" * 8])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_return_code(typed) is None
