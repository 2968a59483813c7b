"""Brings the database's schema up to date at start, under a lock, so that any number of processes may start at once."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from fitquiz.store.engine.database import WRITES, Database, DatabaseUnusableError, describe_error
from fitquiz.store.ledger.hr_connection import prepare_role
from fitquiz.store.tables import (
    attempt_tables,
    campaign_tables,
    key_tables,
    ledger_tables,
    sharing_tables,
    staff_tables,
)

TABLES = (attempt_tables, staff_tables, campaign_tables, ledger_tables, sharing_tables, key_tables)
"""The modules of all tables; importing them is what makes the tables known."""

_MIGRATIONS = Path(__file__).parents[1] / "migrations"
_LOCK_KEY = 7_305_815_219
"""Any number will do, if it is this one everywhere."""


def upgrade_schema(database: Database) -> None:
    """Run the migrations that are missing; raise DatabaseUnusableError if the database is out of reach or too new."""
    try:
        writing = database.engine.execution_options(**WRITES)
        with database.write_lock(), writing.begin() as connection:
            upgrade_connection(connection)
    except DBAPIError as error:
        raise DatabaseUnusableError(
            f"The database {database.address} cannot be opened: {describe_error(error)}."
        ) from error


def is_current(database: Database) -> bool:
    """Whether the database has the schema of this program; raises what the database says if it is out of reach."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == _find_head()


def make_config(connection: Connection) -> Config:
    """Return Alembic's configuration, made in code, for one connection."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@cache
def _find_head() -> str | None:
    return ScriptDirectory(str(_MIGRATIONS)).get_current_head()


def find_revision(connection: Connection) -> str | None:
    """Return the schema that a database has, or None if it has no tables of ours; refuse one that is too new."""
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in list_revisions(connection):
        raise DatabaseUnusableError(
            f"The database was written by a newer fitquiz (schema {current}); install that, or use another database."
        )
    return current


def list_revisions(connection: Connection) -> list[str]:
    """Return every schema that this fitquiz knows, the newest first."""
    scripts = ScriptDirectory.from_config(make_config(connection)).walk_revisions()
    return [script.revision for script in scripts]


def upgrade_connection(connection: Connection) -> None:
    """Run the migrations that are missing, in the connection's own transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    if find_revision(connection) != list_revisions(connection)[0]:
        command.upgrade(make_config(connection), "head")
    prepare_role(connection)
