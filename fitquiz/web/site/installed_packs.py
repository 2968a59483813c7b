"""The installed packs, and the earlier packs that attempts and campaigns still use.

The app reads the installed packs from files when the server starts. The app reads earlier packs
from the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from flask import Flask, abort, current_app

from fitquiz.config.settings import Settings, SettingsError
from fitquiz.core.pack_files.faults import Fault
from fitquiz.core.pack_files.reading import MAX_CHARACTERS, STRUCTURE_FILE, examine_pack
from fitquiz.core.packs import Pack
from fitquiz.core.result.fixed_numbers import FIXED_NUMBERS
from fitquiz.core.result.pack_facts import find_pack_facts
from fitquiz.store.attempts.kept_packs import load_pack
from fitquiz.web.site.database_session import get_session

MAX_KEPT = 50
MAX_FILES = 32
MAX_BYTES = 4 * MAX_CHARACTERS
"""The largest size of a file, in bytes. A character has at most four bytes in UTF-8."""


@dataclass
class Packs:
    """The packs of the app.

    `installed` contains the installed packs, by id. `front` is the id of the front page's pack.
    `kept` is a cache of packs that were read from the database, by content hash.
    """

    installed: Mapping[str, Pack]
    front: str
    kept: dict[str, Pack] = field(default_factory=dict)


def init_packs(app: Flask, settings: Settings) -> None:
    """Read all packs in the folder FITQUIZ_QUESTIONS.

    Raise SettingsError if a pack cannot be used. The error lists all faults of the pack.
    Raise SettingsError if two packs have an equal id, or if the front page's pack is missing.
    """
    installed: dict[str, Pack] = {}
    for folder in list_pack_folders(settings.questions):
        pack = _read_or_refuse(folder)
        if pack.id in installed:
            raise SettingsError(
                f"Two packs have the id {pack.id!r}; change the id of one pack, for example in {folder}."
            )
        installed[pack.id] = pack

    if settings.pack not in installed:
        names = ", ".join(installed) or "no pack"
        raise SettingsError(
            f"FITQUIZ_PACK is {settings.pack!r}, but {settings.questions} contains {names}; "
            "set FITQUIZ_PACK to the id of a pack in this folder, "
            "or set FITQUIZ_QUESTIONS to another folder."
        )

    app.extensions["fitquiz_packs"] = Packs(installed, settings.pack)
    app.add_template_global(offered_pack, "offered_pack")
    app.add_template_global(find_pack_facts, "facts_of")
    app.jinja_env.globals["fixed_numbers"] = FIXED_NUMBERS


def list_pack_folders(questions: Path) -> list[Path]:
    """Return the folders in `questions` that contain a pack.

    Raise SettingsError if `questions` is not a folder.
    """
    if not questions.is_dir():
        raise SettingsError(
            f"The folder of the packs, {questions}, does not exist; "
            "set FITQUIZ_QUESTIONS to an existing folder."
        )
    return sorted(path.parent for path in questions.glob(f"*/{STRUCTURE_FILE}"))


def read_files(folder: Path) -> dict[str, str]:
    """Return the text of each TOML file in a pack's folder, by file name.

    Raise SettingsError for more than MAX_FILES files, or for a file that cannot be read as UTF-8.
    """
    paths = sorted(islice(folder.glob("*.toml"), MAX_FILES + 1))
    if len(paths) > MAX_FILES:
        raise SettingsError(
            f"{folder} contains more than {MAX_FILES} TOML files; "
            "a pack has pack.toml, one file for each language, and sometimes review.toml."
        )
    return {path.name: _read_file(path) for path in paths}


def _read_file(path: Path) -> str:
    """Return the text of a UTF-8 file. Raise SettingsError if the file cannot be read.

    Do not open devices, links to other folders, or files of more than MAX_BYTES.
    """
    try:
        if not path.is_file() or not _is_inside(path, path.parent):
            raise SettingsError(
                f"{path} is not a file inside its folder; save the text in a regular file."
            )
        if path.stat().st_size > MAX_BYTES:
            raise SettingsError(
                f"{path} is too large; a file of a pack may have at most {MAX_CHARACTERS} characters."
            )
        # Some editors begin a file with a byte-order mark. TOML does not allow the mark.
        return path.read_text("utf-8-sig")

    # Before Python 3.13, Path.resolve raises RuntimeError if a symbolic link leads back to itself.
    except (OSError, RuntimeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} cannot be read ({error}); save the file as text in UTF-8."
        ) from error


def _is_inside(path: Path, folder: Path) -> bool:
    real_path = path.resolve(strict=True)
    return real_path.is_relative_to(folder.resolve())


def examine_folder(folder: Path) -> tuple[Pack | None, tuple[Fault, ...]]:
    """Return the pack in a folder, and all faults and warnings of the pack.

    If the pack cannot be used, return None instead of the pack. Raise SettingsError if a file
    cannot be read.
    """
    return examine_pack(read_files(folder))


def load_installed_pack(pack_id: str) -> Pack:
    """Return the installed pack with this id. Answer 404 if no installed pack has this id."""
    pack = _packs().installed.get(pack_id)
    if pack is None:
        abort(404)
    return pack


def list_installed() -> tuple[Pack, ...]:
    """Return all installed packs. The first pack is the pack of the front page."""
    packs = _packs()
    others = [pack for pack in packs.installed.values() if pack.id != packs.front]
    return (front_pack(), *others)


def front_pack() -> Pack:
    """Return the pack of the front page."""
    packs = _packs()
    return packs.installed[packs.front]


def offered_pack(pack: Pack | None) -> Pack:
    """Return the installed pack that has the id of `pack`.

    Return the front page's pack if no installed pack has this id, or if `pack` is None.
    """
    return installed_or_front(pack.id if pack else "")


def installed_or_front(pack_id: str) -> Pack:
    """Return the installed pack with this id.

    Return the front page's pack if no installed pack has this id.
    """
    pack = _packs().installed.get(pack_id)
    if pack is None:
        return front_pack()
    return pack


def pack_of_attempt(content_hash: str) -> Pack:
    """Return the pack that an attempt or a campaign uses.

    `content_hash` is the hash of the pack's content.
    If the pack's files have changed or are missing, read the pack from the database.
    """
    packs = _packs()
    for pack in packs.installed.values():
        if pack.content_hash == content_hash:
            return pack

    kept_pack = packs.kept.get(content_hash)
    if kept_pack is None:
        if len(packs.kept) >= MAX_KEPT:
            packs.kept.clear()
        kept_pack = load_pack(get_session(), content_hash)
        packs.kept[content_hash] = kept_pack
    return kept_pack


def _packs() -> Packs:
    packs: Packs = current_app.extensions["fitquiz_packs"]
    return packs


def _read_or_refuse(folder: Path) -> Pack:
    pack, faults = examine_folder(folder)
    if pack is not None:
        return pack

    errors = [fault for fault in faults if not fault.is_warning]
    lines = "\n".join(f"  {fault}" for fault in errors)
    raise SettingsError(
        f"The pack in {folder} cannot be used:\n{lines}\nCorrect the pack, or remove the folder."
    )
