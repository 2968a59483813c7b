"""An address can be read with the secret key only, and nothing shows to which invitation it belongs."""

import pytest

from fitquiz.core.mail.encrypted_addresses import (
    Recipient,
    decrypt_recipient,
    derive_message_name,
    derive_stop_token,
    encrypt_recipient,
    hash_address,
)
from fitquiz.core.secrets.link_codes import derive_token
from fitquiz.core.secrets.tokens import TOKEN

KEY = "k9f2-x7q1-m4z8-p0w3-first-of-all"
NONCE = b"n" * 16
KARI = Recipient("kari@example.org", bytes(range(16)))


@pytest.mark.parametrize("address", ["a@b.no", "k" * 64 + "@" + "e" * 180 + ".org"])
def test_an_encrypted_address_can_be_read_with_the_key(address: str) -> None:
    recipient = Recipient(address, KARI.seed)
    assert decrypt_recipient(KEY, encrypt_recipient(KEY, recipient, NONCE)) == recipient


def test_an_encrypted_address_shows_neither_the_address_nor_the_seed() -> None:
    stored = encrypt_recipient(KEY, KARI, NONCE)
    assert b"kari" not in stored
    assert KARI.seed not in stored
    assert len(stored) == len(encrypt_recipient(KEY, Recipient("a@b.no", KARI.seed), NONCE))


def test_another_key_and_a_changed_byte_read_nothing() -> None:
    stored = encrypt_recipient(KEY, KARI, NONCE)
    assert decrypt_recipient(KEY + "x", stored) is None
    for at in range(len(stored)):
        changed = bytearray(stored)
        changed[at] ^= 1
        assert decrypt_recipient(KEY, bytes(changed)) is None
    assert decrypt_recipient(KEY, b"") is None


def test_a_nonce_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        encrypt_recipient(KEY, KARI, b"short")


def test_the_secrets_of_a_person_are_all_different() -> None:
    stop_token = derive_stop_token(KEY, KARI.seed)
    assert TOKEN.match(stop_token)
    assert stop_token != derive_token(KEY, KARI.seed)
    names = {derive_message_name(KEY, KARI.seed, number) for number in (0, 1, 2)}
    assert len(names) == 3


def test_the_hash_of_an_address_ignores_case_and_differs_in_each_campaign() -> None:
    assert hash_address(KEY, 1, "Kari@example.org") == hash_address(KEY, 1, "kari@example.org")
    assert hash_address(KEY, 1, "kari@example.org") != hash_address(KEY, 2, "kari@example.org")
    assert hash_address(KEY, 1, "kari@example.org") != hash_address("x", 1, "kari@example.org")
