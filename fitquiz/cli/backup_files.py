"""Files of backups: theirs alone who made them, there only when whole, and told from anything that has changed since.

After the database, of which SQLite takes no notice, stands a line with the moment and the SHA-256 of all before it.
"""

import hashlib
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TypeVar

from fitquiz.config.settings import SettingsError

Written = TypeVar("Written")
_LINE = re.compile(
    rb"\nfitquiz-backup 1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) ([0-9a-f]{64})\n\Z"
)
_LINE_BYTES = len("\nfitquiz-backup 1 2026-01-01T00:00:00Z \n") + 64
_CHUNK = 1 << 20
_REST = 2
"""After each lot the disk is left to others for so many times as long as the lot kept it busy."""


def keep_file(
    path: Path, made_at: datetime, write: Callable[[Path], Written]
) -> Written:
    """Let a file be written under another name, finish it, and give it its name; never write over one."""
    if path.exists():
        raise SettingsError(
            f"{path} is there already; name a new file, or move that one away."
        )
    try:
        with _stopping_by_exit(), _draft_beside(path) as draft:
            written = write(draft)
            _finish(draft, made_at)
            os.link(
                draft, path
            )  # Unlike a renaming, this never takes another file's place.
            _sync_folder(path.parent)
    except OSError as error:
        raise SettingsError(_say_unwritable(path, error)) from error
    return written


def check_file(path: Path) -> datetime:
    """Return when a backup was made; raise SettingsError if it is none, or if a single bit of it has changed."""
    try:
        with path.open("rb") as file:
            file.seek(-min(_LINE_BYTES, path.stat().st_size), os.SEEK_END)
            found = _LINE.match(file.read())
            if found is None:
                raise SettingsError(
                    f"{path} is no backup of fitquiz, or not a whole one; name another file."
                )
            if _hash(file, path.stat().st_size - 65).encode() != found[2]:
                raise SettingsError(f"{path} is damaged; name another backup.")
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read ({error.strerror}); name a backup."
        ) from error
    return datetime.strptime(found[1].decode(), "%Y-%m-%dT%H:%M:%SZ").replace(
        tzinfo=UTC
    )


@contextmanager
def flushing(draft: Path) -> Iterator[Callable[[], None]]:
    """Yield what brings to the disk what has been written of a file so far, and rests afterwards.

    Left to the system, or to the end, hundreds of megabytes go to the disk at once, and an answer waits behind them.
    """
    descriptor = os.open(draft, os.O_RDWR)

    def flush() -> None:
        began = time.monotonic()
        os.fsync(descriptor)
        time.sleep((time.monotonic() - began) * _REST)

    try:
        yield flush
    finally:
        os.close(descriptor)


@contextmanager
def _stopping_by_exit() -> Iterator[None]:
    """Let SIGTERM end the block as an exception does, so that what is half done is cleared away."""
    names = [name for name in ("SIGTERM", "SIGALRM") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), _exit) for name in names}
    try:
        yield
    finally:
        if "SIGALRM" in names:
            signal.alarm(0)
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def _exit(_number: int, _frame: object) -> None:
    """Ask to be called again: what is raised in the middle of the garbage collection, Python only prints."""
    if hasattr(signal, "alarm"):  # Not on Windows.
        signal.alarm(1)
    sys.exit(128 + signal.SIGTERM)


@contextmanager
def _draft_beside(path: Path) -> Iterator[Path]:
    """An empty file for its owner alone, which is gone when the block ends, however it does."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".fitquiz-backup-")
    os.close(descriptor)
    try:
        yield Path(draft)
    finally:
        Path(draft).unlink()


def _say_unwritable(path: Path, error: OSError) -> str:
    return f"{path} cannot be written ({error.strerror}); name a file in a folder that can, with room on the disk."


def _finish(path: Path, made_at: datetime) -> None:
    with path.open("r+b") as file:
        file.seek(0, os.SEEK_END)
        file.write(f"\nfitquiz-backup 1 {made_at:%Y-%m-%dT%H:%M:%SZ} ".encode())
        digest = _hash(file, file.tell())
        file.seek(0, os.SEEK_END)
        file.write(f"{digest}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def _hash(file: BinaryIO, size: int) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    for chunk in _read(file, size):
        digest.update(chunk)
    return digest.hexdigest()


def _read(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0 and (chunk := file.read(min(_CHUNK, size))):
        size -= len(chunk)
        yield chunk


def _sync_folder(folder: Path) -> None:
    """Make the new name durable too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
