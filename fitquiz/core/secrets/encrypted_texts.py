"""Encrypts texts that a page carries for the server, for example a form that waits for a sign-in."""

import base64
import zlib

from fitquiz.core.secrets import encryption

NONCE_BYTES = encryption.NONCE_BYTES
_PURPOSE = b"text:"


def encrypt_text(secret_key: str, text: str, nonce: bytes) -> str:
    """Return the encrypted text, in letters and digits that a form can carry.

    The text is compressed first, because it can be a list of thousands of people.
    `nonce` must be random, and must be different for each call. Raise ValueError if the length of
    `nonce` is not NONCE_BYTES bytes.
    """
    packed = zlib.compress(text.encode())
    encrypted = encryption.encrypt(secret_key, _PURPOSE, packed, nonce)
    return base64.urlsafe_b64encode(encrypted).decode()


def decrypt_text(secret_key: str, encrypted: str) -> str | None:
    """Return the text. Return None if the text was changed or is not encrypted with this key."""
    try:
        stored = base64.urlsafe_b64decode(encrypted.encode("ascii"))
    except ValueError:
        return None
    packed = encryption.decrypt(secret_key, _PURPOSE, stored)
    if packed is None:
        return None
    # Nobody without the key can make a text that unpacks to a huge text.
    try:
        return zlib.decompress(packed).decode()
    except zlib.error:
        return None
