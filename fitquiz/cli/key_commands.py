"""`fitquiz key replace`: a new secret key for the database, if the old one is lost or known."""

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
    """Let the database belong to the present secret key.

    Older links, codes and authenticator apps stop working.

    Stop all servers first: a running server goes on with the old key.
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
            click.echo("The database already belongs to this key; nothing was changed.")
            return
        changed_links = replace_key(session, new_fingerprint, find_hashes, now)
        emails_with_app = list_with_app(session)
        record_audit_entry(session, None, "key-replaced", "", now)

    click.echo(
        "The database now belongs to this key. "
        f"{changed_links} invitations and counsellors' links have a new address and a new code. "
        "Distribute them again: the old ones no longer work. "
        "Respondents' own links and cookies still work.\n"
        "Always stop all servers first. A server that is still running uses the old key; "
        "restart it now."
    )
    for email in emails_with_app:
        click.echo(
            f"The authenticator app of {email} no longer works; run fitquiz staff reset {email}"
        )
