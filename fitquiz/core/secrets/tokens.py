"""Functions that derive the stored hash, the handle and the share tokens from an attempt's token."""

import base64
import hashlib
import hmac
import re

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}\Z")
"""Matches a token. A token consists of 32 random bytes in 43 URL-safe characters."""

HANDLE = re.compile(r"[A-Za-z0-9_-]{12}\Z")
"""Matches a handle. `make_handle` describes handles."""


def hash_token(token: str) -> bytes:
    """Return the SHA-256 of a token, 32 bytes. The database stores the hash, and never the token."""
    return hashlib.sha256(token.encode()).digest()


def make_handle(token: str) -> str:
    """Return the handle of a token, 12 URL-safe characters.

    The handle names an attempt in page addresses, but does not open the attempt.
    """
    text = b"handle:" + token.encode()
    digest = hashlib.sha256(text).digest()
    return base64.urlsafe_b64encode(digest[:9]).decode()


def derive_share_token(token: str, seed: bytes) -> str:
    """Return the token of a share that has a link, 43 URL-safe characters.

    The function derives the share token from the attempt's token and the share's stored seed.
    Therefore the respondent's device can show the link again, but the database alone does not
    reveal the link.
    """
    key = token.encode()
    digest = hmac.new(key, b"share:" + seed, hashlib.sha256).digest()
    share_token = base64.urlsafe_b64encode(digest).decode()
    return share_token.rstrip("=")
