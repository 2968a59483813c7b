"""`fitquiz backup` while respondents answer, and `fitquiz restore` in an empty folder: nothing is missing."""

import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import connect

import pytest

from fitquiz.config.settings import BACKUP_DAYS
from fitquiz.core.secrets.tokens import hash_token
from tests.core.support.shipped_packs import PACK
from tests.reliability.support.backup_command import FITQUIZ
from tests.reliability.support.server import ROOT, Server, make_environment
from tests.reliability.support.visitor import BEGIN, Visitor, find_base
from tests.web.support.app_fixtures import Run

ITEMS = [item.id for item in PACK.items_of(PACK.first_parts)]
WRITERS = 3
HANGING = """
import time
from datetime import UTC, datetime
from pathlib import Path
from fitquiz.cli.backup_files import write_new_file
write_new_file(Path("backup"), datetime.now(UTC), lambda draft: (print("begun", flush=True), time.sleep(60)))
"""
"""A backup that does not get done."""
Given = tuple[str, str]


@dataclass
class Writer(Visitor):
    """Begins, and gives each item one answer; notes what was acknowledged, and how long each answer took."""

    port: int
    over: threading.Event
    sure: dict[Given, int] = field(default_factory=dict)
    waits: list[tuple[float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.port)

    def go_on_until_told(self) -> None:
        while not self.over.is_set():
            token = self.open_begin()
            base = find_base(self.post(BEGIN, token=token, device="own"))
            for item in ITEMS:
                began, value = time.monotonic(), random.randrange(5)
                assert self.post(f"{base}/items/{item}", answer=str(value)).status == 303
                self.waits.append((began, time.monotonic() - began))
                self.sure[token, item] = value
                if self.over.is_set():
                    return


def run_command(instance: Path, *arguments: object, code: int = 0, **settings: object) -> str:
    """Run a command in a process of its own, as a timer does, and return what it prints."""
    command = [*FITQUIZ, *map(str, arguments)]
    environment = make_environment(instance=instance, **settings)
    done = subprocess.run(
        command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    return done.stdout + done.stderr


def find_missing(database: Path, sure: dict[Given, int]) -> list[Given]:
    """What was acknowledged and is not in a database as it was given."""
    query = "SELECT token_hash, item, value FROM answer JOIN attempt ON attempt.id = attempt_id"
    with closing(connect(database)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        stored = {(token, item): value for token, item, value in file.execute(query)}
    return [
        given
        for given, value in sure.items()
        if stored.get((hash_token(given[0]), given[1])) != value
    ]


def back_up_and_restore(
    server: Server, writers: list[Writer], folder: Path
) -> tuple[list[Given], tuple[float, float]]:
    """Back up now, restore in an empty folder; return what is missing of what was acknowledged before, and when."""
    acknowledged = {given: value for each in writers for given, value in dict(each.sure).items()}
    folder.mkdir()
    began = time.monotonic()
    run_command(server.instance, "backup", folder / "backup")
    ended = time.monotonic()
    assert "Restored" in run_command(folder / "empty", "restore", folder / "backup")
    return find_missing(folder / "empty" / "fitquiz.db", acknowledged), (began, ended)


@pytest.mark.parametrize("times", [1, pytest.param(20, marks=pytest.mark.long)])
def test_backups_under_load_miss_nothing_that_was_acknowledged(
    server: Server, tmp_path: Path, times: int, capsys: pytest.CaptureFixture[str]
) -> None:
    over = threading.Event()
    missing: list[Given] = []
    spans: list[tuple[float, float]] = []
    writers = [Writer(server.port, over) for _ in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as pool:
        running = [pool.submit(each.go_on_until_told) for each in writers]
        try:
            for number in range(times):
                time.sleep(1)
                lost, span = back_up_and_restore(server, writers, tmp_path / str(number))
                missing += lost
                spans.append(span)
        finally:
            over.set()
        for each in running:
            each.result()
    with capsys.disabled():
        print(
            f"\n{times} backups, {sum(len(each.sure) for each in writers)} answers, {len(missing)} missing;",
            end=" ",
        )
        print(describe_waits([wait for each in writers for wait in each.waits], spans))
    assert missing == []


def describe_waits(waits: list[tuple[float, float]], spans: list[tuple[float, float]]) -> str:
    """How long answers took while a backup ran, and between them."""
    during = sorted(
        wait for at, wait in waits if any(began <= at <= ended for began, ended in spans)
    )
    besides = sorted(
        wait for at, wait in waits if not any(began <= at <= ended for began, ended in spans)
    )
    assert during
    told = [
        f"{each[len(each) // 2] * 1000:.0f} ms (median), {each[-1] * 1000:.0f} (worst)"
        for each in (during, besides)
    ]
    return f"an answer took {told[0]} during a backup, {told[1]} besides"


@pytest.fixture
def backup(run: Run, tmp_path: Path) -> Path:
    """A backup of a database with one account."""
    run("staff", "add", "ada@example.org", "--name", "Ada", "--permission", "admin")
    run("backup", tmp_path / "backup")
    return tmp_path / "backup"


def test_only_its_owner_can_read_a_backup_and_nothing_lies_beside_it(
    backup: Path, tmp_path: Path
) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["backup", "instance"]


def test_a_backup_that_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    environment = make_environment() | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", HANGING]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE) as backup:
        assert backup.stdout is not None
        assert backup.stdout.readline() == b"begun\n"
        assert [each.name[:16] for each in tmp_path.iterdir()] == [".fitquiz-backup-"]
        backup.terminate()
    assert backup.returncode == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []


def test_a_backup_says_for_how_long_it_may_be_kept_and_what_is_in_it(
    run: Run, backup: Path, tmp_path: Path
) -> None:
    said = run("backup", tmp_path / "second")
    assert f"Delete the backup after {BACKUP_DAYS} days at most. " in said
    assert "answers that respondents have deleted or that have expired." in said


def test_a_backup_is_not_written_over(run: Run, backup: Path) -> None:
    before = backup.read_bytes()
    assert run("backup", backup, code=1) == (
        f"fitquiz: {backup} exists already; name another file, or move the existing file.\n"
    )
    assert backup.read_bytes() == before


@pytest.mark.parametrize("bits", [60])
def test_a_backup_with_one_wrong_bit_is_refused(
    run: Run, backup: Path, tmp_path: Path, bits: int
) -> None:
    whole, chance = backup.read_bytes(), random.Random(bits)
    places = [
        *(chance.randrange(len(whole)) for _ in range(bits)),
        *range(len(whole) - 110, len(whole), 5),
        0,
        30,
    ]
    for place in places:
        spoilt = bytearray(whole)
        spoilt[place] ^= 1 << chance.randrange(8)
        refuse(run, tmp_path, bytes(spoilt))


def test_a_backup_that_is_cut_off_or_too_long_is_refused(
    run: Run, backup: Path, tmp_path: Path
) -> None:
    whole, chance = backup.read_bytes(), random.Random(1)
    for size in [
        0,
        1,
        65,
        len(whole) - 1,
        len(whole) - 104,
        *(chance.randrange(len(whole)) for _ in range(30)),
    ]:
        refuse(run, tmp_path, whole[:size])
    refuse(run, tmp_path, whole + b"\n")


def refuse(run: Run, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "spoilt").write_bytes(data)
    said = run("restore", tmp_path / "spoilt", code=1)
    assert (
        "is not a complete backup of fitquiz" in said or "is damaged; name another backup." in said
    )


@pytest.mark.parametrize("name", ["README.md", "questions", "nowhere"])
def test_what_is_no_backup_is_refused(run: Run, name: str) -> None:
    said = run("restore", ROOT / name, code=1)
    assert said.startswith(f"fitquiz: {ROOT / name} ")
    assert said.count("\n") == 1


def test_a_restore_says_what_is_undone_and_whose_key_it_wants(
    run: Run, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FITQUIZ_INSTANCE", str(tmp_path))
    monkeypatch.setenv("FITQUIZ_DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    said = run("restore", backup)
    assert "0 pending responses were deleted" in said
    assert "If a respondent deleted an attempt after the backup" in said
    assert not (tmp_path / "secret_key").exists()
    assert (tmp_path / "new.db").stat().st_mode & 0o777 == 0o600


def test_what_is_past_its_days_is_deleted_as_it_is_restored(run: Run, tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    run("staff", "add", "ada@example.org", "--name", "Ada", "--permission", "admin")
    with closing(connect(tmp_path / "instance" / "fitquiz.db")) as file:
        file.execute("INSERT INTO pack VALUES ('hash', '{}', '2020-01-01')")
        names = "token_hash, content_hash, may_improve, open_parts, sent_parts, started_at"
        file.execute(
            f"INSERT INTO attempt ({names}) VALUES (x'00', 'hash', 0, 'a', '', '2020-01-01')"
        )
        file.commit()
    run("backup", tmp_path / "backup")
    (tmp_path / "instance" / "fitquiz.db").unlink()
    said = run("restore", tmp_path / "backup")
    assert "1 restored attempts had expired and were deleted." in said
