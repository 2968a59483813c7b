"""Reads and changes the rows of an app's database, and collects its SQL statements."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event, text

from fitquiz.store.engine.database import Database
from fitquiz.store.tables.base import Row

TABLES = sorted(Row.metadata.tables)


def read_database(app: Flask) -> Database:
    """Return the app's database."""
    database: Database = app.extensions["fitquiz_database"]
    return database


def read_records(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table."""
    with read_database(app).engine.connect() as connection:
        queries = {table: f"SELECT * FROM {table} ORDER BY 1, 2" for table in TABLES}
        return {
            table: [tuple(row) for row in connection.execute(text(query))]
            for table, query in queries.items()
        }


def read_answers(app: Flask) -> dict[str, int | None]:
    """Return all answers by item. The database must contain only one attempt."""
    with read_database(app).engine.connect() as connection:
        rows = connection.execute(text("SELECT item, value FROM answer"))
        return {row.item: row.value for row in rows}


def read_pending_cells(app: Flask) -> list[str]:
    """Return the ones and zeros of each pending response."""
    with read_database(app).engine.connect() as connection:
        return list(connection.scalars(text("SELECT cells FROM pending")))


@contextmanager
def listing_statements(app: Flask) -> Iterator[list[str]]:
    """Collect the SQL statements that run in the `with` block, except BEGIN."""
    statements: list[str] = []
    engine = read_database(app).engine

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def change_behind(app: Flask, statement: str) -> None:
    """Run a statement that changes rows, without the app."""
    with read_database(app).engine.begin() as connection:
        connection.execute(text(statement))
