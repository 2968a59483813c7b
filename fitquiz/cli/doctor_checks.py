"""The checks of `fitquiz doctor`.

Each check yields one finding for each problem, and changes nothing.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from fitquiz.config.logs import read_format
from fitquiz.config.secret_key import find_key_file, find_secret_key
from fitquiz.config.settings import Settings, SettingsError
from fitquiz.core.days import find_day
from fitquiz.core.secrets.key_fingerprints import fingerprint_key
from fitquiz.store.accounts.key_fingerprints import find_fingerprint
from fitquiz.store.engine.database import Database
from fitquiz.store.ledger.hr_connection import open_ledger
from fitquiz.store.ledger.sealing import list_due
from fitquiz.store.upkeep.diagnosis import (
    check_file,
    count_overdue,
    find_newest_moment,
    find_revisions,
    list_wrong_pragmas,
    look_at,
)
from fitquiz.web.monitoring.metrics import read_token
from fitquiz.web.security.proxies import read_hosts, read_networks
from fitquiz.web.site.installed_packs import examine_folder, list_pack_folders

OK, WARN, FAIL = "ok", "warn", "FAIL"

LOW_DISK_BYTES = 1 << 30
FULL_DISK_BYTES = 50 << 20

TOLERANCE = timedelta(hours=2)
"""How far the clock may be behind the newest row, and how late housekeeping may be."""

NEEDS_NEWEST_SCHEMA = (
    "this check needs the newest schema; start the server, then check again"
)

_TIME = "%Y-%m-%d %H:%M"

Finding = tuple[str, str]
"""A level (OK, WARN or FAIL), and a message for the operator without a full stop at its end."""


@dataclass(frozen=True, slots=True)
class Installation:
    """The installation that the checks examine. `now` is the present time of the system clock."""

    settings: Settings
    database: Database
    now: datetime

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is an SQLite file."""
        return self.database.engine.dialect.name == "sqlite"

    @property
    def database_path(self) -> str:
        """The path of the SQLite file."""
        return str(self.database.engine.url.database)


def check_settings(installation: Installation) -> Iterator[Finding]:
    """Check the settings that `read_settings` does not check.

    At its start, the server checks these settings with the same functions.
    """
    settings = installation.settings
    readers: tuple[tuple[Callable[[str], object], str], ...] = (
        (read_networks, settings.proxies),
        (read_hosts, settings.hosts),
        (read_format, settings.log_format),
        (read_token, settings.metrics_token),
    )
    for read, text in readers:
        try:
            read(text)
        except SettingsError as error:
            yield FAIL, str(error).rstrip(".")


def check_folder(installation: Installation) -> Iterator[Finding]:
    """Check that the instance folder is writable, and that only its owner may open the folder."""
    folder = installation.settings.instance
    if not folder.exists():
        yield WARN, f"{folder} does not exist; the server will create the folder"
    elif not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        yield (
            FAIL,
            f"{folder} is not a writable folder; change the owner of the folder, or set FITQUIZ_INSTANCE",
        )
    elif folder.stat().st_mode & 0o077:
        yield WARN, f"other accounts can open {folder}; run chmod 700 {folder}"


def check_disk_space(installation: Installation) -> Iterator[Finding]:
    """Check that the disk of the instance folder has enough free space."""
    folder = installation.settings.instance
    while not folder.is_dir():
        folder = folder.parent

    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < LOW_DISK_BYTES:
        level = FAIL if free_bytes < FULL_DISK_BYTES else WARN
        yield (
            level,
            f"the disk of {folder} has only {free_bytes >> 20} MB of free space; remove other files",
        )


def check_packs(installation: Installation) -> Iterator[Finding]:
    """Check that no installed pack has faults, and that the pack of the front page is installed.

    A warning of `examine_folder` also makes this check fail.
    """
    settings = installation.settings
    ids = set()
    for folder in list_pack_folders(settings.questions):
        pack, faults = examine_folder(folder)
        if pack:
            ids.add(pack.id)
        if faults:
            yield (
                FAIL,
                f"{folder} has {len(faults)} faults; run fitquiz pack check {folder}",
            )

    if settings.pack not in ids:
        yield (
            FAIL,
            f"there is no valid pack {settings.pack} in {settings.questions}; set FITQUIZ_PACK to another id",
        )


def check_key(installation: Installation) -> Iterator[Finding]:
    """Check that the secret key exists. Raise SettingsError if the key is easy to guess.

    If the key comes from the key file, also check that only the owner can read the key file.
    """
    settings = installation.settings
    path = find_key_file(settings)
    if find_secret_key(settings) is None:
        yield (
            WARN,
            f"there is no secret key; if the database is new, the first start creates {path}",
        )
    elif not settings.secret_key and path.stat().st_mode & 0o077:
        yield FAIL, f"other accounts can read {path}; run chmod 600 {path}"


def check_schema(installation: Installation) -> Iterator[Finding]:
    """Check that the database is reachable and has the newest schema."""
    with look_at(installation.database) as session:
        revision, newest = find_revisions(session.connection())
    if revision is None:
        yield WARN, "the database has no tables; the server will create the tables"
    elif revision != newest:
        yield (
            WARN,
            f"the schema has revision {revision}, not {newest}; back up the database, then start the server",
        )


def check_database_file(installation: Installation) -> Iterator[Finding]:
    """Check that the SQLite file is undamaged and writable, and has a write-ahead log.

    Also check that SQLite accepts all options that fitquiz sets for a connection.
    """
    if not installation.is_sqlite:
        return

    path = installation.database_path
    with look_at(installation.database) as session:
        result = check_file(session)
    if result != "ok":
        first_line = result.splitlines()[0]
        yield (
            FAIL,
            f"{path} is damaged ({first_line}); restore a backup into a new file",
        )
    elif not os.access(path, os.W_OK):
        yield FAIL, f"{path} is not writable; change the owner of the file"
    elif not is_in_wal(path):
        yield WARN, f"{path} has no write-ahead log; the server will create the log"
    elif wrong := list_wrong_pragmas(path):
        names = ", ".join(wrong)
        yield FAIL, f"SQLite refuses the options {names}; move {path} to a local disk"


def check_fingerprint(installation: Installation) -> Iterator[Finding]:
    """Check that the database belongs to the secret key of this installation."""
    key = find_secret_key(installation.settings)
    with look_at(installation.database) as session:
        stored = find_fingerprint(session)
    if stored and (key is None or fingerprint_key(key) != stored):
        yield (
            FAIL,
            "the database belongs to another secret key; use that key, or run fitquiz key replace",
        )


def check_clock(installation: Installation) -> Iterator[Finding]:
    """Check that the clock is not behind the latest attempt, receipt or audit entry."""
    now = installation.now
    with look_at(installation.database) as session:
        newest = find_newest_moment(session)
    if newest and newest > now + TOLERANCE:
        yield (
            FAIL,
            f"the clock shows {now:{_TIME}} UTC, but a row is from {newest:{_TIME}} UTC; correct the clock",
        )


def check_ledger(installation: Installation) -> Iterator[Finding]:
    """Check that HR's connection can read the ledger and no other table."""
    with look_at(installation.database) as session:
        is_current = _is_current(session)
    if not is_current:
        yield WARN, NEEDS_NEWEST_SCHEMA
        return

    # If the SQLite file has no write-ahead log, do not call `open_ledger`, because `open_ledger`
    # would change the file.
    if installation.is_sqlite and not is_in_wal(installation.database_path):
        return
    sessions = open_ledger(installation.database, installation.settings.ledger_url)
    sessions.kw["bind"].dispose()


def check_housekeeping(installation: Installation) -> Iterator[Finding]:
    """Check that no expired attempt is left, and that no campaign waits for its seal.

    The limit is the present time minus TOLERANCE. Report an attempt that expired before the limit.
    Report a campaign that was due on the day before the limit.
    """
    settings = installation.settings
    limit = installation.now - TOLERANCE
    with look_at(installation.database) as session:
        if not _is_current(session):
            yield WARN, NEEDS_NEWEST_SCHEMA
            return
        overdue = count_overdue(
            session, settings.unfinished_days, settings.finished_days, limit
        )
        today = find_day(limit, settings.timezone)
        due = list_due(session, today - timedelta(1))

    if overdue:
        yield (
            WARN,
            f"{overdue} expired attempts are not deleted; start the server, or run fitquiz purge",
        )
    if due:
        yield (
            WARN,
            f"{len(due)} due campaigns are not sealed; start the server, or run fitquiz seal --due",
        )


def _is_current(session: Session) -> bool:
    revision, newest = find_revisions(session.connection())
    return revision == newest


def is_in_wal(path: str) -> bool:
    """Return whether the SQLite file uses a write-ahead log, without opening the file with SQLite.

    SQLite could change the file.
    """
    with Path(path).open("rb") as file:
        header = file.read(20)
    return header[18:] == b"\x02\x02"


Check = Callable[[Installation], Iterator[Finding]]
CHECKS: tuple[tuple[str, Check], ...] = (
    ("settings", check_settings),
    ("folder", check_folder),
    ("disk space", check_disk_space),
    ("packs", check_packs),
    ("secret key", check_key),
    ("database", check_schema),
    ("database file", check_database_file),
    ("database key", check_fingerprint),
    ("clock", check_clock),
    ("ledger", check_ledger),
    ("housekeeping", check_housekeeping),
)
