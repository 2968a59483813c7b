"""The token and the short code of a link.

Both are derived from the link's stored seed and the server's secret key. So nobody can open a link
with the database alone.
"""

import re

from flask import current_app

from fitquiz.core.secrets.link_codes import (
    derive_code,
    derive_token,
    hash_code,
    read_code,
)
from fitquiz.core.secrets.tokens import hash_token

_TOKEN = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")


def token_of(seed: bytes) -> str:
    """Return the long token of a link."""
    return derive_token(_secret_key(), seed)


def code_of(seed: bytes) -> str:
    """Return the short code of a link."""
    return derive_code(_secret_key(), seed)


def hash_typed(code: str) -> bytes:
    """Return the hash under which the database stores a short code."""
    return hash_code(_secret_key(), code)


def hash_named(line: str) -> bytes | None:
    """Return the hash of the link or short code in a line of text, or None if it has neither."""
    tokens = _TOKEN.findall(line)
    if tokens:
        return hash_token(tokens[-1])
    code = read_code(line)
    if code is None:
        return None
    return hash_typed(code)


def _secret_key() -> str:
    return str(current_app.config["SECRET_KEY"])
