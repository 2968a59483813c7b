"""The staff commands, for whoever runs the server: add an account, reset one, keep one out."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from fitquiz.config.instance_folder import open_to_write
from fitquiz.config.settings import SettingsError, read_settings
from fitquiz.core.names import is_printable_name, tidy_name
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.accounts.staff import (
    PERMISSIONS,
    Staff,
    disable_staff,
    find_staff_by_email,
    invite_staff,
    reset_staff,
)
from fitquiz.store.upkeep.schema import upgrade_schema


@click.group("staff")
def staff() -> None:
    """Add, reset and disable those who sign in."""


@staff.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The name that others of the staff see.")
@click.option(
    "--permission",
    "permissions",
    multiple=True,
    required=True,
    type=click.Choice(PERMISSIONS),
)
def add(email: str, name: str, permissions: tuple[str, ...]) -> None:
    """Add somebody, and print the one-time link by which they choose a password."""
    name, email = tidy_name(name), tidy_name(email)
    is_sound = is_printable_name(name) and is_printable_name(email)
    if (
        not is_sound
        or "@" not in email.strip("@")
        or len(email) > 254
        or not 0 < len(name) <= 100
    ):
        raise SettingsError(
            "An account needs an e-mail address and a name of at most 100 characters."
        )
    token = secrets.token_urlsafe(32)
    with _writing() as session:
        added = invite_staff(
            session,
            name,
            email,
            permissions,
            link_token_hash=hash_token(token),
            actor=None,
            now=datetime.now(UTC),
        )
        if added is None:
            raise SettingsError(
                f"{email} has an account already; use fitquiz staff reset {email}."
            )
    _print_link(added, token)


@staff.command("reset")
@click.argument("email")
def reset(email: str) -> None:
    """Sign somebody out everywhere, and print the one-time link by which they choose a new password."""
    token = secrets.token_urlsafe(32)
    with _writing() as session:
        found = _load(session, email)
        reset_staff(
            session,
            found,
            link_token_hash=hash_token(token),
            actor=None,
            now=datetime.now(UTC),
        )
    _print_link(found, token)


@staff.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Keep somebody out from now on."""
    with _writing() as session:
        found = _load(session, email)
        if not disable_staff(session, found, actor=None, now=datetime.now(UTC)):
            raise SettingsError(
                f"{found.email} is the only admin; add another one first."
            )
    click.echo(f"{found.email} can no longer sign in.")


@contextmanager
def _writing() -> Iterator[Session]:
    database = open_to_write(read_settings(os.environ))
    upgrade_schema(database)
    with database.write_transaction() as session:
        yield session


def _load(session: Session, email: str) -> Staff:
    found = find_staff_by_email(session, email)
    if found is None:
        raise SettingsError(
            f"There is no account for {email}; add it with fitquiz staff add."
        )
    return found


def _print_link(account: Staff, token: str) -> None:
    click.echo(
        f"Hand this to {account.name}; it works once, after the address of the server:"
    )
    click.echo(f"/en/staff-links/{token}")
