"""Limits for the connection pool of an engine."""

MAX_CONNECTIONS = 16
"""The largest number of connections in the pool of one engine."""

BUSY_SECONDS = 10
"""A thread waits this long for a free connection. SQLite waits this long for a lock."""
