"""The version that a form was made from. A form that is older than the stored values is stale.

A page can stay open for days. If its form overwrote values that somebody has changed in the
meantime, the change would be lost, and nobody would notice.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Changes:
    """The names of the values that were added, changed and removed since a version."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def write_version(values: Mapping[str, object]) -> str:
    """Return the version of named values. A name contains neither spaces nor full stops."""
    parts = [f"{name}.{_hash(value)}" for name, value in values.items()]
    return " ".join(parts)


def find_changes(version: str | None, values: Mapping[str, object]) -> Changes:
    """Return what has changed since `version`.

    In a version that this module has not written, all values are missing.
    """
    earlier = {}
    for part in (version or "").split():
        name, _, value_hash = part.partition(".")
        earlier[name] = value_hash
    kept = [name for name in values if name in earlier]
    return Changes(
        added=tuple(name for name in values if name not in earlier),
        changed=tuple(name for name in kept if earlier[name] != _hash(values[name])),
        removed=tuple(name for name in earlier if name not in values),
    )


def _hash(value: object) -> str:
    digest = hashlib.sha256(repr(value).encode())
    return digest.hexdigest()[:_DIGITS]
