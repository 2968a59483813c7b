"""The commands `fitquiz staff add`, `fitquiz staff reset` and `fitquiz staff disable`."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from fitquiz.config.instance_folder import open_to_write
from fitquiz.config.settings import SettingsError, read_settings
from fitquiz.core.name_spelling import is_printable_name, tidy_name
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.accounts.staff import (
    PERMISSIONS,
    Staff,
    disable_staff,
    find_staff_by_email,
    invite_staff,
    reset_staff,
)
from fitquiz.store.campaigns.members import count_owned
from fitquiz.store.upkeep.schema import upgrade_schema

MAX_NAME_CHARACTERS = 100
MAX_EMAIL_CHARACTERS = 254


@click.group("staff")
def staff() -> None:
    """Add, reset or disable an account of staff."""


@staff.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The name that other staff see.")
@click.option(
    "--permission",
    "permissions",
    multiple=True,
    required=True,
    type=click.Choice(PERMISSIONS),
)
def add(email: str, name: str, permissions: tuple[str, ...]) -> None:
    """Add an account.

    The command prints a one-time link with which the person chooses a password.
    """
    name = tidy_name(name)
    email = tidy_name(email)
    if not _is_name(name) or not _is_email(email):
        raise SettingsError(
            "An account needs an e-mail address "
            f"of at most {MAX_EMAIL_CHARACTERS} characters, "
            f"and a name of 1 to {MAX_NAME_CHARACTERS} characters."
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
                f"{email} already has an account; "
                f"for a new password, run fitquiz staff reset {email}."
            )
    _print_link(added, token)


@staff.command("reset")
@click.argument("email")
def reset(email: str) -> None:
    """Reset the password of an account.

    The command removes the password and the authenticator app, and signs the account out
    everywhere. Then the command prints a one-time link. With this link, the person chooses a new
    password.
    """
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
    if found.is_disabled:
        click.echo(
            f"{found.email} is disabled, and cannot sign in before an administrator enables "
            "the account on the page Staff."
        )


@staff.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Disable an account.

    The command signs the account out everywhere. A disabled account cannot sign in.
    """
    with _writing() as session:
        found = _load(session, email)
        if not disable_staff(session, found, actor=None, now=datetime.now(UTC)):
            raise SettingsError(
                f"{found.email} is the only administrator; add another administrator first."
            )
        owned = count_owned(session, found.id)
    click.echo(f"{found.email} can no longer sign in.")
    if owned:
        click.echo(
            f"The account owns {owned} campaign{'s' if owned > 1 else ''}. "
            "An administrator can hand each campaign over on the page of the account."
        )


def _is_name(name: str) -> bool:
    return is_printable_name(name) and 0 < len(name) <= MAX_NAME_CHARACTERS


def _is_email(email: str) -> bool:
    has_both_parts = "@" in email.strip("@")
    return (
        is_printable_name(email)
        and has_both_parts
        and len(email) <= MAX_EMAIL_CHARACTERS
    )


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
            f"There is no account for {email}; correct the address, or run fitquiz staff add."
        )
    return found


def _print_link(account: Staff, token: str) -> None:
    click.echo(
        f"Put the address of the server before this path, and send the link to {account.name}. "
        "The link works once:"
    )
    click.echo(f"/en/staff-links/{token}")
