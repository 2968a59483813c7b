"""What is derived from an attempt's secret token: the hash that is stored, and the handle that stands in addresses."""

import base64
import hashlib


def hash_token(token: str) -> bytes:
    """Return the SHA-256 of a token, 32 bytes: all that the database ever learns of it."""
    return hashlib.sha256(token.encode()).digest()


def name_token(token: str) -> str:
    """Return the token's handle, 12 URL-safe characters, which names an attempt without opening it."""
    digest = hashlib.sha256(b"handle:" + token.encode()).digest()
    return base64.urlsafe_b64encode(digest[:9]).decode()
