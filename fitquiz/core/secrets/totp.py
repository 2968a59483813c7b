"""One-time codes of an authenticator app, and the recovery codes that replace one.

Source: RFC 6238 and RFC 4226, with what every app assumes: SHA-1, 6 digits, steps of 30 seconds.
"""

import base64
import hashlib
import hmac

STEP_SECONDS = 30
DIGITS = 6
SLACK = 1
"""The number of steps that a clock may be wrong, either way."""

SEED_BYTES = 16
RECOVERY_CODES = 10


def derive_secret(secret_key: str, seed: bytes) -> bytes:
    """Return the 20 bytes that app and server share, from a stored seed and the server's key."""
    key = secret_key.encode()
    digest = hmac.new(key, b"totp:" + seed, hashlib.sha256).digest()
    return digest[:20]


def write_secret(secret: bytes) -> str:
    """Return a secret as an app reads it: 32 characters of base 32."""
    return base64.b32encode(secret).decode()


def compute_code(secret: bytes, step: int) -> str:
    """Return the code of a step. Steps of 30 seconds count from 1970."""
    message = step.to_bytes(8)
    digest = hmac.new(secret, message, hashlib.sha1).digest()
    start = digest[-1] & 15
    four_bytes = digest[start : start + 4]
    number = int.from_bytes(four_bytes) & 0x7FFFFFFF
    code = number % 10**DIGITS
    return str(code).zfill(DIGITS)


def find_step(
    secret: bytes, typed: str, seconds: float, used: int | None
) -> int | None:
    """Return the step whose code was typed; None if the code is wrong or not after the `used` step.

    Spaces in the code do not matter. `seconds` is the time since 1970.
    """
    code = "".join(typed.split())
    if not code.isascii():
        return None
    now = int(seconds) // STEP_SECONDS
    for step in range(now - SLACK, now + SLACK + 1):
        is_right = hmac.compare_digest(compute_code(secret, step), code)
        if is_right and (used is None or step > used):
            return step
    return None


def hash_recovery_code(secret_key: str, staff_id: int, code: str) -> bytes:
    """Return the keyed hash of a recovery code, 32 bytes. Without the key, 50 bits could be found by trying."""
    key = secret_key.encode()
    text = f"recovery:{staff_id}:{code}"
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
