"""Derives the tokens and short codes of links from a stored seed and the server's secret key."""

import re

from flask import current_app

from fitquiz.core.secrets.link_codes import derive_code, derive_token, hash_code, read_code
from fitquiz.core.secrets.tokens import hash_token

_TOKEN = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")


def token_of(seed: bytes) -> str:
    """Return an invitation's long token."""
    return derive_token(_key(), seed)


def code_of(seed: bytes) -> str:
    """Return an invitation's short code."""
    return derive_code(_key(), seed)


def hash_typed(code: str) -> bytes:
    """Return what a short code is found by."""
    return hash_code(_key(), code)


def hash_named(line: str) -> bytes | None:
    """Return what the invitation is found by whose link or short code stands in a line; None if there is neither."""
    if tokens := _TOKEN.findall(line):
        return hash_token(tokens[-1])
    code = read_code(line)
    return hash_typed(code) if code else None


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])
