"""The commands `fitquiz backup` and `fitquiz restore`.

`fitquiz backup` writes all rows of the database into a file. `fitquiz restore` fills an empty
database from a backup file.
"""

import os
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from fitquiz.cli.backup_files import check_file, flushing, write_new_file
from fitquiz.config.instance_folder import open_to_write
from fitquiz.config.secret_key import find_secret_key
from fitquiz.config.settings import BACKUP_DAYS, Settings, read_settings
from fitquiz.core.days import find_day
from fitquiz.core.secrets.key_fingerprints import fingerprint_key
from fitquiz.server.housekeeping import purge_once
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.engine.database import Database, open_database
from fitquiz.store.upkeep.backups import Restored, restore_backup, write_backup

_TIME_FORMAT = "%Y-%m-%d %H:%M %Z"


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write all rows of the database into a new FILE. The server may run during the backup."""
    settings = read_settings(os.environ)
    now = datetime.now(UTC)
    database = open_database(settings.database_url)

    rows = write_new_file(file, now, partial(_write, database))
    click.echo(
        f"{file} contains {sum(rows.values())} rows, of which {rows['attempt']} are attempts. "
        "The backup does not contain the secret key. "
        "Keep a copy of the secret key in another place. "
        f"Delete the backup after {BACKUP_DAYS} days at most. An older backup may contain "
        "answers that respondents have deleted or that have expired."
    )


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--nothing-sealed-since",
    is_flag=True,
    help="Keep the pending responses, which wait to be published. "
    "Use this option only if no group figures were published after the backup.",
)
def restore(file: Path, nothing_sealed_since: bool) -> None:
    """Fill an empty database from a backup FILE. If an error occurs, nothing is restored."""
    settings = read_settings(os.environ)
    now = datetime.now(UTC)
    made_at = check_file(file).astimezone(settings.timezone)

    database = open_to_write(settings)
    restored = restore_backup(
        database, file, now, find_day(now, settings.timezone), nothing_sealed_since
    )
    purged = purge_once(database, settings, now)
    with database.write_transaction() as session:
        record_audit_entry(session, None, "restored", f"{made_at:{_TIME_FORMAT}}", now)

    rows = restored.rows
    purged_attempts = purged.unfinished + purged.finished
    click.echo(
        f"Restored {sum(rows.values())} rows, of which {rows['attempt']} are attempts. "
        f"The backup was made on {made_at:{_TIME_FORMAT}}. "
        f"{purged_attempts} restored attempts had expired and were deleted."
    )
    _explain_changes(restored, nothing_sealed_since)
    _explain_key(restored, settings)


def _write(database: Database, draft: Path) -> dict[str, int]:
    with flushing(draft) as flush:
        return write_backup(database, draft, flush)


def _explain_changes(restored: Restored, nothing_sealed_since: bool) -> None:
    """Print which data the restore has changed, and whom the operator must inform."""
    click.echo(
        "All changes after the backup are lost. "
        "If a respondent deleted an attempt after the backup, the attempt exists again. "
        "If a respondent stopped a share after the backup, the share is active again. "
        "If an account was disabled after the backup, the account is enabled again. "
        "Inform the respondents, and check the accounts. "
        "All staff must sign in again. All one-time links have stopped working."
    )
    if nothing_sealed_since:
        click.echo(
            "The pending responses, which wait to be published, were kept. "
            "You confirmed that no group figures were published after the backup."
        )
        return

    kept = restored.summary
    click.echo(
        f"{kept.forgotten} pending responses were deleted, because they may have been published "
        f"after the backup. {kept.ended} campaigns that have ended count as sealed. "
        f"{kept.restarted} running campaigns begin a new period today. "
        "A respondent who answers a running campaign again is counted again."
    )


def _explain_key(restored: Restored, settings: Settings) -> None:
    """If this machine does not have the secret key of the backup, print what the operator must do."""
    if not restored.fingerprint:
        return

    key = find_secret_key(settings)
    if key is None or fingerprint_key(key) != restored.fingerprint:
        click.echo(
            "The backup belongs to a secret key that this machine does not have. "
            "Before you start the server, copy the key of the backup to this machine, "
            "into FITQUIZ_SECRET_KEY or into the file secret_key. "
            "If the key of the backup is lost, run fitquiz key replace."
        )
