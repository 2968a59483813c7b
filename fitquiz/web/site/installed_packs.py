"""The packs that are installed, read and checked once at start; and those that attempts were taken with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from flask import Flask, abort, current_app

from fitquiz.config.settings import Settings, SettingsError
from fitquiz.core.pack_files.faults import Fault
from fitquiz.core.pack_files.reading import MAX_CHARACTERS, STRUCTURE_FILE, examine_pack
from fitquiz.core.packs import Pack
from fitquiz.store.attempts.kept_packs import load_pack
from fitquiz.web.site.db import get_session

MOST_KEPT = 50
MOST_FILES, MOST_BYTES = 31, 4 * MAX_CHARACTERS


@dataclass
class Packs:
    """Installed packs by id, the one on the front page, and packs by content as attempts have them."""

    installed: Mapping[str, Pack]
    front: str
    kept: dict[str, Pack] = field(default_factory=dict)


def init_packs(app: Flask, settings: Settings) -> None:
    """Read every pack of the questions folder; raise SettingsError naming every fault if one cannot be used."""
    installed: dict[str, Pack] = {}
    for folder in list_pack_folders(settings.questions):
        pack = _read_or_refuse(folder)
        if pack.id in installed:
            raise SettingsError(
                f"Two packs have the id {pack.id!r}, one of them in {folder}; give one another id."
            )
        installed[pack.id] = pack
    if settings.pack not in installed:
        raise SettingsError(
            f"FITQUIZ_PACK is {settings.pack!r}, and {settings.questions} holds {', '.join(installed) or 'no pack'}; "
            "name one that is there, or set FITQUIZ_QUESTIONS."
        )
    app.extensions["fitquiz_packs"] = Packs(installed, settings.pack)
    app.add_template_global(offered_pack, "offered_pack")


def list_pack_folders(questions: Path) -> list[Path]:
    """Return the folders that hold a pack; raise SettingsError if the folder of the packs is not there."""
    if not questions.is_dir():
        raise SettingsError(
            f"The folder of the packs, {questions}, is not there; set FITQUIZ_QUESTIONS to one that is."
        )
    return sorted(path.parent for path in questions.glob(f"*/{STRUCTURE_FILE}"))


def read_files(folder: Path) -> dict[str, str]:
    """Return the texts of a pack's files by name; raise SettingsError for one that is not text in UTF-8."""
    paths = sorted(islice(folder.glob("*.toml"), MOST_FILES + 1))
    if len(paths) > MOST_FILES:
        raise SettingsError(
            f"{folder} holds more than {MOST_FILES} files; a pack has one, and one for each language."
        )
    return {path.name: _read_file(path) for path in paths}


def _read_file(path: Path) -> str:
    """Nothing is opened that is no file of the pack's own, or is too large: reading a device would never end."""
    try:
        if not path.is_file() or not path.resolve(strict=True).is_relative_to(
            path.parent.resolve()
        ):
            raise SettingsError(f"{path} is no file in its folder; put the text itself there.")
        if path.stat().st_size > MOST_BYTES:
            raise SettingsError(
                f"{path} is too large; a file of a pack has at most {MAX_CHARACTERS} characters."
            )
        return path.read_text("utf-8")
    except (
        OSError,
        RuntimeError,
        UnicodeDecodeError,
    ) as error:  # RuntimeError: a link that leads to itself.
        raise SettingsError(
            f"{path} cannot be read ({error}); save it as text in UTF-8."
        ) from error


def examine_folder(folder: Path) -> tuple[Pack | None, tuple[Fault, ...]]:
    """Return a folder's pack, or None, and all faults and warnings."""
    return examine_pack(read_files(folder))


def load_installed_pack(pack_id: str) -> Pack:
    """Return an installed pack, or answer that there is none (404)."""
    return _packs().installed.get(pack_id) or abort(404)


def list_installed() -> tuple[Pack, ...]:
    """Return all installed packs, the one on the front page first."""
    packs = _packs()
    return tuple(sorted(packs.installed.values(), key=lambda pack: pack.id != packs.front))


def front_pack() -> Pack:
    """Return the pack on the front page."""
    return _packs().installed[_packs().front]


def offered_pack(pack: Pack | None) -> Pack:
    """Return the installed pack of the same id, or the one on the front page if that has been taken away."""
    return installed_or_front(pack.id if pack else "")


def installed_or_front(pack_id: str) -> Pack:
    """Return the installed pack of an id, or the one on the front page if there is none (any more)."""
    return _packs().installed.get(pack_id) or front_pack()


def pack_of_attempt(content_hash: str) -> Pack:
    """Return the very pack that an attempt was taken with, whatever the files say today."""
    packs = _packs()
    for pack in (*packs.installed.values(), packs.kept.get(content_hash)):
        if pack is not None and pack.content_hash == content_hash:
            return pack
    if len(packs.kept) >= MOST_KEPT:
        packs.kept.clear()
    packs.kept[content_hash] = load_pack(get_session(), content_hash)
    return packs.kept[content_hash]


def _packs() -> Packs:
    packs: Packs = current_app.extensions["fitquiz_packs"]
    return packs


def _read_or_refuse(folder: Path) -> Pack:
    pack, faults = examine_folder(folder)
    if pack is None:
        listed = "\n".join(f"  {fault}" for fault in faults if not fault.is_warning)
        raise SettingsError(
            f"The pack in {folder} cannot be used:\n{listed}\nMend it, or take the folder away."
        )
    return pack
