"""The command line: serve, purge and the pack commands. What cannot be done is said in one sentence; exit code 1."""

import os
import sys
from collections.abc import Sequence

import click
from flask import Flask

from fitquiz.store.database import DatabaseUnusableError, open_database
from fitquiz.store.schema import upgrade_schema
from fitquiz.web.factory import create_app
from fitquiz.web.housekeeping import purge_once
from fitquiz.web.pack_commands import pack
from fitquiz.web.serving import serve_forever
from fitquiz.web.settings import SettingsError, read_settings


@click.group()
def commands() -> None:
    """fitquiz: a role-fit self-assessment that shows its reasons and its doubt."""


@commands.command("serve")
def serve() -> None:
    """Migrate the database, check the packs and serve."""
    serve_forever(read_settings(os.environ))


@commands.command("purge")
def purge_command() -> None:
    """Delete what has been kept for as long as was promised."""
    settings = read_settings(os.environ)
    database = open_database(settings.database_url)
    upgrade_schema(database)
    gone = purge_once(database, settings)
    click.echo(
        f"Deleted {gone.unfinished} unfinished and {gone.finished} finished attempts, "
        f"{gone.receipts} receipts and {gone.packs} unused pack contents."
    )


commands.add_command(pack)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; every expected failure becomes a sentence on standard error."""
    try:
        commands(arguments)
    except (SettingsError, DatabaseUnusableError) as error:
        _stop(error)


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
