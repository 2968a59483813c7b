"""Runs a statement and returns the number of changed rows.

SQLAlchemy's type hints for `execute` do not include this number.
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
        raise TypeError("only an INSERT, UPDATE or DELETE has a number of changed rows")
    return result.rowcount
