"""Connections for single statements. Each statement is its own transaction.

Without BEGIN and COMMIT, a statement takes one round trip to PostgreSQL instead of three.

`AutocommitConnections` keeps a few connections, and does not return these connections to the pool.
Fetching a connection from the pool and returning the connection would take as long as the
statement. On PostgreSQL, a ping tests a kept connection before the next statement. The ping takes
one more round trip.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

from fitquiz.store.engine.sqlite import AUTOCOMMIT_OPTION

MAX_KEPT = 4
"""The largest number of kept connections. Sessions need the other connections of the pool."""


class AutocommitConnections:
    """Provides autocommit connections of an engine.

    Read all rows of a result before you treat the statement as successful. SQLite commits the
    statement only after the last row is read.
    """

    def __init__(self, engine: Engine) -> None:
        self._is_postgresql = engine.dialect.name == "postgresql"
        options: dict[str, Any] = {AUTOCOMMIT_OPTION: True}
        if self._is_postgresql:
            options["isolation_level"] = "AUTOCOMMIT"
        self._engine = engine.execution_options(**options)
        self._kept: list[Connection] = []
        event.listen(engine, "engine_disposed", lambda _engine: self._close_kept())

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Provide a connection for the `with` block.

        After an error in the block, the connection is closed and not kept.
        """
        connection = self._take()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if len(self._kept) < MAX_KEPT:
            self._kept.append(connection)
        else:
            connection.close()

    def _take(self) -> Connection:
        """Return a kept connection that works.

        If no kept connection works, return a connection from the pool.
        """
        while (connection := self._pop_kept()) is not None:
            if self._is_alive(connection):
                return connection
            _discard(connection)
        return self._engine.connect()

    def _is_alive(self, connection: Connection) -> bool:
        """Return whether the server answers a ping. Return True for SQLite, which has no server."""
        if not self._is_postgresql:
            return True
        if connection.closed or connection.invalidated:
            return False
        dialect = connection.dialect
        driver_connection: Any = connection.connection.dbapi_connection
        try:
            return dialect.do_ping(driver_connection)
        except dialect.loaded_dbapi.Error:
            return False

    def _close_kept(self) -> None:
        while (connection := self._pop_kept()) is not None:
            _discard(connection)

    def _pop_kept(self) -> Connection | None:
        try:
            return self._kept.pop()
        except IndexError:
            # No connection is kept, or another thread has taken the last kept connection.
            return None


def _discard(connection: Connection) -> None:
    connection.invalidate()
    connection.close()
