"""Backups of one moment, from either database into either, and the rules after a restore."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from sqlalchemy import select, text

from fitquiz.store.accounts.key_fingerprints import note_fingerprint
from fitquiz.store.accounts.password_links import SETUP, make_link
from fitquiz.store.attempts.attempts import find_attempt
from fitquiz.store.campaigns.campaign_lifecycle import delete_campaign
from fitquiz.store.campaigns.campaigns import add_campaign
from fitquiz.store.engine.database import Database, DatabaseUnusableError, open_database
from fitquiz.store.ledger.sealing import list_due, seal_campaign
from fitquiz.store.tables.ledger_tables import LedgerRow
from fitquiz.store.upkeep import backups
from fitquiz.store.upkeep.copying import copy_rows
from fitquiz.store.upkeep.schema import upgrade_schema
from fitquiz.web.site.database_session import dispose_database
from tests.core.support.shipped_packs import PACK
from tests.released.keeping import load_kept
from tests.released.opening import list_links, open_app, read_results, read_statuses
from tests.store.support.backing_up import (
    RESTORED_AT,
    back_up,
    list_public,
    refuse_changes,
    restore,
)
from tests.store.support.cast import MALLORY, NOW, OpenNew, reading, start, writing
from tests.store.support.ledger_cast import count_waiting, make_new_campaign, no_noise
from tests.store.support.reading_all import (
    SAID,
    find_said_statuses,
    keep_released_fields,
    read_all,
)

ENDED = ("sign_in", "staff_link", "throttle")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database of the first released schema, on SQLite, only to be read."""
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('kept')}/fitquiz.db")
    load_kept(database)
    yield database
    database.engine.dispose()


@pytest.fixture(scope="module")
def whole(kept: Database, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of `kept`, read only."""
    return back_up(kept, tmp_path_factory.mktemp("whole") / "backup")


@pytest.fixture
def backup(whole: Path, tmp_path: Path) -> Path:
    """A copy of that backup, for one test."""
    return Path(copy(whole, tmp_path / "backup"))


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("sqlite", "postgresql"),
        pytest.param("postgresql", "sqlite", marks=pytest.mark.long),
        pytest.param("sqlite", "sqlite", marks=pytest.mark.long),
        pytest.param("postgresql", "postgresql", marks=pytest.mark.long),
    ],
)
def test_a_backup_of_either_database_goes_into_either(
    open_new: OpenNew, tmp_path: Path, source: str, target: str
) -> None:
    old, new = open_new(source), open_new(target)
    load_kept(old)
    upgrade_schema(old)
    with writing(old) as session:
        delete_campaign(
            session, add_campaign(session, 2, make_new_campaign(), PACK, NOW), NOW.date()
        )
    restored = restore(new, back_up(old, tmp_path / "backup"))
    before, after = read_all(old), read_all(new)
    assert {name: rows for name, rows in after.items() if name not in ENDED} == {
        name: rows for name, rows in before.items() if name not in ENDED
    }
    assert restored.rows == {
        name: len(rows) for name, rows in before.items() if name not in ENDED
    } | {
        "campaign_factor": 4,
        "campaign_member": 4,
        "key_fingerprint": 0,
        "mailing": 0,
        "respondent_report": 0,
    }
    with writing(new) as session:
        new_id = add_campaign(session, 2, make_new_campaign(), PACK, NOW)
        assert new_id == 6, "an id was given twice"


@pytest.mark.long
def test_new_ids_follow_the_last_id_given(open_new: OpenNew, kept: Database, backup: Path) -> None:
    new = open_new("postgresql")
    restore(new, backup)
    with writing(new) as session:
        last = session.execute(text("SELECT max(id) FROM attempt")).scalar_one()
        assert start(session, MALLORY).id == last + 1


@pytest.mark.parametrize(
    ("target", "step"),
    [
        ("sqlite", 7),
        pytest.param("sqlite", 1, marks=pytest.mark.long),
        pytest.param("postgresql", 1, marks=pytest.mark.long),
    ],
)
def test_after_a_restore_every_result_is_the_same_and_every_link_of_respondents_opens(
    open_new: OpenNew, backup: Path, tmp_path: Path, target: str, step: int
) -> None:
    """The short run opens every seventh link."""
    new = open_new(target)
    restore(new, backup)
    app = open_app(new.engine.url.render_as_string(hide_password=False), tmp_path / "instance")
    assert keep_released_fields(read_results(app)) == SAID["results"]
    links = [each for each in list_links() if each[0] != "staff link"][::step]
    assert read_statuses(app, links) == find_said_statuses(links)
    refuse_changes(app)
    dispose_database(app)


def test_a_database_that_is_not_empty_is_refused_and_not_touched(
    kept: Database, backup: Path
) -> None:
    before = read_all(kept)
    with pytest.raises(DatabaseUnusableError, match="is not empty; restore into an empty database"):
        restore(kept, backup)
    assert read_all(kept) == before


def test_a_foreign_database_is_refused_even_without_a_row(
    open_new: OpenNew, backup: Path, backend: str
) -> None:
    foreign = open_new(backend)
    with foreign.engine.begin() as connection:
        connection.execute(text("CREATE TABLE staff_link (id integer)"))
    with pytest.raises(DatabaseUnusableError, match="is not empty"):
        restore(foreign, backup)
    assert list_public(foreign) == ["staff_link"]


def test_a_database_that_a_server_has_only_started_on_is_empty(
    open_new: OpenNew, backup: Path, backend: str
) -> None:
    started = open_new(backend)
    upgrade_schema(started)
    with writing(started) as session:
        note_fingerprint(session, b"f" * 32, NOW)
        make_link(session, b"t" * 32, None, SETUP, NOW)
    assert restore(started, backup).fingerprint is None
    assert len(read_all(started)["attempt"]) == 1016


def test_a_failed_restore_leaves_nothing(
    open_new: OpenNew, backup: Path, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = open_new(backend)

    def break_off(*_given: object) -> None:
        raise DatabaseUnusableError("The power went.")

    with monkeypatch.context() as patch:
        patch.setattr(backups, "apply_restore_rules", break_off)
        with pytest.raises(DatabaseUnusableError, match="power"):
            restore(new, backup)
    assert list_public(new) == []
    restore(new, backup)


def test_an_empty_database_is_not_backed_up(
    open_new: OpenNew, tmp_path: Path, backend: str
) -> None:
    empty = open_new(backend)
    with empty.engine.connect():
        pass
    with pytest.raises(DatabaseUnusableError, match="is empty; there is nothing to back up"):
        back_up(empty, tmp_path / "backup")


def test_a_backup_of_a_newer_schema_is_refused(
    open_new: OpenNew, kept: Database, backup: Path
) -> None:
    with backups._open_file(backup).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    new = open_new("sqlite")
    with pytest.raises(DatabaseUnusableError, match="to revision 9999; install the newer"):
        restore(new, backup)
    assert list_public(new) == []


def test_waiting_responses_are_not_sealed_after_a_restore(
    open_new: OpenNew, backup: Path, backend: str
) -> None:
    new = open_new(backend)
    kept = restore(new, backup, keeps_pending=False).summary
    assert (kept.forgotten, kept.ended, kept.restarted) == (186, 1, 1)
    with writing(new) as session:
        assert count_waiting(session) == 0
        published = session.scalars(select(LedgerRow.id)).all()
        assert list_due(session, RESTORED_AT.date() + timedelta(6)) == []
        assert list_due(session, RESTORED_AT.date() + timedelta(7)) == [2]
        due_at = RESTORED_AT + timedelta(7)
        assert seal_campaign(session, 2, due_at, due_at.date(), no_noise) is not None
        assert session.scalars(select(LedgerRow.id)).all() == published


def test_a_new_period_begins_with_the_restore(open_new: OpenNew, backup: Path) -> None:
    new = open_new("sqlite")
    restore(new, backup, keeps_pending=False)
    days = {row[1]: (row[2], row[3]) for row in read_campaigns(new)}
    assert days["Always"] == ("2026-11-25", None)
    assert days["Few"] == ("2026-11-25", "2026-11-25 12:00:00.000000")
    assert days["Next"] == (None, None)
    assert days["Spring"] == ("2026-10-02", "2026-10-02 08:00:00.000000")


def read_campaigns(database: Database) -> list[Any]:
    with reading(database) as session:
        return list(session.execute(text("SELECT id, title, ticked_on, sealed_at FROM campaign")))


def test_waiting_responses_are_kept_if_nothing_was_sealed_since(
    open_new: OpenNew, backup: Path
) -> None:
    new = open_new("sqlite")
    assert restore(new, backup).summary.forgotten == 0
    with reading(new) as session:
        assert count_waiting(session) == 186
        assert list_due(session, RESTORED_AT.date()) == [2, 3]


def test_nobody_is_signed_in_and_no_one_time_link_lives_after_a_restore(
    open_new: OpenNew, backup: Path
) -> None:
    with backups._open_file(backup).begin() as connection:  # Older backups had such rows.
        connection.execute(text("INSERT INTO throttle VALUES (x'00', 1)"))
        connection.execute(
            text(
                "INSERT INTO sign_in SELECT x'00', id, 0, created_at, created_at FROM staff LIMIT 1"
            )
        )
        connection.execute(
            text("INSERT INTO staff_link VALUES (x'00', NULL, 'setup', '2027-01-01')")
        )
    new = open_new("sqlite")
    restore(new, backup)
    rows = read_all(new)
    assert [rows[name] for name in ENDED] == [[], [], []]


def test_sign_ins_one_time_links_and_tries_are_in_no_backup(kept: Database, whole: Path) -> None:
    before = read_all(kept)
    assert all(before[name] for name in ENDED), "there is nothing that could be left out"
    with backups._open_file(whole, is_new=False).connect() as connection:
        assert [connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in ENDED] == [
            0,
            0,
            0,
        ]


def test_a_write_during_a_backup_succeeds_and_is_not_in_the_backup(
    open_new: OpenNew, tmp_path: Path, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, copy_all = open_new(backend), copy_rows
    load_kept(database)
    upgrade_schema(database)

    def copy_slowly(source: Any, target: Any, *rest: Any) -> dict[str, int]:
        source.execute(text("SELECT count(*) FROM attempt"))
        # No `with`: after a failure, the pool would wait for the write, which waits for the backup.
        ThreadPoolExecutor(1).submit(add_one, database).result(timeout=5)
        return copy_all(source, target, *rest)

    monkeypatch.setattr(backups, "copy_rows", copy_slowly)
    path, new = back_up(database, tmp_path / "backup"), open_new("sqlite")
    restore(new, path)
    with reading(database) as session, reading(new) as other:
        assert find_attempt(session, MALLORY) is not None
        assert find_attempt(other, MALLORY) is None


def add_one(database: Database) -> None:
    with writing(database) as session:
        start(session, MALLORY)
