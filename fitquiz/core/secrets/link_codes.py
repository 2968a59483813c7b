"""Tokens and short codes of invitations, derived from a stored seed and the server's key: the database knows neither.

A code has 50 bits, enough for its life behind a throttle: 10 characters of an alphabet without look-alikes.
"""

import base64
import hashlib
import hmac

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U."""
CHARACTERS = 10
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def derive_token(secret_key: str, seed: bytes) -> str:
    """Return the long token of a seed, 43 URL-safe characters."""
    return base64.urlsafe_b64encode(_derive(secret_key, b"token", seed)).decode().rstrip("=")


def derive_code(secret_key: str, seed: bytes) -> str:
    """Return the short code of a seed, as XXXXX-XXXXX."""
    number = int.from_bytes(_derive(secret_key, b"code", seed)[:8]) >> (64 - 5 * CHARACTERS)
    code = "".join(ALPHABET[(number >> (5 * at)) & 31] for at in reversed(range(CHARACTERS)))
    return f"{code[:5]}-{code[5:]}"


def read_code(typed: str) -> str | None:
    """Return the code that somebody typed, as it is written; None if it cannot be one.

    Small letters, spaces and dashes make no difference, and what looks alike is taken for what is meant.
    """
    code = "".join(each for each in typed.upper() if each.isalnum()).translate(_MISREAD)
    if len(code) != CHARACTERS or not set(code) <= set(ALPHABET):
        return None
    return f"{code[:5]}-{code[5:]}"


def hash_code(secret_key: str, code: str) -> bytes:
    """Return what is stored of a code: 32 bytes, keyed, since 50 bits alone could be tried out."""
    return _derive(secret_key, b"code-hash", code.encode())


def _derive(secret_key: str, purpose: bytes, seed: bytes) -> bytes:
    return hmac.new(secret_key.encode(), purpose + b":" + seed, hashlib.sha256).digest()
