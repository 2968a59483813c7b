"""Runs the missing migrations when a process starts.

Several processes may start at the same time. A lock lets only one process migrate at a time.
"""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from fitquiz.store.engine.database import (
    WRITES,
    Database,
    DatabaseUnusableError,
    describe_error,
)
from fitquiz.store.ledger.postgresql_rights import prepare_role
from fitquiz.store.tables import (
    attempt_tables,
    campaign_tables,
    key_tables,
    ledger_tables,
    mail_tables,
    report_tables,
    sharing_tables,
    staff_tables,
)

TABLES = (
    attempt_tables,
    staff_tables,
    campaign_tables,
    ledger_tables,
    sharing_tables,
    key_tables,
    mail_tables,
    report_tables,
)
"""All modules with table classes.

SQLAlchemy knows a table only after the module with the table class is imported.
"""

_MIGRATIONS = Path(__file__).parents[1] / "migrations"
_LOCK_KEY = 7_305_815_219
"""The key of an advisory lock in PostgreSQL. The number is arbitrary, but must not change."""


def upgrade_schema(database: Database) -> None:
    """Run the missing migrations.

    Raise DatabaseUnusableError if the database is unreachable. Also raise DatabaseUnusableError if
    a newer version of fitquiz has upgraded the database.
    """
    try:
        writing = database.engine.execution_options(**WRITES)
        with database.write_lock(), writing.begin() as connection:
            upgrade_connection(connection)
    except DBAPIError as error:
        raise DatabaseUnusableError(
            f"The database {database.address} cannot be opened: {describe_error(error)}."
        ) from error


def upgrade_connection(connection: Connection) -> None:
    """Run the missing migrations and `prepare_role`, in the transaction of `connection`."""
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(:key)")
        connection.execute(lock, {"key": _LOCK_KEY})
    newest = list_revisions()[0]
    if find_revision(connection) != newest:
        command.upgrade(make_config(connection), "head")
    prepare_role(connection)


def is_current(database: Database) -> bool:
    """Return whether the database has the newest revision.

    Raise DBAPIError if the database is unreachable.
    """
    with database.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current == list_revisions()[0]


def find_revision(connection: Connection) -> str | None:
    """Return the revision id of the database. Return None if the database has no fitquiz tables.

    Raise DatabaseUnusableError if a newer version of fitquiz has upgraded the database.
    """
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in list_revisions():
        raise DatabaseUnusableError(
            f"A newer version of fitquiz has upgraded the database to revision {current}; "
            "install the newer version of fitquiz, or use another database."
        )
    return current


@cache
def list_revisions() -> tuple[str, ...]:
    """Return all revision ids that this version of fitquiz knows. The newest revision is first."""
    scripts = ScriptDirectory(str(_MIGRATIONS))
    return tuple(script.revision for script in scripts.walk_revisions())


def make_config(connection: Connection) -> Config:
    """Return Alembic's configuration for `connection`. The project has no file alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
