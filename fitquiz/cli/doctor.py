"""The command `fitquiz doctor`, which runs all checks and prints a remedy for each problem.

The command changes nothing. With an option, the command also sends a test message.
"""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from fitquiz.cli.day_checks import check_time_zone
from fitquiz.cli.doctor_checks import (
    CHECKS,
    FAIL,
    NEEDS_NEWEST_SCHEMA,
    OK,
    WARN,
    Check,
    Finding,
    Installation,
)
from fitquiz.cli.mail_checks import check_mail, send_test_message
from fitquiz.cli.owner_checks import check_site_owner
from fitquiz.config.settings import SettingsError, read_settings
from fitquiz.store.engine.database import (
    DatabaseUnusableError,
    describe_error,
    open_database,
)

ALL_CHECKS = (
    *CHECKS,
    ("time zone", check_time_zone),
    ("e-mail", check_mail),
    ("responsible", check_site_owner),
)


@click.command("doctor")
@click.option(
    "--send-test-to",
    metavar="EMAIL",
    help="Also send a test message to this address.",
)
def doctor(send_test_to: str | None) -> None:
    """Check everything that a server needs. Print a remedy for each problem. Change nothing."""
    settings = read_settings(os.environ)
    database = open_database(settings.database_url)
    findings = list(examine(Installation(settings, database, datetime.now(UTC))))
    database.engine.dispose()

    has_failed = False
    for name, (level, sentence) in findings:
        if sentence:
            click.echo(f"{level:4} {name}: {sentence}")
        else:
            click.echo(f"{level:4} {name}")
        has_failed = has_failed or level == FAIL
    if send_test_to is not None:
        address = send_test_message(settings, send_test_to, datetime.now(UTC))
        click.echo(f"A test message was sent to {address}.")
    if has_failed:
        sys.exit(1)


def examine(installation: Installation) -> Iterator[tuple[str, Finding]]:
    """Run every check. Yield each finding with the name of its check.

    If a check finds no problem, yield one finding with the level OK. If a check raises an expected
    error, yield a finding about the error. If two checks have the same finding, yield the finding
    only for the first check.
    """
    seen = set[Finding]()
    for name, check in ALL_CHECKS:
        findings = _run(check, installation)
        if not findings:
            yield name, (OK, "")
        for finding in findings:
            if finding not in seen:
                yield name, finding
        seen.update(findings)


def _run(check: Check, installation: Installation) -> list[Finding]:
    try:
        return list(check(installation))
    except DBAPIError as error:
        if _is_about_missing_table(error):
            return [(WARN, NEEDS_NEWEST_SCHEMA)]
        return [(FAIL, describe_error(error))]
    except DatabaseUnusableError as error:
        is_new = (
            installation.is_sqlite and not Path(installation.database_path).exists()
        )
        level = WARN if is_new else FAIL
        return [(level, str(error).rstrip("."))]
    except SettingsError as error:
        return [(FAIL, str(error).rstrip("."))]


def _is_about_missing_table(error: DBAPIError) -> bool:
    is_sqlite_error = "no such table" in str(error.orig)
    is_postgresql_error = "UndefinedTable" in type(error.orig).__name__
    return is_sqlite_error or is_postgresql_error
