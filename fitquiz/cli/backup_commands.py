"""`fitquiz backup` and `fitquiz restore`: everything in one file, while the server runs, and from it into a new one."""

import os
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from fitquiz.cli.backup_files import check_file, flushing, keep_file
from fitquiz.config.instance_folder import open_to_write
from fitquiz.config.secret_key import find_secret_key
from fitquiz.config.settings import BACKUP_DAYS, Settings, read_settings
from fitquiz.core.secrets.key_fingerprints import fingerprint_key
from fitquiz.server.housekeeping import purge_once
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.engine.database import Database, open_database
from fitquiz.store.upkeep.backups import Restored, restore_backup, write_backup

_SINCE = "%Y-%m-%d %H:%M UTC"


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write everything into a new FILE, while the server runs."""
    settings, now = read_settings(os.environ), datetime.now(UTC)
    database = open_database(settings.database_url)
    rows = keep_file(file, now, partial(_write, database))
    click.echo(
        f"{file} holds {rows['attempt']} attempts, {sum(rows.values())} rows in all. Keep the secret key too, but "
        f"elsewhere. Delete the file after {BACKUP_DAYS} days at most: for as long as it is kept, it may hold answers "
        "that respondents have deleted or that are past their days."
    )


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--nothing-sealed-since",
    is_flag=True,
    help="Keep waiting responses; only if no figures came out after the backup.",
)
def restore(file: Path, nothing_sealed_since: bool) -> None:
    """Fill a new, empty database with a backup FILE, all or nothing."""
    settings, now = read_settings(os.environ), datetime.now(UTC)
    made_at = check_file(file)
    database = open_to_write(settings)
    restored = restore_backup(database, file, now, nothing_sealed_since)
    gone = purge_once(database, settings, now)
    _note(database, made_at, now)
    rows = restored.rows
    click.echo(
        f"Restored {rows['attempt']} attempts, {sum(rows.values())} rows in all, as they were on {made_at:{_SINCE}}. "
        f"{gone.unfinished + gone.finished} attempts were past their days and are deleted again."
    )
    _tell_what_is_undone(restored, nothing_sealed_since)
    _tell_key(restored, settings)


def _write(database: Database, draft: Path) -> dict[str, int]:
    with flushing(draft) as flush:
        return write_backup(database, draft, flush)


def _note(database: Database, made_at: datetime, now: datetime) -> None:
    with database.write_transaction() as session:
        record_audit_entry(session, None, "restored", f"{made_at:{_SINCE}}", now)


def _tell_what_is_undone(restored: Restored, nothing_sealed_since: bool) -> None:
    kept = restored.summary
    click.echo(
        "What was deleted, stopped, revoked or changed after the backup is as it was then: attempts that respondents "
        "have deleted are back, shares that they have stopped, accounts that were disabled. Tell respondents, and go "
        "through the accounts. All of the staff have to sign in again, and links to choose a password are dead."
    )
    if nothing_sealed_since:
        click.echo(
            "Responses that wait to be published are kept, since you say that nothing has been sealed since."
        )
        return
    click.echo(
        f"{kept.forgotten} responses that waited to be published are discarded: they may have been published after the "
        f"backup. {kept.ended} campaigns that are over count as sealed; {kept.restarted} that run begin a new period "
        "today. Whoever answers those once more is counted once more."
    )


def _tell_key(restored: Restored, settings: Settings) -> None:
    key = find_secret_key(settings)
    if restored.fingerprint and (
        key is None or fingerprint_key(key) != restored.fingerprint
    ):
        click.echo(
            "The backup belongs to another secret key than this machine's: bring that key here "
            "(FITQUIZ_SECRET_KEY, or the file secret_key), or run fitquiz key replace, before the server starts."
        )
