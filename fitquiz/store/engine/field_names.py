"""The names of a dataclass's fields, for code that stores or reads each field by its name."""

from dataclasses import fields
from typing import Any


def list_fields(kind: type[Any]) -> tuple[str, ...]:
    """Return the names of the fields of a dataclass. The fields of its base class come first."""
    return tuple(field.name for field in fields(kind))
