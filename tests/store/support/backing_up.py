"""Backs a database up and restores it, as the commands do."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from fitquiz.store.engine.database import Database
from fitquiz.store.upkeep.backups import Restored, restore_backup, write_backup
from tests.store.support.cast import writing

RESTORED_AT = datetime(2026, 11, 25, 12, tzinfo=UTC)


def back_up(database: Database, path: Path) -> Path:
    path.touch()
    write_backup(database, path)
    return path


def restore(database: Database, path: Path, keeps_pending: bool = True) -> Restored:
    return restore_backup(database, path, RESTORED_AT, RESTORED_AT.date(), keeps_pending)


def list_public(database: Database) -> list[str]:
    return inspect(database.engine).get_table_names()


def refuse_changes(app: Flask) -> None:
    database: Database = app.extensions["fitquiz_database"]
    with pytest.raises(DBAPIError, match="append-only"), writing(database) as session:
        session.execute(text("UPDATE ledger SET n = 1"))
