"""What is derived from an attempt's secret token: the stored hash, the handle in addresses, tokens of shares."""

import base64
import hashlib
import hmac
import re

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}\Z")
"""A secret token: 32 random bytes as 43 URL-safe characters."""


def hash_token(token: str) -> bytes:
    """Return the SHA-256 of a token, 32 bytes. The database stores nothing else of the token."""
    return hashlib.sha256(token.encode()).digest()


def make_handle(token: str) -> str:
    """Return the token's handle, 12 URL-safe characters. It names an attempt and does not open it."""
    text = b"handle:" + token.encode()
    digest = hashlib.sha256(text).digest()
    return base64.urlsafe_b64encode(digest[:9]).decode()


def derive_share_token(token: str, seed: bytes) -> str:
    """Return the token of a share by link, 43 URL-safe characters.

    It follows from the attempt's token and the share's stored seed. So the respondent's device can show
    the link again, and the database alone cannot.
    """
    key = token.encode()
    digest = hmac.new(key, b"share:" + seed, hashlib.sha256).digest()
    share_token = base64.urlsafe_b64encode(digest).decode()
    return share_token.rstrip("=")
