"""`fitquiz doctor` runs all checks, prints what to do about each problem, and changes nothing."""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from fitquiz.cli.doctor_checks import (
    AFTER_UPGRADE,
    CHECKS,
    FAIL,
    OK,
    WARN,
    Check,
    Finding,
    Installation,
)
from fitquiz.config.settings import SettingsError, read_settings
from fitquiz.store.engine.database import (
    DatabaseUnusableError,
    describe_error,
    open_database,
)


@click.command("doctor")
def doctor() -> None:
    """Check everything that a server needs, and say what to do. Nothing is changed."""
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
    if has_failed:
        sys.exit(1)


def examine(installation: Installation) -> Iterator[tuple[str, Finding]]:
    """Run every check.

    A check that fails to run becomes a finding; a repeated finding is left out.
    """
    seen = set[Finding]()
    for name, check in CHECKS:
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
            return [(WARN, AFTER_UPGRADE)]
        return [(FAIL, describe_error(error))]
    except DatabaseUnusableError as error:
        is_new = (
            installation.is_sqlite and not Path(installation.database_path).is_file()
        )
        level = WARN if is_new else FAIL
        return [(level, str(error).rstrip("."))]
    except SettingsError as error:
        return [(FAIL, str(error).rstrip("."))]


def _is_about_missing_table(error: DBAPIError) -> bool:
    is_sqlite_error = "no such table" in str(error.orig)
    is_postgresql_error = "UndefinedTable" in type(error.orig).__name__
    return is_sqlite_error or is_postgresql_error
