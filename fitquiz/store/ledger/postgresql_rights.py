"""Creates the PostgreSQL role `fitquiz_ledger`, and searches HR's connection for excess rights.

One query searches PostgreSQL's catalogue for excess rights. The query changes nothing. Therefore
each connection can run the query, even on a standby server.

The query checks the rights of CURRENT_USER. There are two cases:

- Without FITQUIZ_LEDGER_URL, HR's connection uses the login of the server, and runs SET ROLE. Then
  CURRENT_USER is the role `fitquiz_ledger`. The code of the reports never runs RESET ROLE.
- With FITQUIZ_LEDGER_URL, HR's connection has a login of its own and runs no SET ROLE. Then
  CURRENT_USER is this login.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from fitquiz.store.engine.database import DatabaseUnusableError
from fitquiz.store.tables.ledger_tables import (
    LedgerRollupRow,
    LedgerRow,
    LedgerStatisticRow,
)

TABLES = (
    LedgerRow.__tablename__,
    LedgerStatisticRow.__tablename__,
    LedgerRollupRow.__tablename__,
)
ROLE = "fitquiz_ledger"

_MAX_NAMED = 5

_ALREADY_DONE = ("42710", "23505")
"""PostgreSQL's error codes for a role or a grant that already exists.

PostgreSQL returns the second code if another transaction has just created the role or the grant.
"""

_EXCESS = """
WITH found AS (
    SELECT c.oid, c.relkind, n.nspname || '.' || c.relname AS name,
           (n.nspname = current_schema() AND c.relname = ANY(%(tables)s)) IS TRUE AS is_ledger
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
      AND NOT EXISTS (SELECT FROM pg_depend d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                      AND d.deptype = 'e')
)
SELECT name FROM found
WHERE CASE WHEN relkind = 'S' THEN has_sequence_privilege(oid, 'USAGE, SELECT, UPDATE')
      ELSE has_table_privilege(oid, 'DELETE, TRUNCATE, TRIGGER')
           OR has_any_column_privilege(oid, 'INSERT, UPDATE, REFERENCES')
           OR NOT is_ledger AND has_any_column_privilege(oid, 'SELECT') END
UNION ALL
SELECT 'role ' || rolname FROM pg_roles
WHERE rolname <> CURRENT_USER AND rolname <> %(role)s AND pg_has_role(oid, 'MEMBER')
UNION ALL
SELECT 'attributes of ' || rolname FROM pg_roles
WHERE rolname = CURRENT_USER
  AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)
UNION ALL
SELECT 'schema ' || nspname FROM pg_namespace
WHERE nspname !~ '^pg_' AND has_schema_privilege(oid, 'CREATE')
  AND current_setting('server_version_num')::int >= 150000
ORDER BY 1
"""
"""The query for excess rights. The query ignores tables of extensions.

Before PostgreSQL 15, every login has the right CREATE on the schema `public`. Therefore the query
checks the right CREATE on schemas only from PostgreSQL 15 on.
"""


def list_excess(connection: Any, tables: Sequence[str], role: str) -> list[str]:
    """Return the objects on which the connection has too many rights, for example "public.answer".

    The allowed rights are SELECT on `tables` and membership in the PostgreSQL role `role`.
    """
    values = {"tables": list(tables), "role": role}
    try:
        rows = connection.execute(_EXCESS, values)
        return [name for (name,) in rows]
    finally:
        connection.rollback()


def check_catalogue(connection: Any, _record: object) -> None:
    """Raise DatabaseUnusableError if CURRENT_USER has more rights than SELECT on the ledger."""
    excess = list_excess(connection, TABLES, ROLE)
    if excess:
        first = excess[:_MAX_NAMED]
        named = ", ".join(first)
        raise make_rights_error(f"The login has excess rights: {named}")


def make_rights_error(reason: str) -> DatabaseUnusableError:
    """Return the error for a login that could do more than read the ledger."""
    tables = ", ".join(TABLES)
    return DatabaseUnusableError(
        "HR's connection is refused, because HR's login could do more than read the ledger. "
        f"{reason}. Grant the login SELECT on the tables {tables}, and no other right."
    )


def prepare_role(connection: Connection) -> None:
    """Create the PostgreSQL role `fitquiz_ledger`, and grant the role SELECT on the ledger.

    Also make the current login a member of the role. Skip each step that is already done.
    On SQLite, do nothing.

    Raise DatabaseUnusableError if the login may not create or grant the role.
    """
    if connection.dialect.name != "postgresql":
        return

    role_exists = text("SELECT 1 FROM pg_roles WHERE rolname = :role")
    is_member = text("SELECT pg_has_role(CURRENT_USER, :role, 'MEMBER')")
    try:
        if not connection.scalar(role_exists, {"role": ROLE}):
            _change_roles(connection, f"CREATE ROLE {ROLE} NOLOGIN")
        if not connection.scalar(is_member, {"role": ROLE}):
            _change_roles(connection, f"GRANT {ROLE} TO CURRENT_USER")
    except DBAPIError as error:
        login = connection.engine.url.username
        raise DatabaseUnusableError(
            f"The database needs the role {ROLE}, but this login may not create or grant the role; "
            "let the database's administrator run: "
            f"CREATE ROLE {ROLE} NOLOGIN; GRANT {ROLE} TO {login}"
        ) from error

    can_select = text("SELECT has_table_privilege(:role, :table, 'SELECT')")
    for table in TABLES:
        if not connection.scalar(can_select, {"role": ROLE, "table": table}):
            connection.execute(text(f"GRANT SELECT ON {table} TO {ROLE}"))


def _change_roles(connection: Connection, statement: str) -> None:
    """Run a CREATE ROLE or GRANT. Ignore the error if the role or the grant already exists.

    Roles belong to the whole PostgreSQL server. Another process may migrate another database of the
    server at the same moment, and create the role first.
    """
    try:
        with connection.begin_nested():
            connection.execute(text(statement))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in _ALREADY_DONE:
            raise
