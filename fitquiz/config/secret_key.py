"""The secret key that signs the form tokens: from a setting, or from a file made once, for its owner's eyes only."""

import os
import secrets
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from fitquiz.config.instance_folder import make_instance, tell_unusable
from fitquiz.config.settings import Settings, SettingsError
from fitquiz.core.secrets.key_fingerprints import fingerprint_key
from fitquiz.store.accounts.key_fingerprints import find_fingerprint, note_fingerprint
from fitquiz.store.engine.database import Database

FEWEST_CHARACTERS = 32
_KNOWN_STARTS = ("change", "secret", "dev", "test", "password", "your-")


def load_secret_key(settings: Settings) -> str:
    """Return the key; raise SettingsError with a sentence for a short, known or unreadable one."""
    if settings.secret_key:
        return _check(settings.secret_key, "FITQUIZ_SECRET_KEY")
    path = settings.instance / "secret_key"
    make_instance(settings)
    try:
        return _check(_read_or_make(path), str(path))
    except OSError as error:
        raise tell_unusable(settings, error) from error


def find_secret_key(settings: Settings) -> str | None:
    """Return the key if there is one, and make none."""
    path = settings.instance / "secret_key"
    return load_secret_key(settings) if settings.secret_key or path.exists() else None


def claim_database(database: Database, secret_key: str, now: datetime) -> None:
    """Make sure that the database belongs to this key; the first server that starts on it notes its own.

    With another key, codes and addresses that are shown would lead nowhere, and nobody's authenticator app would be
    right: so of several machines on one database only those with its key may start.
    """
    own = fingerprint_key(secret_key)
    with database.sessions() as session:
        noted = find_fingerprint(session)
    if noted is None:
        with database.write_transaction() as session:
            noted = note_fingerprint(session, own, now)
    if noted != own:
        raise SettingsError(
            "The database belongs to another secret key: use the same one on all machines (FITQUIZ_SECRET_KEY, or a "
            "copy of the file secret_key), or run fitquiz key replace to go on with this one, which kills all codes, "
            "links and authenticator apps of before."
        )


def _read_or_make(path: Path) -> str:
    if not path.exists():
        _make(path)
    return path.read_text("ascii", errors="replace").strip()


def _make(path: Path) -> None:
    """Give the file its name only when it is whole: no other process, and no start after a kill, finds half a key."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # For its owner alone, mode 0600.
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(
                secrets.token_hex(32)
            )  # Hexadecimal, so that it never starts like one of the known ones.
            file.flush()
            os.fsync(descriptor)
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()


def _check(key: str, where: str) -> str:
    if len(key) < FEWEST_CHARACTERS or len(set(key)) < 8 or key.lower().startswith(_KNOWN_STARTS):
        raise SettingsError(
            f"The secret key in {where} is too short or too easy to guess; use {FEWEST_CHARACTERS} random characters."
        )
    return key
