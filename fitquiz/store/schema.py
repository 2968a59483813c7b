"""Brings the database's schema up to date at start, under a lock, so that any number of processes may start at once."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from fitquiz.store import campaign_models, ledger_models, models, sharing_models, staff_models
from fitquiz.store.database import WRITES, Database, DatabaseUnusableError
from fitquiz.store.ledger_access import prepare_role

TABLES = (models, staff_models, campaign_models, ledger_models, sharing_models)
"""The modules of all tables; importing them is what makes the tables known."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK_KEY = 7_305_815_219
"""Any number will do, if it is this one everywhere."""


def upgrade_schema(database: Database) -> None:
    """Run the migrations that are missing; raise DatabaseUnusableError if the database is out of reach or too new."""
    try:
        writing = database.engine.execution_options(**WRITES)
        with database.write_lock(), writing.begin() as connection:
            _upgrade(connection)
    except DBAPIError as error:
        where = database.engine.url.set(query={}).render_as_string(hide_password=True)  # The query may hold a password.
        raise DatabaseUnusableError(f"The database {where} cannot be opened: {_say(error)}.") from error


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


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    config = make_config(connection)
    current = MigrationContext.configure(connection).get_current_revision()
    known = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    if current is not None and current not in known:
        raise DatabaseUnusableError(
            f"The database was written by a newer fitquiz (schema {current}); install that, or use another database."
        )
    if current != known[0]:
        command.upgrade(config, "head")
    prepare_role(connection)


def _say(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0].rstrip(".")
