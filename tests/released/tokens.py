"""The secrets of the kept database, each worked out of its number, so that a test can open every old link."""

import base64
import hashlib

from fitquiz.core.secrets.link_codes import derive_code, derive_token, hash_code
from fitquiz.core.secrets.tokens import hash_token

SECRET_KEY = "kept-with-the-first-released-schema-2026"
PASSWORD = "seven green herons waiting"


def make_bytes(kind: str, number: int, size: int = 32) -> bytes:
    """Return the bytes of a thing of this kind and number."""
    return hashlib.sha256(f"{kind} {number}".encode()).digest()[:size]


def token_of(kind: str, number: int) -> str:
    """Return the secret token of an attempt, a sign-in or a staff link: 43 characters."""
    return base64.urlsafe_b64encode(make_bytes(kind, number)).decode().rstrip("=")


def seed_of(kind: str, number: int) -> bytes:
    """Return the stored seed of an invitation, a link or a share."""
    return make_bytes(kind, number, 16)


def find_hashes(seed: bytes) -> tuple[bytes, bytes]:
    """Return what an invitation or a link is found by: the hashes of its token and of its code."""
    code = derive_code(SECRET_KEY, seed)
    return hash_token(derive_token(SECRET_KEY, seed)), hash_code(SECRET_KEY, code)
