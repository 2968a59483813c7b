"""Finds the folders of templates, static files and packs, in a checkout and in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_BUNDLED = _PACKAGE / "bundled"


def find_folder(name: str) -> Path:
    """Return the folder `templates`, `static` or `questions`.

    A wheel contains it inside the package, a checkout beside the package.
    """
    bundled = _BUNDLED / name
    if bundled.is_dir():
        return bundled
    return _PACKAGE.parent / name
