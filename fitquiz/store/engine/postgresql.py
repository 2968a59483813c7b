"""Watches over connections to PostgreSQL: a dead one is noticed before it is used, and none is waited on for ever.

A pooled connection whose server has gone has something to read while nobody asked anything: its end. Looking for that
takes a microsecond and sends nothing, where a ping would add a third to a small read.
"""

import select
import time
from typing import Any

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.exc import InvalidatePoolError

CONNECT_SECONDS = 3
GRACE_SECONDS = 2
"""How much longer than the server we wait: it ends a statement that is too slow, unless it stands still itself."""

_SETTINGS = """
    SELECT set_config('statement_timeout', %s, false),
           set_config('idle_in_transaction_session_timeout', %s, false),
           set_config('synchronous_commit', CASE current_setting('synchronous_commit')
                WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false)
"""
_CLOSED_SECONDS = 2
_ACTIVE = 1
_DEAD_HOST = {
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""When a host is given up that no longer answers, not even with a refusal."""


def make_options(url: URL) -> dict[str, Any]:
    """Return what a connection is opened with, where the URL does not say otherwise."""
    wanted = {"connect_timeout": CONNECT_SECONDS, **_DEAD_HOST}
    return {name: value for name, value in wanted.items() if name not in url.query}


def watch(engine: Engine, seconds: int | None) -> None:
    """Keep dead connections from being used; let no statement last longer than so many seconds, if they are given."""
    event.listen(engine, "checkout", _refuse_dead)
    event.listen(engine, "connect", lambda connection, _record: _set_up(connection, seconds))
    if seconds is not None:
        event.listen(
            engine,
            "connect",
            lambda connection, _record: _limit_waiting(connection, seconds + GRACE_SECONDS),
        )
        event.listen(engine, "do_connect", Gate().connect)


class Gate:
    """Lets nobody wait for a server that has just let somebody else wait in vain."""

    def __init__(self) -> None:
        self.closed_until = 0.0

    def connect(
        self, dialect: Any, _record: object, arguments: list[Any], options: dict[str, Any]
    ) -> Any:
        """Open a connection, or refuse at once as long as the last try has not been answered."""
        began = time.monotonic()
        if began < self.closed_until:
            raise dialect.dbapi.OperationalError("the database did not answer a moment ago")
        try:
            return dialect.connect(*arguments, **options)
        except dialect.dbapi.Error:
            if time.monotonic() - began > 1:
                self.closed_until = time.monotonic() + _CLOSED_SECONDS
            raise


def is_dead(connection: Connection) -> bool:
    """Whether the server has ended a connection that was kept open."""
    return (
        connection.closed
        or connection.invalidated
        or _is_ended(connection.connection.driver_connection)
    )


def _refuse_dead(connection: Any, record: Any, _proxy: object) -> None:
    if record.info.get("was_used") and _has_something_to_read(connection):
        raise InvalidatePoolError("the server has ended the connection")
    record.info["was_used"] = True


def _is_ended(connection: Any) -> bool:
    return connection.closed or _has_something_to_read(connection)


def _has_something_to_read(connection: Any) -> bool:
    descriptor = connection.fileno()
    poll = getattr(select, "poll", None)
    if poll is None:  # Windows.
        return bool(select.select([descriptor], [], [], 0)[0])
    asked = poll()
    asked.register(descriptor, select.POLLIN)
    return bool(asked.poll(0))


def _set_up(connection: Any, seconds: int | None) -> None:
    """Durable after every commit, whatever the server's default; no lock outlives a process that stands still."""
    limit = 0 if seconds is None else seconds * 1000
    connection.autocommit = True  # Else what is set here would end with a transaction.
    connection.execute(_SETTINGS, (str(limit), str(limit * 3)))
    connection.autocommit = False


def _limit_waiting(connection: Any, seconds: int) -> None:
    """Give up a connection whose server does not answer in time: what it was asked to do may have happened or not."""
    wait = connection.wait

    def wait_so_long(asking: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return wait(asking, interval, seconds if timeout is None else timeout)
        except Exception:
            if connection.info.transaction_status == _ACTIVE:
                connection.close()
            raise

    connection.wait = wait_so_long
