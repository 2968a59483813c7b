"""The secret key that signs cookies and form tokens, from a setting or from a key file."""

import os
import secrets
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from fitquiz.config.instance_folder import make_instance, make_unusable_error
from fitquiz.config.settings import Settings, SettingsError
from fitquiz.core.secrets.key_fingerprints import fingerprint_key
from fitquiz.store.accounts.key_fingerprints import find_fingerprint, note_fingerprint
from fitquiz.store.engine.database import Database

MIN_CHARACTERS = 32
MIN_DIFFERENT_CHARACTERS = 8
_PLACEHOLDER_STARTS = ("change", "secret", "dev", "test", "password", "your-")


def load_secret_key(settings: Settings) -> str:
    """Return the key; make one if there is none.

    Raise SettingsError for a key that is weak or cannot be read.
    """
    if settings.secret_key:
        return _check(settings.secret_key, "FITQUIZ_SECRET_KEY")

    path = _key_file(settings)
    make_instance(settings)
    try:
        key = _read_or_make(path)
    except OSError as error:
        raise make_unusable_error(settings, error) from error
    return _check(key, str(path))


def find_secret_key(settings: Settings) -> str | None:
    """Return the key, or None if there is none yet. Never makes one."""
    if settings.secret_key or _key_file(settings).exists():
        return load_secret_key(settings)
    return None


def claim_database(database: Database, secret_key: str, now: datetime) -> None:
    """Check that the database belongs to this key; raise SettingsError if it does not.

    The first server on a database stores the fingerprint of its key.

    Links, codes and authenticator apps depend on the key. With two keys on one database, each
    machine would show links that do not work on the other.
    """
    own = fingerprint_key(secret_key)
    with database.sessions() as session:
        stored = find_fingerprint(session)

    if stored is None:
        with database.write_transaction() as session:
            stored = note_fingerprint(session, own, now)

    if stored != own:
        raise SettingsError(
            "The database belongs to another secret key; use the same key on all machines "
            "(FITQUIZ_SECRET_KEY, or a copy of the file secret_key), or run fitquiz key replace "
            "to use the present key. "
            "Then all older codes, links and authenticator apps stop working."
        )


def _key_file(settings: Settings) -> Path:
    return settings.instance / "secret_key"


def _read_or_make(path: Path) -> str:
    if not path.exists():
        _make(path)
    return path.read_text("ascii", errors="replace").strip()


def _make(path: Path) -> None:
    """Write a new key into a draft file, then link it to its name.

    So no other process, and no start after a crash, finds an incomplete key.
    """
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # mkstemp gives it mode 0600.
    try:
        with os.fdopen(descriptor, "w") as file:
            # A hexadecimal key never begins like one of the refused placeholders.
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(descriptor)
        # Another process may have made the key at the same time: then that one is used.
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()


def _check(key: str, source: str) -> str:
    is_long = len(key) >= MIN_CHARACTERS
    is_varied = len(set(key)) >= MIN_DIFFERENT_CHARACTERS
    is_placeholder = key.lower().startswith(_PLACEHOLDER_STARTS)
    if not is_long or not is_varied or is_placeholder:
        raise SettingsError(
            f"The secret key in {source} is too short or too easy to guess; "
            f"use {MIN_CHARACTERS} random characters."
        )
    return key
