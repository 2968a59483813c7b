"""Finds the folders of templates, static files and packs in a checkout or in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_BUNDLED = _PACKAGE / "bundled"


def find_folder(name: str) -> Path:
    """Return the folder `templates`, `static` or `questions`.

    In a wheel, the folder is inside the package `fitquiz`, in `bundled`. In a checkout, the folder
    is next to the package.
    """
    bundled = _BUNDLED / name
    if bundled.is_dir():
        return bundled
    return _PACKAGE.parent / name
