"""Password hashes: argon2id with 19 MiB, two passes. Checking takes as long for an account that is not there."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS = _HASHER.hash("the password of an account that is not there")


def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    return _HASHER.hash(password)


def is_password(password: str, stored: str | None) -> bool:
    """Whether a password is the one that is stored; no stored one is never right, and takes as long."""
    try:
        _HASHER.verify(stored or _NOBODYS, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)
