"""Whatever is in its way, each command says one sentence that names the remedy, and shows no stack trace."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from fitquiz.cli.backup_files import write_new_file
from fitquiz.server import serving
from fitquiz.store.engine import sqlite
from fitquiz.store.engine.database import open_database
from fitquiz.store.upkeep.backups import write_backup
from fitquiz.store.upkeep.schema import upgrade_schema
from tests.cli.one_sentence import assert_is_one_sentence
from tests.reliability.support.forked_commands import run_forked
from tests.reliability.support.server import find_free_port, make_environment
from tests.store.support.cast import NOW
from tests.web.support.app_fixtures import Run

STAFF = ("staff", "add", "ada@example.org", "--name", "Ada", "--permission", "admin")
COMMANDS: dict[str, tuple[str, ...]] = {
    "serve": ("serve",),
    "purge": ("purge",),
    "seal": ("seal", "--due"),
    "staff": STAFF,
    "key": ("key", "replace"),
    "backup": ("backup", "{folder}/new"),
    "restore": ("restore", "{folder}/backup"),
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits ten seconds for a locked database, and no test serves."""
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0)
    monkeypatch.setenv("FITQUIZ_PORT", str(find_free_port()))
    monkeypatch.setattr(serving, "Granian", None)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an instance, and a backup beside it. Tests copy the folder."""
    folder = tmp_path_factory.mktemp("prepared")
    (folder / "instance").mkdir()
    database = open_database(f"sqlite:///{folder}/instance/fitquiz.db")
    upgrade_schema(database)
    write_new_file(folder / "backup", NOW, lambda draft: write_backup(database, draft))
    database.engine.dispose()
    return folder


@pytest.fixture
def instance(tmp_path: Path, prepared: Path) -> Path:
    """An instance, and a backup of another one beside it."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    return tmp_path / "instance"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    with closing(sqlite3.connect(folder / "fitquiz.db", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def damaged(folder: Path) -> Iterator[None]:
    path = folder / "fitquiz.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\x55" * (len(whole) - 100))
    yield


@contextmanager
def foreign(folder: Path) -> Iterator[None]:
    (folder / "fitquiz.db").write_text("Dear diary, " * 1000)
    yield


@contextmanager
def a_folder(folder: Path) -> Iterator[None]:
    (folder / "fitquiz.db").unlink()
    (folder / "fitquiz.db").mkdir()
    yield


@contextmanager
def too_new(folder: Path) -> Iterator[None]:
    with closing(sqlite3.connect(folder / "fitquiz.db")) as file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
        file.commit()
    yield


WAYS: dict[str, tuple[Callable[[Path], AbstractContextManager[None]], str]] = {
    "locked": (
        locked,
        "is locked; end the program that has locked the database, or try again later",
    ),
    "damaged": (damaged, "restore a backup into a new file"),
    "foreign": (
        foreign,
        "file is not a database; name another file, or restore a backup into a new file",
    ),
    "a folder": (a_folder, "to a file in a folder that exists and can be written"),
    "too new": (
        too_new,
        "to revision 9999; install the newer version of fitquiz, or use another database",
    ),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("way", WAYS)
def test_a_database_that_cannot_be_used_is_told(
    run: Run, instance: Path, monkeypatch: pytest.MonkeyPatch, command: str, way: str
) -> None:
    spoil, words = WAYS[way]
    monkeypatch.setenv("FITQUIZ_INSTANCE", str(instance))
    monkeypatch.setenv("FITQUIZ_SECRET_KEY", "k9f2-x7q1-m4z8-p0w3-first-of-all")
    with spoil(instance):
        said = run(*(each.format(folder=instance.parent) for each in COMMANDS[command]), code=1)
    assert_is_one_sentence(said)
    assert words in said


SETTINGS = [
    (
        {"DATABASE_URL": "postgresql://alice:geheim@127.0.0.1:1/name"},
        "start PostgreSQL, or correct FITQUIZ_DATABASE_URL",
    ),
    ({"DATABASE_URL": "sqlite:////proc/fitquiz.db"}, "; "),
    ({"DATABASE_URL": "sqlite:////dev/null/fitquiz.db"}, "; "),
    ({"DATABASE_URL": "nonsense"}, "write sqlite:///file.db or postgresql://"),
    ({"COLOUR": "green"}, "FITQUIZ_COLOUR is not a setting"),
]


@pytest.mark.parametrize("command", [*COMMANDS, "doctor"])
@pytest.mark.parametrize(("settings", "words"), SETTINGS, ids=str)
def test_settings_that_lead_nowhere_are_told(
    run: Run,
    instance: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    settings: dict[str, str],
    words: str,
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"FITQUIZ_{name}", value)
    if command == "doctor":
        code = 0 if "sqlite" in str(settings) else 1
        assert "Traceback" not in run("doctor", code=code)
        return
    said = run(*(each.format(folder=instance.parent) for each in COMMANDS[command]), code=1)
    assert_is_one_sentence(said)
    assert words in said
    assert "geheim" not in said


@pytest.mark.parametrize("place", ["/dev/null/backup", "/proc/backup", "{folder}/nowhere/backup"])
def test_a_backup_that_cannot_be_written_is_told(run: Run, instance: Path, place: str) -> None:
    said = run("backup", place.format(folder=instance), code=1)
    assert_is_one_sentence(said)
    assert "cannot be written" in said


@pytest.mark.parametrize("room", [0, 4096, 30_000, 60_000])
@pytest.mark.parametrize("command", ["serve", "staff", "backup", "restore"])
def test_a_full_disk_is_told(instance: Path, tmp_path: Path, room: int, command: str) -> None:
    arguments = [each.format(folder=tmp_path) for each in COMMANDS[command]]
    folder = instance if command == "backup" else tmp_path / "full"
    environment = make_environment(instance=folder, port=find_free_port())
    done = run_forked(*arguments, environment=environment, most_bytes=room)
    assert (done.code, done.stdout) == (1, "")
    assert_is_one_sentence(done.stderr)
    assert not (tmp_path / "new").exists()
    assert [each.name for each in tmp_path.glob(".fitquiz-backup-*")] == []
