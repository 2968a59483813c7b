"""Return codes. With a return code, a client opens an unfinished attempt in another browser.

Only an attempt that began with a counsellor's link has a return code. The first 8 characters of the
attempt's token are the characters of the code. The other 35 characters are computed from the code,
the id of the link, and the server's secret key. Therefore the server finds the token of a typed
code, and the database stores nothing about the code.

A return code has 40 bits. Without the secret key, nobody can compute a token. A person who has both
the secret key and the database could try all codes of a link. Therefore the computation is slow on
purpose: one code takes about 20 ms.
"""

import base64
import hashlib
import hmac

from fitquiz.core.secrets.link_codes import ALPHABET, read_letters, write_letters

CHARACTERS = 8
RANDOM_BYTES = 5
"""The number of random bytes in a return code."""

_GROUP = 4
_REST = 35
"""The number of characters of a token after the characters of the code."""

_COST = 2**13
"""The cost of scrypt, which needs 8 MB of memory with this cost."""


def make_return_code(random_bytes: bytes) -> str:
    """Return the return code of RANDOM_BYTES random bytes, in the form XXXX-XXXX."""
    number = int.from_bytes(random_bytes)
    return _write_code(write_letters(number, CHARACTERS))


def read_return_code(typed: str) -> str | None:
    """Return a typed return code in the form XXXX-XXXX, or None if `typed` is no return code.

    The function ignores the same as `read_letters`, and words before a colon.
    """
    for text in (typed, typed.rpartition(":")[2]):
        letters = read_letters(text, CHARACTERS)
        if letters:
            return _write_code(letters)
    return None


def derive_attempt_token(secret_key: str, link_id: int, code: str) -> str:
    """Return the token of the attempt that has this return code, 43 URL-safe characters.

    `link_id` is the id of the counsellor's link with which the attempt began. `code` has the form
    XXXX-XXXX.
    """
    letters = code.replace("-", "")
    salt_text = f"return-code:{link_id}".encode()
    salt = hmac.new(secret_key.encode(), salt_text, hashlib.sha256).digest()
    digest = hashlib.scrypt(letters.encode(), salt=salt, n=_COST, r=8, p=1, dklen=32)
    rest = base64.urlsafe_b64encode(digest).decode()
    return letters + rest[:_REST]


def find_return_code(secret_key: str, link_id: int, token: str) -> str | None:
    """Return the return code of an attempt's token, in the form XXXX-XXXX.

    Return None if the token was not derived from a return code of this link. An attempt that began
    before return codes existed has such a token.
    """
    letters = token[:CHARACTERS]
    if not set(letters) <= set(ALPHABET):
        return None
    code = _write_code(letters)
    derived = derive_attempt_token(secret_key, link_id, code)
    return code if hmac.compare_digest(derived, token) else None


def _write_code(letters: str) -> str:
    return f"{letters[:_GROUP]}-{letters[_GROUP:]}"
