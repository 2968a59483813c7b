"""A database that refuses a statement, and the error page for this case."""

import sqlite3
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

NOT_SAVED = "That was not saved"


def refuse_statement(engine: Engine, number: int) -> Callable[[], bool]:
    """Let the statement with this number fail once. Return a function that says whether the statement failed."""
    left = [number]

    def refuse(*_of_a_cursor: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise sqlite3.OperationalError("database or disk is full")

    event.listen(engine, "do_execute", refuse)

    def stop() -> bool:
        event.remove(engine, "do_execute", refuse)
        return left[0] <= 0

    return stop


def assert_not_saved(response: TestResponse) -> None:
    assert response.status_code == 503
    if response.is_json:
        assert list(response.get_json()) == ["error"]
    else:
        assert NOT_SAVED in response.text
    assert response.headers["Retry-After"]
    assert "disk is full" not in response.text
