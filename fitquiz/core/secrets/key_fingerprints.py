"""The key fingerprint of the server's secret key.

Different keys have different key fingerprints. A key fingerprint does not reveal the secret key.
"""

import hashlib
import hmac

_PURPOSE = b"fitquiz: which key this database belongs to"


def fingerprint_key(secret_key: str) -> bytes:
    """Return the key fingerprint of a secret key, 32 bytes.

    Nobody can compute a random secret key of 32 characters from the key fingerprint.
    """
    key = secret_key.encode()
    return hmac.new(key, _PURPOSE, hashlib.sha256).digest()
