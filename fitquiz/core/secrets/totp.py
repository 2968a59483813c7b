"""One-time codes of an authenticator app, and the recovery codes that stand in for one.

Source: RFC 6238 and RFC 4226, with what every app assumes: SHA-1, 6 digits, steps of 30 seconds.
"""

import base64
import hashlib
import hmac

STEP_SECONDS, DIGITS = 30, 6
SLACK = 1
"""So many steps a clock may go wrong, either way."""
SEED_BYTES = 16
RECOVERY_CODES = 10


def derive_secret(secret_key: str, seed: bytes) -> bytes:
    """Return the 20 bytes that an app and the server share, of a stored seed and the server's key."""
    return hmac.new(secret_key.encode(), b"totp:" + seed, hashlib.sha256).digest()[:20]


def write_secret(secret: bytes) -> str:
    """Return a secret as an app reads it: base 32, 32 characters."""
    return base64.b32encode(secret).decode()


def compute_code(secret: bytes, step: int) -> str:
    """Return the code of a step, counted in 30 seconds since 1970."""
    digest = hmac.new(secret, step.to_bytes(8), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def find_step(secret: bytes, typed: str, seconds: float, used: int | None) -> int | None:
    """Return the step whose code was typed, spaces or not; None if it is wrong, or not after the `used` one."""
    code, now = "".join(typed.split()), int(seconds) // STEP_SECONDS
    right = (
        [
            step
            for step in range(now - SLACK, now + SLACK + 1)
            if hmac.compare_digest(compute_code(secret, step), code)
        ]
        if code.isascii()
        else []
    )
    return next((step for step in right if used is None or step > used), None)


def hash_recovery_code(secret_key: str, staff_id: int, code: str) -> bytes:
    """Return what is stored of a recovery code: 32 bytes, keyed, since 50 bits alone could be tried out."""
    return hmac.new(
        secret_key.encode(), f"recovery:{staff_id}:{code}".encode(), hashlib.sha256
    ).digest()
