"""Hashes passwords with argon2id, which uses 19 MiB of memory and two passes."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_HASH_OF_NO_ACCOUNT = _HASHER.hash("the password of an account that is not there")


def hash_password(password: str) -> str:
    return _HASHER.hash(password)


def is_password(password: str, stored_hash: str | None) -> bool:
    """Return whether a password matches `stored_hash`. Return False if `stored_hash` is None.

    If `stored_hash` is None, verify the password against a dummy hash, which takes as long. A
    faster response would reveal that no account exists.
    """
    try:
        _HASHER.verify(stored_hash or _HASH_OF_NO_ACCOUNT, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored_hash is not None


def is_outdated(stored_hash: str) -> bool:
    """Return whether the parameters of a hash differ from the parameters of `_HASHER`."""
    return _HASHER.check_needs_rehash(stored_hash)
