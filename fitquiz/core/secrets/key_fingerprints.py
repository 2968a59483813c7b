"""The fingerprint of the server's secret key: it tells keys apart, and reveals nothing of the key."""

import hashlib
import hmac

_PURPOSE = b"fitquiz: which key this database belongs to"


def fingerprint_key(secret_key: str) -> bytes:
    """Return 32 bytes that follow from the key. A random key of 32 characters cannot be found from them."""
    key = secret_key.encode()
    return hmac.new(key, _PURPOSE, hashlib.sha256).digest()
