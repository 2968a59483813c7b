"""The token and the short code of an invitation or a counsellor's link.

The token and the code are derived from a stored seed and the secret key. Therefore, a thief who
has only the database cannot open a link.
"""

import re

from fitquiz.core.secrets.link_codes import (
    derive_code,
    derive_token,
    hash_code,
    read_code,
)
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.web.security.secret_key import get_secret_key

_TOKEN = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}")
"""Matches a token. Other text may follow the token without a space."""


def token_of(seed: bytes) -> str:
    """Return the token of the link with this stored `seed`."""
    return derive_token(get_secret_key(), seed)


def code_of(seed: bytes) -> str:
    """Return the short code of the link with this stored `seed`."""
    return derive_code(get_secret_key(), seed)


def hash_typed(code: str) -> bytes:
    """Return the hash that the database stores for a short code of the form XXXXX-XXXXX."""
    return hash_code(get_secret_key(), code)


def hash_named(line: str) -> bytes | None:
    """Return the hash that the database stores for the token or the short code in `line`.

    `line` is text that a staff member typed or pasted. If `line` contains several tokens, use the
    last token. Return None if `line` contains no token and is not a short code.
    """
    tokens = _TOKEN.findall(line)
    if tokens:
        return hash_token(tokens[-1])
    code = read_code(line)
    if code is None:
        return None
    return hash_typed(code)
