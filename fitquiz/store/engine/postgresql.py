"""Creates the engine for PostgreSQL.

Commits are durable. Connecting has a time limit. In requests, statements and idle transactions
also have time limits.

Each connection is pinged before its use (`pool_pre_ping`). Without the ping, requests would fail
after a restart of PostgreSQL.

In a request, PostgreSQL ends a slow statement. TCP closes a connection to a host that is dead or
unreachable. A request has no time limit in one case: the operator has stopped the PostgreSQL
process (SIGSTOP) on a live host. Such a request waits until the PostgreSQL process continues.
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
"""With these options, TCP closes the connection to a dead host after 10 to 25 seconds.

`keepalives_idle` and `keepalives_interval` are in seconds. `tcp_user_timeout` is in milliseconds.
`keepalives_count` is a number of probes.
"""

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

    PostgreSQL ends each statement that takes longer than `statement_seconds`. None means no time
    limit.
    """
    engine = create_engine(
        url,
        connect_args=make_connect_args(url),
        hide_parameters=True,  # Error messages must not contain answers.
        pool_pre_ping=True,
        pool_size=MAX_CONNECTIONS,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
    )

    @event.listens_for(engine, "connect")
    def set_up_connection(connection: Any, _record: object) -> None:
        _set_up_session(connection, statement_seconds)

    # Commands and housekeeping may wait for a slow PostgreSQL server. Therefore their engines have
    # no time limit for statements (None) and no circuit breaker.
    if statement_seconds is not None:
        event.listen(engine, "do_connect", ConnectBreaker().connect)
    return engine


def make_connect_args(url: URL) -> dict[str, Any]:
    """Return the time limits as options for a connection. Leave out options that `url` sets."""
    wanted = {"connect_timeout": CONNECT_SECONDS, **_TCP_OPTIONS}
    return {name: value for name, value in wanted.items() if name not in url.query}


class ConnectBreaker:
    """Refuses to connect for two seconds, after a failed try to connect took more than a second.

    Without this circuit breaker, each thread would wait CONNECT_SECONDS for an unreachable server.
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
        """Connect to PostgreSQL. Until `open_until`, raise OperationalError without a try to connect."""
        began = time.monotonic()
        if began < self.open_until:
            raise dialect.dbapi.OperationalError(
                "the database server did not answer a moment ago"
            )
        try:
            return dialect.connect(*arguments, **options)
        except dialect.dbapi.Error:
            failed = time.monotonic()
            if failed - began > _SLOW_CONNECT_SECONDS:
                self.open_until = failed + _PAUSE_SECONDS
            raise


def _set_up_session(connection: Any, statement_seconds: int | None) -> None:
    """Make commits durable, and set the time limits for statements and idle transactions.

    Commits are durable even if the server's default for `synchronous_commit` is "off".

    PostgreSQL ends a transaction that is idle for three times `statement_seconds`. Without this
    time limit, a transaction of a stopped worker process would keep its locks. If
    `statement_seconds` is None, statements and idle transactions have no time limit.
    """
    statement_ms = 0 if statement_seconds is None else statement_seconds * 1000
    idle_ms = statement_ms * 3

    # Without autocommit, a rollback would undo these settings.
    connection.autocommit = True
    connection.execute(_SESSION_SETTINGS, (str(statement_ms), str(idle_ms)))
    connection.autocommit = False
