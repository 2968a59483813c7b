"""Reads the secret key from its setting or from the key file, and creates the key file.

The secret key signs the session cookie and the form tokens. Invitation links, short codes and
authenticator secrets are derived from the secret key.
"""

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
    """Return the secret key. Create a key file if neither the setting nor the key file exists.

    Raise SettingsError if the key is weak, or if the key file cannot be read or written.
    """
    if settings.secret_key:
        return _check(settings.secret_key, "FITQUIZ_SECRET_KEY")

    path = find_key_file(settings)
    make_instance(settings)
    try:
        key = _read_or_make(path)
    except OSError as error:
        raise make_unusable_error(settings, error) from error
    return _check(key, str(path))


def find_secret_key(settings: Settings) -> str | None:
    """Return the secret key, or None if neither the setting nor the key file exists.

    Raise SettingsError if the key is weak, or if the key file cannot be read.
    """
    if settings.secret_key or _has_key_file(settings):
        return load_secret_key(settings)
    return None


def claim_database(database: Database, settings: Settings, now: datetime) -> str:
    """Return the secret key. Raise SettingsError if the database belongs to another secret key.

    A database belongs to the secret key whose fingerprint is stored. If the database contains no
    key fingerprint, store the fingerprint of the secret key. If neither the setting nor the key
    file exists, also create a key file. If the database already contains a key fingerprint, create
    no key file.

    Without this check, two machines with different secret keys could use one database. Invitation
    links and short codes are derived from the secret key. Therefore a link that one machine has
    made would not work on the other machine.
    """
    # Another process that starts at the same time writes the key file first and the fingerprint
    # second. Therefore read the fingerprint first. If the fingerprint exists, the key file exists.
    with database.sessions() as session:
        stored = find_fingerprint(session)
    if stored is not None and find_secret_key(settings) is None:
        raise _make_other_key_error()

    secret_key = load_secret_key(settings)
    own = fingerprint_key(secret_key)
    if stored is None:
        with database.write_transaction() as session:
            stored = note_fingerprint(session, own, now)

    if stored != own:
        raise _make_other_key_error()
    return secret_key


def find_key_file(settings: Settings) -> Path:
    """Return the path of the key file. The file can be missing."""
    return settings.instance / "secret_key"


def _make_other_key_error() -> SettingsError:
    return SettingsError(
        "The database belongs to another secret key; use the same key on all machines, "
        "by FITQUIZ_SECRET_KEY or by a copy of the file secret_key. "
        "If that key is lost, run fitquiz key replace. "
        "After that command, earlier invitation links, counsellor links, codes and "
        "authenticator apps do not work."
    )


def _has_key_file(settings: Settings) -> bool:
    try:
        return find_key_file(settings).exists()
    except OSError as error:
        raise make_unusable_error(settings, error) from error


def _read_or_make(path: Path) -> str:
    if not path.exists():
        _make(path)
    return path.read_text("ascii", errors="replace").strip()


def _make(path: Path) -> None:
    """Write a random key into a draft file, then give the complete draft file the name `path`.

    Without the draft file, another process could read an incomplete key file. After a crash, the
    next start could also read an incomplete key file.
    """
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # The file has mode 0600.
    try:
        with os.fdopen(descriptor, "w") as file:
            # A hexadecimal key cannot begin with one of _PLACEHOLDER_STARTS.
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(descriptor)
        # If another process has just created the key file, `os.link` fails. Keep that other file.
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
