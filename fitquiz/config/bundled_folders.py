"""Finds the folders of templates, static files and packs in a checkout or in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_BUNDLED = _PACKAGE / "bundled"


def find_folder(name: str) -> Path:
    """Return the folder `templates`, `static` or `questions`.

    A wheel contains the folder inside the package. A checkout contains the folder next to the
    package.
    """
    bundled = _BUNDLED / name
    if bundled.is_dir():
        return bundled
    return _PACKAGE.parent / name
