"""Limits for the connection pool of an engine."""

MAX_CONNECTIONS = 16
"""The largest number of connections in the pool of one engine."""

BUSY_SECONDS = 10
"""The longest wait of a thread for a free connection, and of SQLite for a lock."""
