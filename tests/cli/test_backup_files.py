"""A backup goes to the disk bit by bit, and ends when it is told to, even if Python forgets it at first."""

import contextlib
import itertools
import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from fitquiz.cli.backup_files import flushing, write_new_file
from tests.store.support.masses import store_attempts
from tests.web.support.app_fixtures import Run
from tests.web.support.records import read_database


def test_a_backup_that_is_told_to_stop_in_the_middle_of_the_garbage_collection_stops(
    tmp_path: Path,
) -> None:
    before = signal.getsignal(signal.SIGTERM)

    def write(_draft: Path) -> None:
        with contextlib.suppress(
            SystemExit
        ):  # As the garbage collection does with whatever is raised in it.
            os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(10)

    with pytest.raises(SystemExit) as stopped:
        write_new_file(tmp_path / "backup", datetime.now(UTC), write)
    assert stopped.value.code == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []
    assert (signal.getsignal(signal.SIGTERM), signal.alarm(0)) == (before, 0)


def test_what_is_written_goes_to_the_disk_lot_by_lot(
    app: Flask, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_attempts(read_database(app), 2_000)
    synced, sync = list[int](), os.fsync

    def note(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_size)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    run("backup", tmp_path / "backup")
    *lots, whole, _folder = synced
    assert 0 < lots[0] < lots[1] < lots[2] < whole
    assert (
        max(after - before for before, after in itertools.pairwise((0, *lots, whole))) < 8_000_000
    )


def test_after_each_lot_the_disk_is_left_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "draft").touch()
    monkeypatch.setattr(os, "fsync", lambda _descriptor: time.sleep(0.05))
    began = time.monotonic()
    with flushing(tmp_path / "draft") as flush:
        flush()
    assert time.monotonic() - began >= 0.15
