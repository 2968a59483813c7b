"""Encrypts the recipient of a message, and derives the secrets of the recipient.

A recipient is an address and the seed of the invitation for this address. The seed is encrypted
together with the address. Therefore the database alone does not show which invitation belongs to
which address.

All keys are derived from the server's secret key, with HMAC-SHA256. The encryption XORs the text
with the output of SHAKE-256. A tag proves that nobody has changed the encrypted text.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass

NONCE_BYTES = 16
SEED_BYTES = 16
_TAG_BYTES = 32
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
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a nonce has {NONCE_BYTES} bytes, not {len(nonce)}")
    plain = recipient.seed + recipient.address.encode()
    missing = -len(plain) % _BLOCK_BYTES
    filled_up = plain + bytes(missing)
    encrypted = _apply_key(secret_key, nonce, filled_up)
    body = nonce + encrypted
    tag = _make_tag(secret_key, body)
    return body + tag


def decrypt_recipient(secret_key: str, stored: bytes) -> Recipient | None:
    """Return the decrypted recipient. Return None if another secret key encrypted the recipient."""
    body = stored[:-_TAG_BYTES]
    tag = stored[-_TAG_BYTES:]
    expected_tag = _make_tag(secret_key, body)
    if not hmac.compare_digest(tag, expected_tag):
        return None

    nonce = body[:NONCE_BYTES]
    encrypted = body[NONCE_BYTES:]
    plain = _apply_key(secret_key, nonce, encrypted)
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


def _apply_key(secret_key: str, nonce: bytes, text: bytes) -> bytes:
    """Encrypt or decrypt `text`."""
    key = _derive(secret_key, b"encryption")
    generator = hashlib.shake_256(key + nonce)
    stream = generator.digest(len(text))
    pairs = zip(text, stream, strict=True)
    return bytes(one ^ other for one, other in pairs)


def _make_tag(secret_key: str, body: bytes) -> bytes:
    key = _derive(secret_key, b"tag")
    mac = hmac.new(key, body, hashlib.sha256)
    return mac.digest()


def _derive(secret_key: str, text: bytes) -> bytes:
    key = secret_key.encode()
    named = b"mail:" + text
    mac = hmac.new(key, named, hashlib.sha256)
    return mac.digest()
