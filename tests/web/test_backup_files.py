"""A backup that is told to stop does so, even if Python forgets it at first."""

import contextlib
import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fitquiz.web.backup_files import keep_file


def test_a_backup_that_is_told_to_stop_in_the_middle_of_the_garbage_collection_stops(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)

    def write(_draft: Path) -> None:
        with contextlib.suppress(SystemExit):  # As the garbage collection does with whatever is raised in it.
            os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(10)

    with pytest.raises(SystemExit) as stopped:
        keep_file(tmp_path / "backup", datetime.now(UTC), write)
    assert stopped.value.code == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []
    assert (signal.getsignal(signal.SIGTERM), signal.alarm(0)) == (before, 0)
