"""Opens PostgreSQL: durable commits, and limits on statements, locks and connects.

Each connection is pinged before it is used (`pool_pre_ping`), so a restart goes unnoticed.

The server itself ends slow statements. TCP gives up a host that is dead or cut off. One case is
left: a stopped server process (SIGSTOP) on a live host keeps a request waiting until it goes on.
"""

import time
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event

from fitquiz.store.engine.pool_limits import BUSY_SECONDS, MAX_CONNECTIONS

CONNECT_SECONDS = 3

_TCP_OPTIONS = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""When TCP gives up a dead host: 10 to 25 seconds. All in seconds, but the last in milliseconds."""

_SLOW_CONNECT_SECONDS = 1
_PAUSE_SECONDS = 2

_SESSION_SETTINGS = """
    SELECT set_config('statement_timeout', %s, false),
           set_config('idle_in_transaction_session_timeout', %s, false),
           set_config('synchronous_commit', CASE current_setting('synchronous_commit')
                WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false)
"""


def create_postgresql_engine(url: URL, statement_seconds: int | None) -> Engine:
    """Return the engine for a PostgreSQL server.

    The server ends each statement after `statement_seconds`. None means no limit.
    """
    engine = create_engine(
        url,
        connect_args=make_connect_args(url),
        hide_parameters=True,  # Error messages must not show values: they may be answers.
        pool_pre_ping=True,
        pool_size=MAX_CONNECTIONS,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
    )

    @event.listens_for(engine, "connect")
    def set_up_connection(connection: Any, _record: object) -> None:
        _set_up_session(connection, statement_seconds)

    # Commands and housekeeping have no limit, and may wait for a slow server.
    if statement_seconds is not None:
        event.listen(engine, "do_connect", ConnectBreaker().connect)
    return engine


def make_connect_args(url: URL) -> dict[str, Any]:
    """Return the time limits for libpq. What the URL itself sets is left out."""
    wanted = {"connect_timeout": CONNECT_SECONDS, **_TCP_OPTIONS}
    return {name: value for name, value in wanted.items() if name not in url.query}


class ConnectBreaker:
    """A circuit breaker: after a slow, failed connect, further ones fail at once for two seconds.

    Without it, each thread of a worker waits for the connect timeout while the server is away.
    """

    def __init__(self) -> None:
        self.open_until = 0.0

    def connect(
        self,
        dialect: Any,
        _record: object,
        arguments: list[Any],
        options: dict[str, Any],
    ) -> Any:
        """Open a connection, or raise OperationalError at once while the breaker is open."""
        began = time.monotonic()
        if began < self.open_until:
            raise dialect.dbapi.OperationalError(
                "the database did not answer a moment ago"
            )
        try:
            return dialect.connect(*arguments, **options)
        except dialect.dbapi.Error:
            failed = time.monotonic()
            if failed - began > _SLOW_CONNECT_SECONDS:
                self.open_until = failed + _PAUSE_SECONDS
            raise


def _set_up_session(connection: Any, statement_seconds: int | None) -> None:
    """Make commits durable, whatever the server's default. Limit statements and idle transactions.

    The idle limit frees the locks of a worker process that is stopped in mid-transaction.
    """
    statement_ms = 0 if statement_seconds is None else statement_seconds * 1000
    idle_ms = statement_ms * 3

    # Inside a transaction, the settings would be lost by a rollback.
    connection.autocommit = True
    connection.execute(_SESSION_SETTINGS, (str(statement_ms), str(idle_ms)))
    connection.autocommit = False
