"""Derives keys from the server's secret key, and encrypts bytes with these keys.

All keys are derived with HMAC-SHA256. The encryption XORs the plain bytes with the output of
SHAKE-256. A tag proves that nobody has changed the encrypted bytes.

Each kind of data has its own `purpose`. Data of one purpose cannot be decrypted as another purpose.
"""

import hashlib
import hmac

NONCE_BYTES = 16
_TAG_BYTES = 32


def derive_key(secret_key: str, text: bytes) -> bytes:
    """Return the key that belongs to `text`, 32 bytes."""
    mac = hmac.new(secret_key.encode(), text, hashlib.sha256)
    return mac.digest()


def encrypt(secret_key: str, purpose: bytes, plain: bytes, nonce: bytes) -> bytes:
    """Return the nonce, the encrypted bytes and their tag.

    `nonce` must be random, and must be different for each call. Raise ValueError if the length of
    `nonce` is not NONCE_BYTES bytes.
    """
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a nonce has {NONCE_BYTES} bytes, not {len(nonce)}")
    key = derive_key(secret_key, purpose + b"encryption")
    body = nonce + _apply_key(key, nonce, plain)
    tag = _make_tag(secret_key, purpose, body)
    return body + tag


def decrypt(secret_key: str, purpose: bytes, stored: bytes) -> bytes | None:
    """Return the plain bytes.

    Return None if the stored bytes were changed, or were encrypted with another secret key or for
    another purpose.
    """
    body = stored[:-_TAG_BYTES]
    tag = stored[-_TAG_BYTES:]
    expected_tag = _make_tag(secret_key, purpose, body)
    if not hmac.compare_digest(tag, expected_tag):
        return None

    key = derive_key(secret_key, purpose + b"encryption")
    nonce = body[:NONCE_BYTES]
    encrypted = body[NONCE_BYTES:]
    return _apply_key(key, nonce, encrypted)


def _apply_key(key: bytes, nonce: bytes, text: bytes) -> bytes:
    """Encrypt or decrypt `text`."""
    generator = hashlib.shake_256(key + nonce)
    stream = generator.digest(len(text))
    pairs = zip(text, stream, strict=True)
    return bytes(one ^ other for one, other in pairs)


def _make_tag(secret_key: str, purpose: bytes, body: bytes) -> bytes:
    key = derive_key(secret_key, purpose + b"tag")
    mac = hmac.new(key, body, hashlib.sha256)
    return mac.digest()
