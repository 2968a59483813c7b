#!/bin/sh
# The PostgreSQL image runs this once, when its volume is empty. It makes the logins with passwords from the environment.
set -eu
run() { psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres "$@"; }
run --file "${LOGINS:-/fitquiz/postgresql.sql}"
run --set database="$DATABASE_PASSWORD" --set ledger="$LEDGER_PASSWORD" <<'SQL'
ALTER ROLE fitquiz PASSWORD :'database';
ALTER ROLE fitquiz_hr PASSWORD :'ledger';
SQL
