-- This script prepares PostgreSQL for fitquiz. The database administrator runs the script once:
-- psql -f deploy/postgresql.sql
-- After the script, set the two passwords in psql: \password fitquiz and \password fitquiz_hr

-- The login of the app. The app creates and changes the tables with this login.
CREATE ROLE fitquiz LOGIN;
CREATE DATABASE fitquiz OWNER fitquiz;

-- The PostgreSQL role for HR's reports. The app grants this role SELECT on the tables of the ledger.
-- The app refuses a connection for HR's reports that can read other tables.
CREATE ROLE fitquiz_ledger NOLOGIN;
GRANT fitquiz_ledger TO fitquiz;

-- The login for FITQUIZ_LEDGER_URL. HR's reports use this login on this server or on a streaming copy.
CREATE ROLE fitquiz_hr LOGIN;
GRANT fitquiz_ledger TO fitquiz_hr;
