"""Prepares the instance folder of the demo, and keeps other demos out of the folder.

The demo first deletes the database of an earlier demo. If a folder contains files and no earlier
demo has used the folder, the demo refuses the folder.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from fitquiz.config.settings import Settings, SettingsError
from fitquiz.store.engine.database import open_database

FOLDER = "instance-demo"
_MARKER_FILE = "made-by-fitquiz-demo"
_DATABASE = "fitquiz.db"
_DATABASE_FILES = (_DATABASE, f"{_DATABASE}-wal", f"{_DATABASE}-shm")


@contextmanager
def use_folder(settings: Settings) -> Iterator[Settings]:
    """Create the demo's folder, and delete the database of an earlier demo.

    Yield the settings for the demo. During the `with` block, no other demo can use the folder.

    Raise SettingsError if FITQUIZ_DATABASE_URL is set. Also raise SettingsError if a demo is running
    in the folder, or if the folder contains files and no earlier demo has used the folder.
    """
    folder = _find_folder(settings)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / _MARKER_FILE).touch()

    database_url = f"sqlite:///{folder / _DATABASE}"
    with open_database(database_url).try_lock("demo") as is_locked:
        if not is_locked:
            raise SettingsError(
                f"A demo is running in {folder}. "
                "Stop this demo, or set FITQUIZ_INSTANCE to an empty folder."
            )
        for name in _DATABASE_FILES:
            (folder / name).unlink(missing_ok=True)
        yield replace(settings, instance=folder, database_url=database_url)


def _find_folder(settings: Settings) -> Path:
    if os.environ.get("FITQUIZ_DATABASE_URL"):
        raise SettingsError(
            "The demo creates its own database. Unset FITQUIZ_DATABASE_URL."
        )

    folder = Path(FOLDER).absolute()
    if os.environ.get("FITQUIZ_INSTANCE"):
        folder = settings.instance
    is_used = folder.exists() and any(folder.iterdir())
    if is_used and not (folder / _MARKER_FILE).exists():
        raise SettingsError(
            f"{folder} contains files that no demo has made. "
            "Set FITQUIZ_INSTANCE to an empty folder."
        )
    return folder
