"""Finds the folders that stand beside the package in a checkout, and inside it in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_BUNDLED = _PACKAGE / "bundled"


def find_folder(name: str) -> Path:
    """Return the folder `templates`, `static` or `questions`."""
    bundled = _BUNDLED / name
    return bundled if bundled.is_dir() else _PACKAGE.parent / name
