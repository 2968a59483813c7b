"""How many connections a process opens, and how long it waits for one."""

MAX_CONNECTIONS = 16
BUSY_SECONDS = 10
"""How long a thread waits for a free connection, and SQLite for its lock."""
