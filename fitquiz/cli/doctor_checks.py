"""The checks of `fitquiz doctor`. Each yields a finding for each problem, and changes nothing."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from fitquiz.config.logs import read_format
from fitquiz.config.secret_key import find_secret_key
from fitquiz.config.settings import Settings, SettingsError
from fitquiz.core.secrets.key_fingerprints import fingerprint_key
from fitquiz.store.accounts.key_fingerprints import find_fingerprint
from fitquiz.store.engine.database import Database
from fitquiz.store.ledger.hr_connection import open_ledger
from fitquiz.store.ledger.sealing import list_due
from fitquiz.store.upkeep.diagnosis import (
    check_file,
    count_overdue,
    find_newest_moment,
    find_schema,
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
"""A wrong clock or late housekeeping is reported only beyond this limit."""

AFTER_UPGRADE = "this can be checked once the database is up to date"

_TIME = "%Y-%m-%d %H:%M"

Finding = tuple[str, str]
"""A level (OK, WARN or FAIL), and a sentence without its full stop."""


@dataclass(frozen=True, slots=True)
class Installation:
    """What the checks look at."""

    settings: Settings
    database: Database
    now: datetime

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of SQLite."""
        return self.database.engine.dialect.name == "sqlite"

    @property
    def database_path(self) -> str:
        """The path of SQLite's file."""
        return str(self.database.engine.url.database)


def check_settings(installation: Installation) -> Iterator[Finding]:
    """Read these settings with the functions that the server uses when it starts.

    All other settings were already checked by `read_settings`.
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
    """The instance folder exists, can be written, and is closed to other accounts."""
    folder = installation.settings.instance
    if not folder.exists():
        yield WARN, f"{folder} does not exist yet; the first start makes it"
    elif not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        yield (
            FAIL,
            f"{folder} cannot be written; give it to the server's account, or set FITQUIZ_INSTANCE",
        )
    elif folder.stat().st_mode & 0o077:
        yield WARN, f"other accounts can open {folder}; run chmod 700 {folder}"


def check_disk_space(installation: Installation) -> Iterator[Finding]:
    """The disk of the instance folder has space."""
    folder = installation.settings.instance
    while not folder.is_dir():
        folder = folder.parent

    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < LOW_DISK_BYTES:
        level = FAIL if free_bytes < FULL_DISK_BYTES else WARN
        yield (
            level,
            f"only {free_bytes >> 20} MB are free on the disk of {folder}; free some space",
        )


def check_packs(installation: Installation) -> Iterator[Finding]:
    """Check that every installed pack is valid, and that the pack of the front page is installed."""
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
            f"there is no pack {settings.pack} in {settings.questions}; set FITQUIZ_PACK",
        )


def check_key(installation: Installation) -> Iterator[Finding]:
    """The secret key exists, is hard to guess, and only its owner can read it."""
    settings = installation.settings
    path = settings.instance / "secret_key"
    if find_secret_key(settings) is None:
        yield WARN, f"there is no key yet; the first start makes {path}"
    elif not settings.secret_key and path.stat().st_mode & 0o077:
        yield FAIL, f"other accounts can read {path}; run chmod 600 {path}"


def check_schema(installation: Installation) -> Iterator[Finding]:
    """The database can be reached, and its schema is the newest one."""
    with look_at(installation.database) as session:
        schema, newest = find_schema(session.connection())
    if schema is None:
        yield WARN, "it has no tables yet; the first start makes them"
    elif schema != newest:
        yield (
            WARN,
            f"it has schema {schema}; make a backup, then the next start upgrades it to {newest}",
        )


def check_database_file(installation: Installation) -> Iterator[Finding]:
    """SQLite's file is not damaged, can be written, and is opened with the right options."""
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
        yield FAIL, f"{path} cannot be written; give it to the server's account"
    elif not is_in_wal(path):
        yield WARN, f"{path} has no write-ahead log; the next start sets it"
    elif wrong := list_wrong_pragmas(path):
        names = ", ".join(wrong)
        yield FAIL, f"SQLite does not accept {names}; put the file on a local disk"


def check_fingerprint(installation: Installation) -> Iterator[Finding]:
    """Check that the database was made with this secret key."""
    key = find_secret_key(installation.settings)
    with look_at(installation.database) as session:
        stored = find_fingerprint(session)
    if stored and (key is None or fingerprint_key(key) != stored):
        yield (
            FAIL,
            "it belongs to another secret key; copy that key here, or run fitquiz key replace",
        )


def check_clock(installation: Installation) -> Iterator[Finding]:
    """The clock is not behind a time that is stored in the database."""
    now = installation.now
    with look_at(installation.database) as session:
        newest = find_newest_moment(session)
    if newest and newest > now + TOLERANCE:
        yield (
            FAIL,
            f"it shows {now:{_TIME}}, but a row was stored at {newest:{_TIME}}; set the clock",
        )


def check_ledger(installation: Installation) -> Iterator[Finding]:
    """HR's connection can read the ledger and nothing else."""
    with look_at(installation.database) as session:
        is_current = _is_current(session)
    if not is_current:
        yield WARN, AFTER_UPGRADE
        return

    # Opening a file without a write-ahead log would change it.
    if installation.is_sqlite and not is_in_wal(installation.database_path):
        return
    sessions = open_ledger(installation.database, installation.settings.ledger_url)
    sessions.kw["bind"].dispose()


def check_housekeeping(installation: Installation) -> Iterator[Finding]:
    """Check that expired attempts have been deleted, and that due campaigns have been sealed."""
    settings = installation.settings
    limit = installation.now - TOLERANCE
    with look_at(installation.database) as session:
        if not _is_current(session):
            yield WARN, AFTER_UPGRADE
            return
        overdue = count_overdue(
            session, settings.unfinished_days, settings.finished_days, limit
        )
        yesterday = (limit - timedelta(days=1)).date()
        due = list_due(session, yesterday)

    if overdue:
        yield (
            WARN,
            f"{overdue} attempts have expired; let the server run, or run fitquiz purge",
        )
    if due:
        yield (
            WARN,
            f"{len(due)} campaigns should be sealed; let the server run, or run fitquiz seal --due",
        )


def _is_current(session: Session) -> bool:
    schema, newest = find_schema(session.connection())
    return schema == newest


def is_in_wal(path: str) -> bool:
    """Whether SQLite's file uses a write-ahead log.

    Read only the header. SQLite could change the file while opening it.
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
