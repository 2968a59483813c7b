"""All commands of `fitquiz`.

If an expected error occurs, the command prints the message of the error and exits with code 1.
"""

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NoReturn

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
from fitquiz.demo.company import fill_demo, print_accounts
from fitquiz.demo.demo_folder import use_folder
from fitquiz.server.housekeeping import purge_once, seal_due, wipe_traces
from fitquiz.server.seal_notices import make_seal_notices
from fitquiz.server.serving import serve_forever, try_address
from fitquiz.server.setup_link import find_public_address
from fitquiz.store.engine.database import DatabaseUnusableError, describe_error
from fitquiz.store.upkeep.schema import upgrade_schema
from fitquiz.web.factory import create_app


@click.group()
def commands() -> None:
    """fitquiz: a role-fit self-assessment that shows its reasons and its uncertainty.

    Some messages name another command, for example fitquiz doctor. In a checkout, write make admin
    ARGS="doctor" in place of fitquiz doctor.
    """


@commands.command("serve")
def serve() -> None:
    """Migrate the database, check the packs and start the server."""
    serve_forever(read_settings(os.environ))


@commands.command("demo")
@click.option(
    "--only-prepare", is_flag=True, help="Fill the demo instance. Start no server."
)
def demo_command(only_prepare: bool) -> None:
    """Serve an instance with a made-up company.

    The instance has its own folder. The command first fills this folder.
    """
    settings = read_settings(os.environ)
    if not only_prepare:
        # Without this check, a demo that cannot start would replace an earlier demo's database.
        try_address(settings.host, settings.port)
    with use_folder(settings) as settings:
        accounts = fill_demo(settings)
        print_accounts(accounts, find_public_address(settings))
        if not only_prepare:
            serve_forever(settings)


@commands.command("purge")
def purge_command() -> None:
    """Delete all expired data. Two settings determine after how many days attempts expire."""
    settings = read_settings(os.environ)
    database = open_to_write(settings)
    upgrade_schema(database)

    purged = purge_once(database, settings, datetime.now(UTC))
    wipe_traces(database)
    click.echo(
        f"Deleted {purged.unfinished} unfinished and {purged.finished} finished attempts, "
        f"{purged.receipts} receipts and {purged.packs} unused copies of packs."
    )


@commands.command("seal")
@click.option(
    "--due",
    is_flag=True,
    required=True,
    expose_value=False,
    help="Required. Seal only the campaigns that are due.",
)
def seal_command() -> None:
    """Publish the group figures that are due.

    Group figures are due after the end of a campaign, and on the days of the campaign's schedule.
    """
    settings = read_settings(os.environ)
    database = open_to_write(settings)
    upgrade_schema(database)

    try:
        notices = make_seal_notices(settings)
        sealed = seal_due(database, settings, datetime.now(UTC), notices)
    finally:
        wipe_traces(database)

    batches = sum(each.batches for each in sealed)
    responses = sum(each.responses for each in sealed)
    click.echo(
        f"Sealed {len(sealed)} campaigns: {responses} responses in {batches} batches."
    )


commands.add_command(backup)
commands.add_command(restore)
commands.add_command(doctor)
commands.add_command(key)
commands.add_command(pack)
commands.add_command(staff)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command that `arguments` name. The default is the arguments of the process.

    If an expected error occurs, print the error's message to standard error. Exit with code 1.
    """
    try:
        commands(arguments)
    except (SettingsError, DatabaseUnusableError) as error:
        _stop(str(error))
    except DBAPIError as error:
        _stop(f"The database cannot be used: {describe_error(error)}.")
    except OSError as error:
        name = error.filename or "A file"
        _stop(
            f"{name} cannot be used ({error.strerror}); "
            "correct the cause and run the command again."
        )


def load_app() -> Flask:
    """Return the app for a WSGI server. If the app cannot start, print the reason and exit."""
    try:
        return create_app()
    except SettingsError as error:
        _stop(str(error))


def _stop(sentence: str) -> NoReturn:
    click.echo(f"fitquiz: {sentence}", err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
