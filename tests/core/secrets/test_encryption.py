"""Encrypted bytes can be read with the same key, for the same purpose, and only if nobody has changed them."""

import pytest

from fitquiz.core.secrets.encrypted_texts import decrypt_text, encrypt_text
from fitquiz.core.secrets.encryption import decrypt, derive_key, encrypt

KEY = "k9f2-x7q1-m4z8-p0w3-first-of-all"
NONCE = b"n" * 16
PLAIN = b"kari@example.org"


def test_encrypted_bytes_can_be_read_with_the_key() -> None:
    stored = encrypt(KEY, b"mail:", PLAIN, NONCE)
    assert PLAIN not in stored
    assert decrypt(KEY, b"mail:", stored) == PLAIN


def test_another_key_another_purpose_and_a_changed_byte_read_nothing() -> None:
    stored = encrypt(KEY, b"mail:", PLAIN, NONCE)
    assert decrypt(KEY + "x", b"mail:", stored) is None
    assert decrypt(KEY, b"text:", stored) is None
    for at in range(len(stored)):
        changed = bytearray(stored)
        changed[at] ^= 1
        assert decrypt(KEY, b"mail:", bytes(changed)) is None
    assert decrypt(KEY, b"mail:", b"") is None


def test_a_nonce_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        encrypt(KEY, b"mail:", PLAIN, b"short")


def test_each_text_has_its_own_key() -> None:
    assert len({derive_key(KEY, b"one"), derive_key(KEY, b"two"), derive_key("x", b"one")}) == 3


def test_a_form_can_carry_an_encrypted_text() -> None:
    encrypted = encrypt_text(KEY, "Høst & «Vår»", NONCE)
    assert encrypted.isascii()
    assert decrypt_text(KEY, encrypted) == "Høst & «Vår»"
    assert decrypt_text(KEY, "not encrypted") is None
