#!/bin/sh
# The PostgreSQL image runs this script only at the first start, when the database volume is empty.
# The script creates the logins of postgresql.sql, and sets their passwords from environment variables.
set -eu
run() { psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres "$@"; }
run --file "${LOGINS:-/fitquiz/postgresql.sql}"
run --set database="$DATABASE_PASSWORD" --set ledger="$LEDGER_PASSWORD" <<'SQL'
ALTER ROLE fitquiz PASSWORD :'database';
ALTER ROLE fitquiz_hr PASSWORD :'ledger';
SQL
