"""The fingerprint of the server's secret key: tells keys apart, and tells nothing of the key."""

import hashlib
import hmac

_PURPOSE = b"fitquiz: which key this database belongs to"


def fingerprint_key(secret_key: str) -> bytes:
    """Return 32 bytes that follow from the key; a key of at least 32 random characters cannot be found by them."""
    return hmac.new(secret_key.encode(), _PURPOSE, hashlib.sha256).digest()
