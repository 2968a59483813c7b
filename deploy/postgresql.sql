-- What fitquiz needs in PostgreSQL, run once by its administrator: psql -f deploy/postgresql.sql
-- Then choose the passwords with \password fitquiz and \password fitquiz_hr.

-- The app's own login; it makes and changes the tables by itself.
CREATE ROLE fitquiz LOGIN;
CREATE DATABASE fitquiz OWNER fitquiz;

-- What HR's reports may read: the app grants it the sealed ledger's tables, and tries that it can read nothing else.
CREATE ROLE fitquiz_ledger NOLOGIN;
GRANT fitquiz_ledger TO fitquiz;

-- HR's own login, for FITQUIZ_LEDGER_URL: on this server, or on a streaming copy of it.
CREATE ROLE fitquiz_hr LOGIN;
GRANT fitquiz_ledger TO fitquiz_hr;
