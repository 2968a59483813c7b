"""Lists what a PostgreSQL login may do besides reading the ledger, by the catalogue of all tables.

It is one read-only query, so that each new connection can run it, also on a copy in recovery. The
query checks the rights of CURRENT_USER, which are the rights in force. When the app's own login
acts as the role, RESET ROLE would give its own rights back. The code of the reports never runs
RESET ROLE, and a login of HR's own has no other rights.
"""

from collections.abc import Sequence
from typing import Any

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
"""Left out: tables of extensions, and CREATE before PostgreSQL 15, where everybody had it."""


def list_excess(connection: Any, tables: Sequence[str], role: str) -> list[str]:
    """Return the names of everything that the connection may use besides reading these tables.

    Membership in `role` is allowed.
    """
    values = {"tables": list(tables), "role": role}
    try:
        rows = connection.execute(_EXCESS, values)
        return [name for (name,) in rows]
    finally:
        connection.rollback()
