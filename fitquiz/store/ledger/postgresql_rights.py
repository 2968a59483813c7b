"""Lists the rights of a PostgreSQL login beyond reading the ledger.

One query searches PostgreSQL's catalogue. The query only reads. Therefore each connection can run
the query, even on a standby server.

The query checks the rights of CURRENT_USER. After SET ROLE, CURRENT_USER is the role and not the
login. RESET ROLE would change CURRENT_USER back to the login. The code of the reports never runs
RESET ROLE. With HR's own login, RESET ROLE changes nothing.
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
"""The query ignores tables of extensions.

Before PostgreSQL 15, the query also ignores CREATE on schemas, because every login had this right.
"""


def list_excess(connection: Any, tables: Sequence[str], role: str) -> list[str]:
    """Return the names of the objects on which the connection has excess rights.

    The allowed rights are SELECT on `tables` and membership in `role`.
    """
    values = {"tables": list(tables), "role": role}
    try:
        rows = connection.execute(_EXCESS, values)
        return [name for (name,) in rows]
    finally:
        connection.rollback()
