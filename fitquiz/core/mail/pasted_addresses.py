"""Reads one e-mail address, as people type and paste addresses."""

import re

MAX_ADDRESSES = 10_000
"""The largest number of addresses in a list."""
MAX_LENGTH = 254
"""The largest number of characters of an address, from RFC 5321."""

_MAX_LOCAL_LENGTH = 64
_PIECE = re.compile(r"[^\s<>;,\"()\[\]]+")
"""A pattern with `@` in its middle would need quadratic time for a long text without `@`."""

_LOCAL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z"
)
_DOMAIN_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\Z")


def find_typed_addresses(text: str) -> list[str]:
    """Return all parts of a text that look like addresses. The parts can be wrong addresses."""
    if "@" not in text:
        return []
    return [piece for piece in _PIECE.findall(text) if "@" in piece]


def find_fault_of_address(typed: str) -> str:
    """Return the key of what is wrong with an address that `tidy_address` refuses."""
    local = typed.rpartition("@")[0]
    return "bad-address" if local.isascii() else "foreign-letters"


def tidy_address(typed: str) -> str | None:
    """Return an address as mail servers expect the address, or None if the address is not valid.

    A domain with letters such as `ø` becomes an ASCII domain.
    """
    bare = typed.strip(".'").removeprefix("mailto:")
    local, _, domain = bare.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode().lower()
    except UnicodeError:
        return None
    labels = ascii_domain.split(".")
    is_domain = len(labels) > 1 and all(_DOMAIN_LABEL.match(label) for label in labels)
    is_local = len(local) <= _MAX_LOCAL_LENGTH and _LOCAL.match(local)
    address = f"{local}@{ascii_domain}"
    if not is_domain or not is_local or len(address) > MAX_LENGTH:
        return None
    return address
