"""Encrypts the recipient of a message, and derives the secrets of the recipient.

A recipient is an address and the seed of the invitation for this address. The seed is encrypted
together with the address. Therefore the database alone does not show which invitation belongs to
which address.
"""

import base64
from dataclasses import dataclass

from fitquiz.core.secrets import encryption

NONCE_BYTES = encryption.NONCE_BYTES
SEED_BYTES = 16
_PURPOSE = b"mail:"
_BLOCK_BYTES = 64
"""Each plain text is filled up to a multiple of this length, so that the length reveals little."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address, and the seed of the invitation or of the one-time link for this address."""

    address: str
    seed: bytes


def encrypt_recipient(secret_key: str, recipient: Recipient, nonce: bytes) -> bytes:
    """Return the encrypted recipient that the database stores.

    `nonce` must be random, and must be different for each call. Raise ValueError if the length of
    `nonce` is not NONCE_BYTES bytes.
    """
    plain = recipient.seed + recipient.address.encode()
    missing = -len(plain) % _BLOCK_BYTES
    filled_up = plain + bytes(missing)
    return encryption.encrypt(secret_key, _PURPOSE, filled_up, nonce)


def decrypt_recipient(secret_key: str, stored: bytes) -> Recipient | None:
    """Return the decrypted recipient. Return None if another secret key encrypted the recipient."""
    plain = encryption.decrypt(secret_key, _PURPOSE, stored)
    if plain is None:
        return None
    seed = plain[:SEED_BYTES]
    address = plain[SEED_BYTES:].rstrip(b"\0")
    return Recipient(address.decode(), seed)


def derive_stop_token(secret_key: str, seed: bytes) -> str:
    """Return the token of the page on which the recipient stops all messages, 43 characters."""
    return _derive_token(secret_key, b"stop:" + seed)


def derive_staff_token(secret_key: str, seed: bytes) -> str:
    """Return the token of a one-time link for staff, 43 characters."""
    return _derive_token(secret_key, b"staff-link:" + seed)


def derive_message_name(secret_key: str, seed: bytes, number: int) -> str:
    """Return a name for message `number` of a recipient.

    The name is always equal for the same message. A mail server can therefore notice that a message
    was sent again.
    """
    purpose = f"message:{number}:"
    text = purpose.encode() + seed
    digest = _derive(secret_key, text)
    name = digest[:16]
    return name.hex()


def hash_address(secret_key: str, campaign_id: int, address: str) -> bytes:
    """Return the HMAC of an address in a campaign, 32 bytes. The hash ignores case.

    Without the secret key, nobody can find the address by trying addresses.
    """
    folded = address.lower()
    text = f"address:{campaign_id}:{folded}"
    return _derive(secret_key, text.encode())


def _derive_token(secret_key: str, text: bytes) -> str:
    digest = _derive(secret_key, text)
    token = base64.urlsafe_b64encode(digest).decode()
    return token.rstrip("=")


def _derive(secret_key: str, text: bytes) -> bytes:
    return encryption.derive_key(secret_key, _PURPOSE + text)
