"""Tokens and codes follow from a seed and the key, and a code is read as people type it."""

import base64
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitquiz.core.secrets.link_codes import (
    ALPHABET,
    derive_code,
    derive_token,
    find_codes,
    hash_code,
    read_code,
)

KEY, OTHER_KEY, SEED = "a key of the server's", "another key", bytes(range(16))


def test_a_seed_gives_the_same_token_and_code_each_time() -> None:
    assert derive_token(KEY, SEED) == derive_token(KEY, bytes(range(16)))
    assert derive_code(KEY, SEED) == derive_code(KEY, bytes(range(16)))


def test_another_key_or_seed_gives_others() -> None:
    for key, seed in ((OTHER_KEY, SEED), (KEY, bytes(16))):
        assert derive_token(key, seed) != derive_token(KEY, SEED)
        assert derive_code(key, seed) != derive_code(KEY, SEED)
        assert hash_code(key, "ABCDE-FGHJK") != hash_code(KEY, "ABCDE-FGHJM")


@given(st.binary(min_size=16, max_size=16))
def test_a_token_has_256_bits_in_43_characters_and_a_code_ten(seed: bytes) -> None:
    token, code = derive_token(KEY, seed), derive_code(KEY, seed)
    assert len(token) == 43
    assert len(base64.urlsafe_b64decode(f"{token}=")) == 32
    assert (len(code), code[5]) == (11, "-")
    assert set(code) <= {*ALPHABET, "-"}


def test_a_code_makes_use_of_the_whole_alphabet_at_every_place() -> None:
    codes = [derive_code(KEY, number.to_bytes(16)) for number in range(1000)]
    for place in (0, 1, 2, 3, 4, 6, 7, 8, 9, 10):
        assert {code[place] for code in codes} == set(ALPHABET)


def test_a_code_tells_nothing_of_its_token() -> None:
    code, token = derive_code(KEY, SEED), derive_token(KEY, SEED)
    number = 0
    for character in code.replace("-", ""):
        number = number * 32 + ALPHABET.index(character)
    assert base64.urlsafe_b64decode(f"{token}=")[:6] != (number << 14).to_bytes(8)[:6]


@given(st.binary(min_size=16, max_size=16))
def test_a_code_is_read_back_however_it_is_typed(seed: bytes) -> None:
    code = derive_code(KEY, seed)
    for typed in (
        code,
        code.lower(),
        code.replace("-", ""),
        f" {' '.join(code)} ",
        code.replace("-", "\u2013"),
    ):
        assert read_code(typed) == code


@pytest.mark.parametrize("typed", ["OIL01-2345U", "oil01 2345u", "0i101-2345V", "Øil01 2345v"])
def test_what_looks_alike_is_taken_for_what_is_meant(typed: str) -> None:
    assert read_code(typed) == "01101-2345V"


@pytest.mark.parametrize("letter", string.ascii_uppercase)
def test_each_letter_is_read_as_a_character_of_a_code(letter: str) -> None:
    code = read_code(f"{letter}0000-00000")
    assert code is not None
    assert code[0] in ALPHABET
    assert code[0] == letter or letter not in ALPHABET


@pytest.mark.parametrize(
    "typed",
    ["", "ABCDE", "ABCDE-FGHJKM", "ABCDE-FGHJÅ", "-----------", "\u0661" * 10],
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


@given(st.binary(min_size=16, max_size=16))
def test_a_code_is_found_among_words(seed: bytes) -> None:
    code = derive_code(KEY, seed)
    spaced = " ".join(code.replace("-", ""))
    for text in (
        f"kode: {code}",
        f"Kode:{spaced}",
        f"Your code is {code.lower()}.",
        f"skriv koden {code}, takk",
        f"skriv koden {code.replace('-', ' ')} innen fredag",
        f"koden er {code.replace('-', '')}",
        f"koden er {spaced} takk",
        f"«{code.replace('-', chr(0x2212))}»",
    ):
        assert code in find_codes(text), text


def test_the_most_likely_code_comes_first_and_not_too_many_are_found() -> None:
    assert find_codes("skriv koden ABCDE-FGHJK")[0] == "ABCDE-FGHJK"
    assert find_codes("ABCDE-FGHJK") == ["ABCDE-FGHJK"]
    assert len(find_codes("abcde fghjk " * 100)) <= 8
    assert len(find_codes(" ".join(f"abc{n:02}" for n in range(100)))) == 8


@pytest.mark.parametrize("text", ["", "hei", "https://evil.example/", "A" * 43, "ABCDE-FGHJKM"])
def test_in_a_text_without_a_code_none_is_found(text: str) -> None:
    assert find_codes(text) == []


def test_what_is_stored_of_a_code_is_32_keyed_bytes() -> None:
    hashed = hash_code(KEY, derive_code(KEY, SEED))
    assert len(hashed) == 32
    assert hashed != hash_code(OTHER_KEY, derive_code(KEY, SEED))
