"""Encrypts texts that a page carries for the server, for example a form that waits for a sign-in.

The key is derived from the server's secret key, with HMAC-SHA256. The encryption XORs the text with
the output of SHAKE-256. A tag proves that nobody has changed the encrypted text.
"""

import base64
import hashlib
import hmac

NONCE_BYTES = 16
_TAG_BYTES = 32


def encrypt_text(secret_key: str, text: str, nonce: bytes) -> str:
    """Return the encrypted text, in letters and digits that a form can carry.

    `nonce` must be random, and must be different for each call. Raise ValueError if the length of
    `nonce` is not NONCE_BYTES bytes.
    """
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a nonce has {NONCE_BYTES} bytes, not {len(nonce)}")
    body = nonce + _apply_key(secret_key, nonce, text.encode())
    tag = _make_tag(secret_key, body)
    return base64.urlsafe_b64encode(body + tag).decode()


def decrypt_text(secret_key: str, encrypted: str) -> str | None:
    """Return the text. Return None if the text was changed or is not encrypted with this key."""
    try:
        stored = base64.urlsafe_b64decode(encrypted.encode("ascii"))
    except ValueError:
        return None
    body = stored[:-_TAG_BYTES]
    tag = stored[-_TAG_BYTES:]
    if not hmac.compare_digest(tag, _make_tag(secret_key, body)):
        return None
    nonce = body[:NONCE_BYTES]
    return _apply_key(secret_key, nonce, body[NONCE_BYTES:]).decode()


def _apply_key(secret_key: str, nonce: bytes, text: bytes) -> bytes:
    """Encrypt or decrypt `text`."""
    key = _derive(secret_key, b"encryption")
    generator = hashlib.shake_256(key + nonce)
    stream = generator.digest(len(text))
    pairs = zip(text, stream, strict=True)
    return bytes(one ^ other for one, other in pairs)


def _make_tag(secret_key: str, body: bytes) -> bytes:
    key = _derive(secret_key, b"tag")
    mac = hmac.new(key, body, hashlib.sha256)
    return mac.digest()


def _derive(secret_key: str, purpose: bytes) -> bytes:
    key = secret_key.encode()
    named = b"text:" + purpose
    mac = hmac.new(key, named, hashlib.sha256)
    return mac.digest()
