"""The migrations create exactly the tables of the models, also when processes start at once."""

import pkgutil
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alembic import command
from sqlalchemy import inspect, text

from fitquiz.store import tables
from fitquiz.store.engine.database import Database, DatabaseUnusableError, open_database
from fitquiz.store.ledger import postgresql_rights
from fitquiz.store.tables.base import Row
from fitquiz.store.upkeep.schema import (
    TABLES,
    is_current,
    make_config,
    upgrade_connection,
    upgrade_schema,
)
from tests.store.conftest import run_outside_transaction
from tests.store.support.cast import (
    NewUrl,
    assert_waits,
    noting_statements,
    reading,
    see,
    start,
    writing,
)
from tests.store.support.crowds import run_crowd


def list_tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def test_an_empty_database_gets_every_table(empty_database: Database) -> None:
    upgrade_schema(empty_database)
    assert list_tables(empty_database) == {*Row.metadata.tables, "alembic_version"}


def test_no_module_with_tables_is_hidden_from_the_comparison() -> None:
    """SQLAlchemy does not know the tables of a module that nothing imports."""
    names = {each.name for each in pkgutil.iter_modules(tables.__path__)} - {"base"}
    assert names == {each.__name__.rpartition(".")[2] for each in TABLES}


def test_models_and_migrations_do_not_differ(empty_database: Database) -> None:
    upgrade_schema(empty_database)
    with empty_database.engine.begin() as connection:
        command.check(make_config(connection))


def test_upgrading_again_changes_no_row_and_no_table(database: Database) -> None:
    with writing(database) as session:
        attempt = start(session)
    with noting_statements(database) as statements:
        upgrade_schema(database)
    assert not [
        each
        for each in statements
        if each.strip().startswith(("CREATE", "ALTER", "INSERT", "UPDATE"))
    ]
    with reading(database) as session:
        assert see(session) == attempt


def test_the_table_of_answers_has_no_row_number_that_shows_their_order(
    database: Database,
) -> None:
    with reading(database) as session:
        if database.engine.dialect.name == "sqlite":
            assert (
                "WITHOUT ROWID"
                in session.execute(
                    text("SELECT sql FROM sqlite_master WHERE name = 'answer'")
                ).scalar_one()
            )
    assert {column["name"] for column in inspect(database.engine).get_columns("answer")} == {
        "attempt_id",
        "item",
        "value",
        "answered_at",
    }


def test_four_processes_that_start_at_once_all_succeed(new_url: NewUrl) -> None:
    urls = [new_url() for _ in range(4)]
    assert run_crowd("start", *urls) == ""
    for url in urls:
        database = open_database(url)
        assert list_tables(database) == {*Row.metadata.tables, "alembic_version"}
        database.engine.dispose()


def test_two_databases_of_one_postgresql_server_are_migrated_at_once(
    new_postgres_url: NewUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    role = f"fitquiz_{secrets.token_hex(8)}"
    monkeypatch.setattr(postgresql_rights, "ROLE", role)
    first, second = open_database(new_postgres_url()), open_database(new_postgres_url())
    with ThreadPoolExecutor(1) as pool:
        with first.engine.begin() as connection:
            upgrade_connection(connection)
            upgrade = pool.submit(upgrade_schema, second)
            assert_waits(upgrade)
        upgrade.result(timeout=20)
    assert list_tables(second) == list_tables(first)
    for database in (first, second):
        with database.engine.begin() as connection:
            may_read = text("SELECT has_table_privilege(:role, 'ledger', 'SELECT')")
            assert connection.scalar(may_read, {"role": role})
            connection.execute(text(f"DROP OWNED BY {role}"))
        database.engine.dispose()
    run_outside_transaction(first.engine.url, f"DROP ROLE {role}")


def test_a_database_of_a_newer_fitquiz_is_refused_with_a_sentence(database: Database) -> None:
    set_version(database, "9999")
    with pytest.raises(
        DatabaseUnusableError,
        match="newer version of fitquiz has upgraded the database to revision 9999; install the",
    ):
        upgrade_schema(database)
    set_version(database, "0001")


def test_a_schema_is_current_when_it_is_the_programs_own(empty_database: Database) -> None:
    assert not is_current(empty_database)
    upgrade_schema(empty_database)
    assert is_current(empty_database)
    for version in ("0001", "9999"):
        set_version(empty_database, version)
        assert not is_current(empty_database)


def test_a_refused_database_is_not_touched(database: Database) -> None:
    set_version(database, "9999")
    with noting_statements(database) as statements, pytest.raises(DatabaseUnusableError):
        upgrade_schema(database)
    assert {each.split()[0] for each in statements} <= {"BEGIN", "SELECT", "PRAGMA"}
    set_version(database, "0001")


def test_an_upgrade_that_fails_half_way_leaves_nothing_and_may_be_tried_again(
    empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_statements(empty_database, "CREATE TABLE deleted_attempt", monkeypatch)
    with pytest.raises(DatabaseUnusableError, match="disk is full"):
        upgrade_schema(empty_database)
    assert list_tables(empty_database) == set()
    monkeypatch.undo()
    upgrade_schema(empty_database)
    assert "deleted_attempt" in list_tables(empty_database)


def test_a_login_that_may_not_create_tables_gets_a_sentence(
    new_postgres_url: NewUrl,
) -> None:
    owner = open_database(new_postgres_url())
    with owner.engine.begin() as connection:
        connection.execute(text("CREATE ROLE mallory LOGIN"))
    guest = open_database(owner.engine.url.set(username="mallory").render_as_string())
    with pytest.raises(
        DatabaseUnusableError, match="cannot be opened: permission denied for schema public"
    ):
        upgrade_schema(guest)
    guest.engine.dispose()
    with owner.engine.begin() as connection:
        connection.execute(text("DROP ROLE mallory"))
    owner.engine.dispose()


def set_version(database: Database, version: str) -> None:
    with writing(database) as session:
        session.execute(
            text("UPDATE alembic_version SET version_num = :version"), {"version": version}
        )


def refuse_statements(database: Database, beginning: str, monkeypatch: pytest.MonkeyPatch) -> None:
    dialect = database.engine.dialect
    execute = dialect.do_execute

    def refuse(cursor: Any, statement: str, *rest: Any) -> None:
        if statement.strip().startswith(beginning):
            raise dialect.loaded_dbapi.OperationalError("disk is full")
        execute(cursor, statement, *rest)

    monkeypatch.setattr(dialect, "do_execute", refuse)
