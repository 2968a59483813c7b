"""`fitquiz backup` writes everything into one file; `fitquiz restore` fills a database from it."""

import os
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from fitquiz.cli.backup_files import check_file, flushing, write_new_file
from fitquiz.config.instance_folder import open_to_write
from fitquiz.config.secret_key import find_secret_key
from fitquiz.config.settings import BACKUP_DAYS, Settings, read_settings
from fitquiz.core.secrets.key_fingerprints import fingerprint_key
from fitquiz.server.housekeeping import purge_once
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.engine.database import Database, open_database
from fitquiz.store.upkeep.backups import Restored, restore_backup, write_backup

_TIME_FORMAT = "%Y-%m-%d %H:%M UTC"


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write everything into a new FILE, while the server runs."""
    settings = read_settings(os.environ)
    now = datetime.now(UTC)
    database = open_database(settings.database_url)

    rows = write_new_file(file, now, partial(_write, database))
    click.echo(
        f"{file} contains {rows['attempt']} attempts and {sum(rows.values())} rows in all. "
        "Keep a copy of the secret key too, in another place. "
        f"Delete the file after {BACKUP_DAYS} days at most: it may contain answers that "
        "respondents delete later, or that expire."
    )


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--nothing-sealed-since",
    is_flag=True,
    help="Keep responses that wait to be published. "
    "Use it only if no group figures were published after the backup.",
)
def restore(file: Path, nothing_sealed_since: bool) -> None:
    """Fill a new, empty database from a backup FILE. If anything fails, nothing is restored."""
    settings = read_settings(os.environ)
    now = datetime.now(UTC)
    made_at = check_file(file)

    database = open_to_write(settings)
    restored = restore_backup(database, file, now, nothing_sealed_since)
    purged = purge_once(database, settings, now)
    with database.write_transaction() as session:
        record_audit_entry(session, None, "restored", f"{made_at:{_TIME_FORMAT}}", now)

    rows = restored.rows
    purged_attempts = purged.unfinished + purged.finished
    click.echo(
        f"Restored {rows['attempt']} attempts and {sum(rows.values())} rows in all, as they were "
        f"on {made_at:{_TIME_FORMAT}}. "
        f"{purged_attempts} attempts had expired and were deleted again."
    )
    _explain_changes(restored, nothing_sealed_since)
    _explain_key(restored, settings)


def _write(database: Database, draft: Path) -> dict[str, int]:
    with flushing(draft) as flush:
        return write_backup(database, draft, flush)


def _explain_changes(restored: Restored, nothing_sealed_since: bool) -> None:
    """Print what the operator must tell respondents and staff."""
    click.echo(
        "All changes made after the backup are lost. Attempts that respondents deleted are back, "
        "and so are shares that they stopped and accounts that were disabled. "
        "Inform the respondents, and check the accounts. "
        "All staff must sign in again, and links to choose a password no longer work."
    )
    if nothing_sealed_since:
        click.echo(
            "Responses that wait to be published are kept, because you confirmed that nothing was "
            "sealed after the backup."
        )
        return

    kept = restored.summary
    click.echo(
        f"{kept.forgotten} responses that waited to be published are discarded: they may have been "
        f"published after the backup. {kept.ended} campaigns that are over count as sealed. "
        f"{kept.restarted} running campaigns begin a new period today. "
        "A respondent who answers one of these again is counted again."
    )


def _explain_key(restored: Restored, settings: Settings) -> None:
    """Print what to do if the backup belongs to another secret key."""
    if not restored.fingerprint:
        return

    key = find_secret_key(settings)
    if key is None or fingerprint_key(key) != restored.fingerprint:
        click.echo(
            "The backup belongs to another secret key than this machine's. Before you start the "
            "server, copy that key to this machine (FITQUIZ_SECRET_KEY, or the file secret_key), "
            "or run fitquiz key replace."
        )
