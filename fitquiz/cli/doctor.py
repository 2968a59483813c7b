"""`fitquiz doctor`: looks at everything that a server needs, says what to do about each, and changes nothing."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from fitquiz.config.logs import read_format
from fitquiz.config.secret_key import find_secret_key
from fitquiz.config.settings import Settings, SettingsError, read_settings
from fitquiz.core.secrets.key_fingerprints import fingerprint_key
from fitquiz.store.accounts.key_fingerprints import find_fingerprint
from fitquiz.store.engine.database import (
    Database,
    DatabaseUnusableError,
    describe_error,
    open_database,
)
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
LITTLE_ROOM, NO_ROOM = 1 << 30, 50 << 20
SLACK = timedelta(hours=2)
"""So much may a clock be off, or housekeeping be late, before it is told."""


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at."""

    settings: Settings
    database: Database
    now: datetime

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file here."""
        return self.database.engine.dialect.name == "sqlite"


Finding = tuple[str, str]


def check_settings(patient: Patient) -> Iterator[Finding]:
    """What a start refuses to read, by the same readers; numbers and names are read before."""
    settings = patient.settings
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


def check_folder(patient: Patient) -> Iterator[Finding]:
    """The folder of the key and the database: there, ours to write, and nobody else's to read."""
    folder = patient.settings.instance
    if not folder.exists():
        yield WARN, f"{folder} is not there yet; the first start makes it"
    elif not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        yield (
            FAIL,
            f"{folder} cannot be written; make it a folder of the server's own, or set FITQUIZ_INSTANCE",
        )
    elif folder.stat().st_mode & 0o077:
        yield WARN, f"others can look into {folder}; run chmod 700 {folder}"


def check_room(patient: Patient) -> Iterator[Finding]:
    """Room on the disk of that folder."""
    folder = next(
        each
        for each in (patient.settings.instance, *patient.settings.instance.parents)
        if each.is_dir()
    )
    free = shutil.disk_usage(folder).free
    if free < LITTLE_ROOM:
        yield (
            (FAIL if free < NO_ROOM else WARN),
            f"{free >> 20} MB are left on the disk of {folder}; make room",
        )


def check_key(patient: Patient) -> Iterator[Finding]:
    """The secret key: there, hard to guess, its owner's alone."""
    path = patient.settings.instance / "secret_key"
    if find_secret_key(patient.settings) is None:
        yield WARN, f"there is none yet; the first start makes {path}"
    elif not patient.settings.secret_key and path.stat().st_mode & 0o077:
        yield FAIL, f"others can read {path}; run chmod 600 {path}"


def check_fingerprint(patient: Patient) -> Iterator[Finding]:
    """Whether the database belongs to this key."""
    key = find_secret_key(patient.settings)
    with look_at(patient.database) as session:
        noted = find_fingerprint(session)
    if noted and (key is None or fingerprint_key(key) != noted):
        yield (
            FAIL,
            "the database belongs to another one; bring that here, or run fitquiz key replace",
        )


def check_schema(patient: Patient) -> Iterator[Finding]:
    """The database: to be reached, and neither older nor newer than this fitquiz."""
    with look_at(patient.database) as session:
        has, newest = find_schema(session.connection())
    if has is None:
        yield WARN, "it has no tables yet; the first start makes them"
    elif has != newest:
        yield (
            WARN,
            f"it has schema {has}; back it up, and the next start brings it to {newest}",
        )


def check_database_file(patient: Patient) -> Iterator[Finding]:
    """SQLite's file: whole, ours to write, and opened durably."""
    if not patient.is_sqlite:
        return
    with look_at(patient.database) as session:
        said = check_file(session)
    path = str(patient.database.engine.url.database)
    if said != "ok":
        yield (
            FAIL,
            f"{path} is damaged ({said.splitlines()[0]}); restore a backup into a new file",
        )
    elif not os.access(path, os.W_OK):
        yield FAIL, f"{path} cannot be written; make it the server's own"
    elif not is_in_wal(path):
        yield WARN, f"{path} has another journal than WAL; the next start sets it"
    elif wrong := list_wrong_pragmas(path):
        yield (
            FAIL,
            f"{', '.join(wrong)} cannot be set as they must be; put the file on a local disk",
        )


def check_packs(patient: Patient) -> Iterator[Finding]:
    """Every installed pack, and that the front page has one."""
    folders = list_pack_folders(patient.settings.questions)
    found = {pack.id for folder in folders if (pack := examine_folder(folder)[0])}
    for folder in folders:
        if faults := examine_folder(folder)[1]:
            yield (
                FAIL,
                f"{folder} has {len(faults)} faults; run fitquiz pack check {folder}",
            )
    if patient.settings.pack not in found:
        yield (
            FAIL,
            f"there is no {patient.settings.pack} in {patient.settings.questions}; set FITQUIZ_PACK",
        )


def check_clock(patient: Patient) -> Iterator[Finding]:
    """The clock is not behind what it has said before."""
    with look_at(patient.database) as session:
        newest = find_newest_moment(session)
    if newest and newest > patient.now + SLACK:
        yield (
            FAIL,
            f"it says {patient.now:%Y-%m-%d %H:%M}, and something was stored at {newest:%Y-%m-%d %H:%M}; set it",
        )


def check_ledger(patient: Patient) -> Iterator[Finding]:
    """HR's connection reads the ledger and nothing else."""
    with look_at(patient.database) as session:
        is_current = _is_current(session)
    if not is_current:
        yield WARN, "it can be tried when the database is up to date"
    elif not patient.is_sqlite or is_in_wal(str(patient.database.engine.url.database)):
        open_ledger(patient.database, patient.settings.ledger_url).kw["bind"].dispose()


def check_housekeeping(patient: Patient) -> Iterator[Finding]:
    """Nothing is kept, and nothing waits to be sealed, for longer than was promised."""
    settings, then = patient.settings, patient.now - SLACK
    with look_at(patient.database) as session:
        if not _is_current(session):
            yield WARN, "it can be looked at when the database is up to date"
            return
        overdue = count_overdue(
            session, settings.unfinished_days, settings.finished_days, then
        )
        due = list_due(session, (then - timedelta(1)).date())
    if overdue:
        yield (
            WARN,
            f"{overdue} attempts are past their days; let the server run, or run fitquiz purge",
        )
    if due:
        yield (
            WARN,
            f"{len(due)} campaigns should be sealed; let the server run, or run fitquiz seal --due",
        )


def _is_current(session: Session) -> bool:
    has, newest = find_schema(session.connection())
    return has == newest


CHECKS: tuple[tuple[str, Callable[[Patient], Iterator[Finding]]], ...] = (
    ("settings", check_settings),
    ("folder", check_folder),
    ("room", check_room),
    ("packs", check_packs),
    ("secret key", check_key),
    ("database", check_schema),
    ("database file", check_database_file),
    ("key of the database", check_fingerprint),
    ("clock", check_clock),
    ("ledger", check_ledger),
    ("housekeeping", check_housekeeping),
)


@click.command("doctor")
def doctor() -> None:
    """Look at everything that a server needs, and say what to do; nothing is changed."""
    settings = read_settings(os.environ)
    database = open_database(settings.database_url)
    findings = list(examine(Patient(settings, database, datetime.now(UTC))))
    database.engine.dispose()
    for name, (level, words) in findings:
        click.echo(f"{level:4} {name}{': ' if words else ''}{words}")
    if any(level == FAIL for _, (level, _) in findings):
        sys.exit(1)


def examine(patient: Patient) -> Iterator[tuple[str, Finding]]:
    """Do every check; one that cannot be done says why, and the others are done all the same.

    What keeps several of them from being done is told once.
    """
    told = set[Finding]()
    for name, check in CHECKS:
        findings = _try(check, patient) or [(OK, "")]
        yield from ((name, each) for each in findings if each not in told)
        told.update(each for each in findings if each[0] != OK)


def is_in_wal(path: str) -> bool:
    """Whether SQLite's file says that it has a write-ahead log; asked of its bytes, since to open it might set it."""
    with Path(path).open("rb") as file:
        return file.read(20)[18:] == b"\x02\x02"


def _try(
    check: Callable[[Patient], Iterator[Finding]], patient: Patient
) -> list[Finding]:
    try:
        return list(check(patient))
    except DBAPIError as error:
        if (
            "no such table" in str(error.orig)
            or "UndefinedTable" in type(error.orig).__name__
        ):
            return [(WARN, "it can be looked at when the database is up to date")]
        return [(FAIL, f"{describe_error(error)}")]
    except (DatabaseUnusableError, SettingsError) as error:
        is_new = "the first start makes it" in str(error)
        return [(WARN if is_new else FAIL, str(error).rstrip("."))]
