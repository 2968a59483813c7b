"""`fitquiz key`: goes on with another secret key, when the one that the database belongs to is lost or has leaked."""

import os
from datetime import UTC, datetime

import click

from fitquiz.config.instance_folder import open_to_write
from fitquiz.config.secret_key import load_secret_key
from fitquiz.config.settings import read_settings
from fitquiz.core.secrets.key_fingerprints import fingerprint_key
from fitquiz.core.secrets.link_codes import derive_code, derive_token, hash_code
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.accounts.key_fingerprints import (
    find_fingerprint,
    list_with_app,
    replace_key,
)
from fitquiz.store.upkeep.schema import upgrade_schema


@click.group("key")
def key() -> None:
    """Replace the secret key that the database belongs to."""


@key.command("replace")
def replace() -> None:
    """Let the database belong to the present key; links, codes and authenticator apps of before are dead then.

    Stop all servers first: one that runs goes on with the key of before.
    """
    settings, now = read_settings(os.environ), datetime.now(UTC)
    secret_key, database = load_secret_key(settings), open_to_write(settings)
    upgrade_schema(database)

    def find_hashes(seed: bytes) -> tuple[bytes, bytes]:
        return hash_token(derive_token(secret_key, seed)), hash_code(
            secret_key, derive_code(secret_key, seed)
        )

    with database.write_transaction() as session:
        if find_fingerprint(session) == fingerprint_key(secret_key):
            click.echo("The database belongs to this key already; nothing is changed.")
            return
        changed, with_app = (
            replace_key(session, fingerprint_key(secret_key), find_hashes, now),
            list_with_app(session),
        )
        record_audit_entry(session, None, "key-replaced", "", now)
    click.echo(
        f"The database belongs to this key now. {changed} invitations and counsellors' links have a new address and a "
        "new code; hand them out again, those of before are dead. What respondents hold of their own still opens.\n"
        "Always stop all servers first: one that still runs goes on with the key of before, so restart it now."
    )
    for email in with_app:
        click.echo(
            f"The authenticator app of {email} is dead: run fitquiz staff reset {email}"
        )
