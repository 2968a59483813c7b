"""Connections for single statements. Each is its own transaction, without BEGIN and COMMIT.

On PostgreSQL this saves two of three round trips. A few connections stay open between two
requests: to fetch one from the pool and return it takes as long as the statement itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

from fitquiz.store.engine.sqlite import AUTOCOMMIT_OPTION

MAX_KEPT = 4
"""The pool must have connections left for sessions."""


class AutocommitConnections:
    """Lends autocommit connections of an engine.

    Read all rows before you rely on the statement having succeeded.
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
        """Lend a connection. After an error inside the block it is not kept."""
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
        """Return a kept connection that still works, or one from the pool."""
        while (connection := self._pop_kept()) is not None:
            if self._is_alive(connection):
                return connection
            _discard(connection)
        return self._engine.connect()

    def _is_alive(self, connection: Connection) -> bool:
        """Ping the server. SQLite has no server that could go away."""
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
        except (
            IndexError
        ):  # The list is empty, perhaps because another thread was faster.
            return None


def _discard(connection: Connection) -> None:
    connection.invalidate()
    connection.close()
