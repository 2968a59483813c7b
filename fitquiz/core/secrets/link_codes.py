"""Tokens and short codes of links, derived from a stored seed and the server's key. The database holds neither.

A short code has 50 bits: 10 characters of an alphabet without look-alikes. That is enough behind a rate limit.
"""

import base64
import hashlib
import hmac

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U."""

CHARACTERS = 10
_BITS_PER_CHARACTER = 5
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def derive_token(secret_key: str, seed: bytes) -> str:
    """Return the long token of a seed, 43 URL-safe characters."""
    digest = _derive(secret_key, b"token", seed)
    token = base64.urlsafe_b64encode(digest).decode()
    return token.rstrip("=")


def derive_code(secret_key: str, seed: bytes) -> str:
    """Return the short code of a seed, written XXXXX-XXXXX."""
    first_bytes = _derive(secret_key, b"code", seed)[:8]
    number = int.from_bytes(first_bytes) >> (64 - _BITS_PER_CHARACTER * CHARACTERS)
    characters = []
    for at in reversed(range(CHARACTERS)):
        index = (number >> (_BITS_PER_CHARACTER * at)) % len(ALPHABET)
        characters.append(ALPHABET[index])
    return _write_code("".join(characters))


def read_code(typed: str) -> str | None:
    """Return a typed code as it is written, XXXXX-XXXXX; None if it cannot be a code.

    Case, spaces and dashes do not matter. Look-alikes are read as the character that is meant.
    """
    letters = "".join(each for each in typed.upper() if each.isalnum())
    code = letters.translate(_LOOK_ALIKES)
    if len(code) != CHARACTERS or not set(code) <= set(ALPHABET):
        return None
    return _write_code(code)


def hash_code(secret_key: str, code: str) -> bytes:
    """Return the keyed hash of a code, 32 bytes. Without the key, 50 bits could be found by trying."""
    return _derive(secret_key, b"code-hash", code.encode())


def _write_code(code: str) -> str:
    return f"{code[:5]}-{code[5:]}"


def _derive(secret_key: str, purpose: bytes, seed: bytes) -> bytes:
    key = secret_key.encode()
    message = purpose + b":" + seed
    return hmac.new(key, message, hashlib.sha256).digest()
