"""The command line: serve, keep house, packs and staff. What cannot be done is said in one sentence; exit code 1."""

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from fitquiz.cli.backup_commands import backup, restore
from fitquiz.cli.doctor import doctor
from fitquiz.cli.key_commands import key
from fitquiz.cli.pack_commands import pack
from fitquiz.cli.staff_commands import staff
from fitquiz.config.instance_folder import open_to_write
from fitquiz.config.settings import SettingsError, read_settings
from fitquiz.demo.company import prepare_demo, print_accounts
from fitquiz.server.housekeeping import purge_once, seal_due, wipe_traces
from fitquiz.server.serving import serve_forever
from fitquiz.store.engine.database import DatabaseUnusableError, describe_error
from fitquiz.store.upkeep.schema import upgrade_schema
from fitquiz.web.factory import create_app


@click.group()
def commands() -> None:
    """fitquiz: a role-fit self-assessment that shows its reasons and its doubt."""


@commands.command("serve")
def serve() -> None:
    """Migrate the database, check the packs and serve."""
    serve_forever(read_settings(os.environ))


@commands.command("demo")
@click.option(
    "--only-prepare", is_flag=True, help="Fill the instance, and do not serve it."
)
def demo_command(only_prepare: bool) -> None:
    """Fill an instance of its own with a made-up company, and serve it."""
    settings, accounts = prepare_demo(read_settings(os.environ))
    print_accounts(accounts)
    if not only_prepare:
        serve_forever(settings)


@commands.command("purge")
def purge_command() -> None:
    """Delete what has been kept for as long as was promised."""
    settings = read_settings(os.environ)
    database = open_to_write(settings)
    upgrade_schema(database)
    gone = purge_once(database, settings, datetime.now(UTC))
    wipe_traces(database)
    click.echo(
        f"Deleted {gone.unfinished} unfinished and {gone.finished} finished attempts, "
        f"{gone.receipts} receipts and {gone.packs} unused pack contents."
    )


@commands.command("seal")
@click.option(
    "--due",
    is_flag=True,
    required=True,
    expose_value=False,
    help="All that is due, and nothing else.",
)
def seal_command() -> None:
    """Publish the group figures of campaigns that are over, or due by their schedule."""
    database = open_to_write(read_settings(os.environ))
    upgrade_schema(database)
    try:
        sealed = seal_due(database, datetime.now(UTC))
    finally:
        wipe_traces(database)
    batches, responses = (
        sum(each.batches for each in sealed),
        sum(each.responses for each in sealed),
    )
    click.echo(
        f"Sealed {len(sealed)} campaigns: {responses} responses in {batches} batches."
    )


for each in (backup, restore, doctor, key, pack, staff):
    commands.add_command(each)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; every expected failure becomes a sentence on standard error."""
    try:
        commands(arguments)
    except (SettingsError, DatabaseUnusableError) as error:
        _stop(error)
    except DBAPIError as error:
        _stop(
            DatabaseUnusableError(
                f"The database cannot be used: {describe_error(error)}."
            )
        )
    except OSError as error:
        _stop(
            SettingsError(
                f"{error.filename or 'A file'} cannot be used ({error.strerror}); mend that."
            )
        )


def load_app() -> Flask:
    """Return the app for a WSGI server, or stop with a sentence."""
    try:
        return create_app()
    except SettingsError as error:
        _stop(error)
        raise


def _stop(error: Exception) -> None:
    click.echo(f"fitquiz: {error}", err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
