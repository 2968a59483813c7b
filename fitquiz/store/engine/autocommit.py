"""Connections for one statement each, which is a transaction of its own: no BEGIN before it and no COMMIT after.

On PostgreSQL that saves two of three turns. Some stay open between two requests: to fetch one from the pool and to
give it back took as long as the statement of an item's page.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, ExceptionContext, event

from fitquiz.store.engine.postgresql import is_dead

ALONE = "fitquiz_alone"
MOST_KEPT = 4
"""They are taken from the pool, which must have enough left for everything else."""


class Alone:
    """Gives out connections on an engine. Nothing is certain before all rows that a statement gives have been read."""

    def __init__(self, engine: Engine) -> None:
        self._is_postgresql = engine.dialect.name == "postgresql"
        autocommit = {"isolation_level": "AUTOCOMMIT"} if self._is_postgresql else {}
        self._engine = engine.execution_options(**{ALONE: True}, **autocommit)
        self._kept: list[Connection] = []
        event.listen(engine, "engine_disposed", lambda _engine: self._let_go())
        event.listen(engine, "handle_error", self._follow)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Lend a connection; after a failure it is not used again."""
        connection = self._take()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if len(self._kept) < MOST_KEPT:
            self._kept.append(connection)
        else:
            connection.close()

    def _take(self) -> Connection:
        while (connection := self._pop()) is not None:
            if not (self._is_postgresql and is_dead(connection)):
                return connection
            _end(connection)
        return self._engine.connect()

    def _follow(self, failure: ExceptionContext) -> None:
        """Where one connection has turned out dead, the pool gives up all; of those kept, each would wait in vain."""
        if failure.is_disconnect:
            self._let_go()

    def _let_go(self) -> None:
        while (connection := self._pop()) is not None:
            _end(connection)

    def _pop(self) -> Connection | None:
        try:
            return self._kept.pop()
        except IndexError:  # There is none, or another thread was quicker.
            return None


def _end(connection: Connection) -> None:
    connection.invalidate()
    connection.close()
