"""Lets SQLite in the tests' own process not wait for the disk."""

import pytest

from fitquiz.store.engine import sqlite

__all__ = ["quick_writes"]
"""A conftest imports the fixture with `*`."""

_QUICK = tuple(pragma.replace("synchronous=FULL", "synchronous=OFF") for pragma in sqlite._PRAGMAS)


@pytest.fixture(autouse=True)
def quick_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait until each commit is on the disk. Only a power cut would lose a commit.

    `tests/store/engine/test_database.py` and `test_connections.py` test that fitquiz waits. Servers and commands in
    processes of their own wait too.
    """
    monkeypatch.setattr(sqlite, "_PRAGMAS", _QUICK)
