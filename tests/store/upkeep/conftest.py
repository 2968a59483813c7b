"""Further databases for a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fitquiz.store.engine.database import Database, open_database
from tests.store.support.cast import NewUrl, OpenNew


@pytest.fixture
def open_new(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[OpenNew]:
    """Return a function that opens one more empty database of a kind."""
    opened: list[Database] = []

    def open_one(kind: str) -> Database:
        if kind == "sqlite":
            url = f"sqlite:///{tmp_path}/new-{len(opened)}.db"
        else:
            make: NewUrl = request.getfixturevalue("new_postgres_url")
            url = make()
        opened.append(open_database(url))
        return opened[-1]

    yield open_one
    for each in opened:
        each.engine.dispose()
