"""`fitquiz doctor` finds what is wrong, says what to do about it, and changes nothing."""

import hashlib
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fitquiz.cli import doctor_checks
from fitquiz.cli.doctor import ALL_CHECKS
from fitquiz.config.settings import SettingsError
from fitquiz.store.engine.database import open_database
from fitquiz.store.upkeep.schema import upgrade_schema
from tests.released.keeping import load_kept
from tests.released.tokens import SECRET_KEY
from tests.reliability.support.server import ROOT
from tests.web.support.app_fixtures import MakeApp, Run

KEY = "k9f2-x7q1-m4z8-p0w3-first-of-all"


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance in good health, with a key file. The pages say who is responsible."""
    monkeypatch.setenv("FITQUIZ_ORGANISATION", "Fjord kommune")
    monkeypatch.setenv("FITQUIZ_CONTACT", "quiz@fjord.no")
    monkeypatch.setenv("FITQUIZ_ACCESSIBILITY_URL", "https://fjord.no/quiz")
    monkeypatch.setattr(doctor_checks, "LOW_DISK_BYTES", 0)
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    (folder / "secret_key").write_text(KEY)
    (folder / "secret_key").chmod(0o600)
    database = open_database(f"sqlite:///{folder}/fitquiz.db")
    upgrade_schema(database)
    database.engine.dispose()
    return folder


def change(instance: Path, statement: str) -> None:
    with closing(sqlite3.connect(instance / "fitquiz.db")) as file:
        file.execute(statement)
        file.commit()


def hash_files(folder: Path) -> dict[str, str]:
    """What is in each file; SQLite's own index of its log comes and goes."""
    files = [
        each
        for each in folder.rglob("*")
        if each.is_file() and not each.name.endswith(("-shm", "-wal"))
    ]
    return {str(each): hashlib.sha256(each.read_bytes()).hexdigest() for each in files}


def test_a_healthy_instance_is_told_so(run: Run, instance: Path) -> None:
    lines = run("doctor").splitlines()
    zones = [
        line for line in lines if line.startswith("ok   time zone: Europe/Oslo, where it is 20")
    ]
    names = ["ok   time zone" if line in zones else line for line in lines]
    assert len(zones) == 1
    assert names == [f"ok   {name}" for name, _ in ALL_CHECKS]


def test_doctor_names_the_settings_that_say_who_is_responsible(
    run: Run, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FITQUIZ_CONTACT", "")
    monkeypatch.setenv("FITQUIZ_ACCESSIBILITY_URL", "")
    said = run("doctor")
    assert (
        "warn responsible: the pages do not say who is responsible; set FITQUIZ_CONTACT, " in said
    )
    assert "FITQUIZ_ORGANISATION" not in said


def test_nothing_is_made_where_nothing_is(run: Run, tmp_path: Path) -> None:
    said = run("doctor")
    assert "warn folder: " in said
    assert "there is no file" in said
    assert "FAIL" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_not_migrated_is_told_and_left_as_it_is(
    run: Run, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (instance / "fitquiz.db").unlink()
    database = open_database(f"sqlite:///{instance}/fitquiz.db")
    load_kept(database)
    database.engine.dispose()
    monkeypatch.setenv("FITQUIZ_SECRET_KEY", SECRET_KEY)
    before = hash_files(instance)
    said = run("doctor")
    assert "warn database: the schema has revision 0003, not " in said
    assert "; back up the database, then start the server" in said
    assert "this check needs the newest schema; start the server" in said
    assert "FAIL" not in said
    assert hash_files(instance) == before


def test_what_should_have_been_done_long_ago_is_told(
    run: Run, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (instance / "fitquiz.db").unlink()
    database = open_database(f"sqlite:///{instance}/fitquiz.db")
    load_kept(database)
    upgrade_schema(database)
    database.engine.dispose()
    monkeypatch.setenv("FITQUIZ_SECRET_KEY", SECRET_KEY)
    said = run("doctor")
    assert "expired attempts are not deleted; start the server, or run fitquiz purge" in said
    assert "2 due campaigns are not sealed; start the server, or run fitquiz seal --due" in said


def spoil(instance: Path) -> None:
    path = instance / "fitquiz.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\x55" * 8192 + whole[12288:])


def replace_by_text(instance: Path) -> None:
    (instance / "fitquiz.db").write_text("Dear diary, " * 1000)


def replace_by_folder(instance: Path) -> None:
    (instance / "fitquiz.db").unlink()
    (instance / "fitquiz.db").mkdir()


def set_journal(instance: Path) -> None:
    change(instance, "PRAGMA journal_mode=DELETE")


def add_future(instance: Path) -> None:
    later = datetime.now(UTC) + timedelta(days=2)
    change(
        instance,
        f"INSERT INTO audit VALUES (99, '{later:%Y-%m-%d %H:%M:%S.%f}', NULL, '', 'x', '')",
    )


ILLS: dict[str, tuple[Callable[[Path], object], str]] = {
    "open folder": (lambda folder: folder.chmod(0o755), "warn folder: other accounts can open "),
    "open key": (
        lambda folder: (folder / "secret_key").chmod(0o644),
        "FAIL secret key: other accounts can read ",
    ),
    "short key": (
        lambda folder: (folder / "secret_key").write_text("short"),
        "FAIL secret key: The secret key in ",
    ),
    "damage": (spoil, "FAIL database"),
    "no database": (replace_by_text, "FAIL database: file is not a database"),
    "folder in place of the file": (replace_by_folder, "FAIL database: "),
    "journal": (set_journal, "warn database file: "),
    "clock": (add_future, "FAIL clock: the clock shows "),
    "newer": (
        lambda folder: change(folder, "UPDATE alembic_version SET version_num = '9999'"),
        "FAIL database: A newer version of fitquiz has upgraded the database to revision 9999",
    ),
    "other key": (
        lambda folder: change(
            folder, f"INSERT INTO key_fingerprint VALUES (1, x'{'00' * 32}', '2026-01-01')"
        ),
        "FAIL database key: the database belongs to another secret key; use that key, or run fitquiz key",
    ),
}


@pytest.mark.parametrize("ill", ILLS)
def test_what_is_wrong_is_told_with_what_to_do(run: Run, instance: Path, ill: str) -> None:
    make, words = ILLS[ill]
    make(instance)
    before = hash_files(instance)
    said = run("doctor", code=1 if words.startswith("FAIL") else 0)
    assert f"\n{words}" in f"\n{said}"
    assert "Traceback" not in said
    assert hash_files(instance) == before


def test_a_full_disk_is_told(run: Run, instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_checks, "LOW_DISK_BYTES", 1 << 70)
    monkeypatch.setattr(doctor_checks, "FULL_DISK_BYTES", 1 << 69)
    assert "FAIL disk space: " in run("doctor", code=1)


def test_a_broken_pack_is_told(
    run: Run, instance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "questions", tmp_path / "questions")
    (tmp_path / "questions" / "front-back-office" / "nb.toml").write_text("title = 1\n")
    monkeypatch.setenv("FITQUIZ_QUESTIONS", str(tmp_path / "questions"))
    said = run("doctor", code=1)
    assert "faults; run fitquiz pack check " in said
    assert "FAIL packs: there is no valid pack front-back-office in " in said


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (
            "postgresql://alice:geheim@127.0.0.1:1/name",
            "start PostgreSQL, or correct FITQUIZ_DATABASE_URL",
        ),
        ("sqlite:////proc/nowhere/fitquiz.db", "there is no file /proc/nowhere/fitquiz.db"),
    ],
)
def test_a_database_out_of_reach_is_told_once(
    run: Run, instance: Path, monkeypatch: pytest.MonkeyPatch, url: str, words: str
) -> None:
    monkeypatch.setenv("FITQUIZ_DATABASE_URL", url)
    said = run("doctor", code=1 if "postgres" in url else 0)
    assert said.count(words) == 1
    assert "geheim" not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROXIES", "nowhere"),
        ("HOSTS", "http://x"),
        ("LOG_FORMAT", "xml"),
        ("METRICS_TOKEN", "short"),
    ],
)
def test_what_a_start_would_refuse_to_read_is_told_by_the_same_sentence(
    run: Run,
    instance: Path,
    make_app: MakeApp,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
) -> None:
    with pytest.raises(SettingsError) as refused:
        make_app(**{name.lower(): value})
    monkeypatch.setenv(f"FITQUIZ_{name}", value)
    said = run("doctor", code=1).splitlines()
    assert [line for line in said if "FAIL" in line] == [
        f"FAIL settings: {str(refused.value).rstrip('.')}"
    ]


KILLED = """
import os, signal, sqlite3, sys
from fitquiz.store.engine.database import open_database
database = open_database(f"sqlite:///{sys.argv[1]}")
connection = database.engine.connect()
connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS late (id INTEGER)")
connection.commit()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_log_that_a_killed_server_has_left_is_read_and_left_as_it_is(
    run: Run, instance: Path
) -> None:
    path = instance / "fitquiz.db"
    subprocess.run([sys.executable, "-c", KILLED, path], cwd=ROOT, check=False)
    log = instance / "fitquiz.db-wal"
    before = path.read_bytes(), log.read_bytes()
    assert before[1]
    assert "FAIL" not in run("doctor")
    assert (path.read_bytes(), log.read_bytes()) == before
