-- Prepares PostgreSQL for fitquiz. Its administrator runs this once: psql -f deploy/postgresql.sql
-- Then choose the passwords with \password fitquiz and \password fitquiz_hr.

-- The login of the app, which makes and changes the tables itself.
CREATE ROLE fitquiz LOGIN;
CREATE DATABASE fitquiz OWNER fitquiz;

-- The role of HR's reports. The app grants it the tables of the sealed ledger, and tests that it can read nothing more.
CREATE ROLE fitquiz_ledger NOLOGIN;
GRANT fitquiz_ledger TO fitquiz;

-- HR's own login for FITQUIZ_LEDGER_URL, on this server or on a streaming copy.
CREATE ROLE fitquiz_hr LOGIN;
GRANT fitquiz_ledger TO fitquiz_hr;
