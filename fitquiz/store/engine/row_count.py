"""Says how many rows a statement has changed. SQLAlchemy's types leave that out of a plain result."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable
from sqlalchemy.orm import Session


def change_rows(
    executor: Session | Connection,
    statement: Executable,
    values: Mapping[str, Any] | None = None,
    **options: Any,
) -> int:
    """Run an INSERT, UPDATE or DELETE and return the number of rows that it has changed.

    `options` are SQLAlchemy's execution options.
    """
    result = executor.execute(statement, values, execution_options=options)
    if not isinstance(result, CursorResult):
        raise TypeError("only an INSERT, UPDATE or DELETE has a number of changed rows")
    return result.rowcount
