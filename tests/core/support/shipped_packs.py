"""The packs of the checkout, read once."""

from pathlib import Path

from fitquiz.core.pack_files.reading import read_pack
from fitquiz.core.packs import Pack


def read_shipped_pack(name: str = "questions/front-back-office") -> Pack:
    """Return a pack of the checkout."""
    folder = Path(__file__).parents[3] / name
    return read_pack({path.name: path.read_text("utf-8") for path in folder.glob("*.toml")})


PACK = read_shipped_pack()
