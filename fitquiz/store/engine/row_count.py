"""Runs a statement and returns the number of changed rows.

According to SQLAlchemy's type hints, `Session.execute` returns a result without `rowcount`.
Therefore `change_rows` checks the type of the result.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CursorResult, Executable

from fitquiz.store.engine.upserts import Executor


def change_rows(
    executor: Executor,
    statement: Executable,
    values: Mapping[str, Any] | None = None,
    **options: Any,
) -> int:
    """Run an INSERT, UPDATE or DELETE, and return the number of changed rows.

    `options` are SQLAlchemy's execution options.
    """
    result = executor.execute(statement, values, execution_options=options)
    if not isinstance(result, CursorResult):
        raise TypeError("the result of the statement has no number of changed rows")
    return result.rowcount
