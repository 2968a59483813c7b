"""The command `fitquiz key replace`, for a secret key that is lost or known to somebody else.

After the command, the database belongs to the secret key of this installation.
"""

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
    replace_key,
)
from fitquiz.store.accounts.second_factors import list_with_app
from fitquiz.store.upkeep.schema import upgrade_schema


@click.group("key")
def key() -> None:
    """Replace the secret key that the database belongs to."""


@key.command("replace")
def replace() -> None:
    """Make the database belong to the secret key of this installation.

    Earlier invitation links, counsellor links, codes and authenticator apps stop working.

    Stop all servers before this command. A running server continues to use the old key.
    """
    settings = read_settings(os.environ)
    now = datetime.now(UTC)
    secret_key = load_secret_key(settings)
    new_fingerprint = fingerprint_key(secret_key)
    database = open_to_write(settings)
    upgrade_schema(database)

    def find_hashes(seed: bytes) -> tuple[bytes, bytes]:
        token = derive_token(secret_key, seed)
        code = derive_code(secret_key, seed)
        return hash_token(token), hash_code(secret_key, code)

    with database.write_transaction() as session:
        if find_fingerprint(session) == new_fingerprint:
            click.echo("The database already belongs to this key. Nothing was changed.")
            return
        changed_links = replace_key(session, new_fingerprint, find_hashes, now)
        emails_with_app = list_with_app(session)
        record_audit_entry(session, None, "key-replaced", "", now)

    click.echo(
        "The database now belongs to this key. "
        f"{changed_links} invitations and counsellor links have a new address and a new code. "
        "Distribute the new addresses and codes, because the old addresses and codes no longer "
        "work. "
        "Respondents' own links and cookies continue to work.\n"
        "If a server is still running, the server uses the old key. Restart this server now."
    )
    for email in emails_with_app:
        click.echo(
            f"The authenticator app of {email} no longer works; run fitquiz staff reset {email}"
        )
