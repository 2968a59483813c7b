"""Connections, transactions and locks, for SQLite and for PostgreSQL."""
