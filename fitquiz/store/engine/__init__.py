"""The engine, its transactions and what differs between SQLite and PostgreSQL."""
