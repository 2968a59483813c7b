"""A database URL opens a database, or is refused with a sentence."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from fitquiz.store.engine.database import (
    DatabaseUnusableError,
    describe_error,
    open_database,
)
from fitquiz.store.upkeep.schema import upgrade_schema
from tests.store.support.cast import (
    NewUrl,
)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "cannot be read"),
        ("fitquiz.db", "cannot be read"),
        ("postgresql://alice:geheim@host:port/name", "cannot be read"),
        ("mysql://alice:geheim@host/name", "The database is mysql; use sqlite or postgresql"),
        ("oracle+nonsense://host/name", "The database is oracle; use sqlite or postgresql"),
        ("sqlite://", "needs a database in a file; write sqlite:///file.db, or unset"),
        ("sqlite:///:memory:", "needs a database in a file; write sqlite:///file.db, or unset"),
        ("nonsense://alice:geheim@host/name", "The database is nonsense; use sqlite or postgresql"),
    ],
)
def test_a_wrong_url_is_refused_with_a_sentence(url: str, sentence: str) -> None:
    with pytest.raises(DatabaseUnusableError, match=sentence) as refusal:
        open_database(url)
    assert_is_a_sentence(str(refusal.value))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://alice:geheim@127.0.0.1:1/name",
        "postgresql://alice:geheim@127.0.0.1:1/name?sslpassword=geheim",
        "postgresql://alice@127.0.0.1:1/name?password=geheim",
    ],
)
def test_the_error_for_an_unreachable_postgresql_hides_its_password(url: str) -> None:
    with pytest.raises(DatabaseUnusableError, match=r"cannot be opened: .*refused") as refusal:
        upgrade_schema(open_database(url))
    assert_is_a_sentence(str(refusal.value))


@pytest.mark.parametrize(
    "scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"]
)
def test_every_usual_way_of_naming_postgresql_opens_it_with_our_driver(scheme: str) -> None:
    assert open_database(f"{scheme}://alice@host/name").engine.driver == "psycopg"


def test_a_missing_folder_of_the_sqlite_file_gets_a_sentence(
    tmp_path: Path,
) -> None:
    with pytest.raises(
        DatabaseUnusableError, match=r"folder.* cannot be written.*No such file"
    ) as refusal:
        upgrade_schema(open_database(f"sqlite:///{tmp_path}/nowhere/fitquiz.db"))
    assert_is_a_sentence(str(refusal.value))


def test_a_folder_in_place_of_the_sqlite_file_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        DatabaseUnusableError, match="cannot be opened: unable to open database file"
    ) as refusal:
        upgrade_schema(open_database(f"sqlite:///{tmp_path}"))
    assert_is_a_sentence(str(refusal.value))


def test_a_file_that_is_no_database_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "fitquiz.db").write_text("Dear diary, " * 1000)
    with pytest.raises(
        DatabaseUnusableError, match="cannot be opened: file is not a database"
    ) as refusal:
        upgrade_schema(open_database(f"sqlite:///{tmp_path}/fitquiz.db"))
    assert_is_a_sentence(str(refusal.value))


def assert_is_a_sentence(said: str) -> None:
    assert said.endswith(".")
    assert "\n" not in said
    assert "geheim" not in said


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        (
            'connection failed: FATAL:  password authentication failed for user "alice"',
            "correct the password",
        ),
        (
            'connection failed: FATAL:  database "nowhere" does not exist',
            "create what is missing, or correct",
        ),
        ("database is locked", "or try again later"),
        ("database or disk is full", "delete other files from the disk"),
        ("something nobody has thought of", ""),
    ],
)
def test_the_message_of_the_driver_comes_with_a_remedy(said: str, remedy: str) -> None:
    sentence = describe_error(
        OperationalError("SELECT 1", {}, sqlite3.OperationalError(f"{said}\n  detail"))
    )
    assert sentence == said or (sentence.startswith(f"{said}; ") and remedy in sentence)
    assert bool(remedy) == (sentence != said)


def test_a_missing_postgresql_database_gets_a_sentence(new_postgres_url: NewUrl) -> None:
    database = open_database(
        new_postgres_url().replace("/alone_", "/nowhere_").replace("/gw", "/nowhere")
    )
    with pytest.raises(
        DatabaseUnusableError,
        match=r"does not exist; create what is missing, or correct FITQUIZ_DATABASE_URL\.$",
    ):
        upgrade_schema(database)
    database.engine.dispose()
