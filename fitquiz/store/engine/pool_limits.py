"""Limits for the connection pool of an engine."""

MAX_CONNECTIONS = 16
"""The largest number of connections in the pool of one engine."""

BUSY_SECONDS = 10
"""The longest time that a thread waits for a free connection, or that SQLite waits for a lock."""
