"""One-time codes of an authenticator app, and hashes of recovery codes.

Source of the one-time codes: RFC 6238 and RFC 4226. All authenticator apps support the chosen
parameters: SHA-1, 6 digits and steps of 30 seconds. Each step has its own one-time code. A recovery
code can replace a one-time code.
"""

import base64
import hashlib
import hmac

STEP_SECONDS = 30
DIGITS = 6
SLACK = 1
"""The number of steps by which the app's clock may be fast or slow."""

SEED_BYTES = 16
RECOVERY_CODES = 10


def derive_secret(secret_key: str, seed: bytes) -> bytes:
    """Return the authenticator secret, 20 bytes, from a stored seed and the server's secret key.

    The server and the authenticator app compute one-time codes from the authenticator secret.
    """
    key = secret_key.encode()
    digest = hmac.new(key, b"totp:" + seed, hashlib.sha256).digest()
    return digest[:20]


def write_secret(secret: bytes) -> str:
    """Return an authenticator secret as 32 characters of base 32, for an authenticator app."""
    return base64.b32encode(secret).decode()


def compute_code(secret: bytes, step: int) -> str:
    """Return the one-time code of a step. `step` counts steps of 30 seconds since the Unix epoch."""
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
    """Return the step of a typed one-time code. Return None if the code is wrong.

    `used` is the step of the last accepted code, or None. Also return None if the step is not later
    than `used`, because a code must not be used twice. `seconds` is the present time, in seconds
    since the Unix epoch. The function ignores spaces in `typed`.
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
    """Return the HMAC of a recovery code, 32 bytes. The key of the HMAC is the server's secret key.

    The secret key makes the hash safe. If the hash had no key, a reader of the database could find a
    code by trying all codes.
    """
    key = secret_key.encode()
    text = f"recovery:{staff_id}:{code}"
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
