"""Writes and checks backup files.

A backup file gets its final name when the file is complete. Only the owner may read the file.

A backup file contains an SQLite database and then one line of text. SQLite ignores the line. The
line contains the time of the backup and a digest. The digest is the SHA-256 of all bytes before the
digest.
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

_TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_LINE = re.compile(
    rb"\nfitquiz-backup 1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) ([0-9a-f]{64})\n\Z"
)
_LINE_BYTES = len("\nfitquiz-backup 1 2026-01-01T00:00:00Z \n") + 64
_DIGEST_BYTES = len("\n") + 64
_CHUNK_BYTES = 1 << 20
_PAUSE_FACTOR = 2
"""The pause after a flush, as a multiple of the duration of the flush."""


def write_new_file(
    path: Path, made_at: datetime, write: Callable[[Path], Written]
) -> Written:
    """Call `write` with a draft file, complete the draft file, and give the file the name `path`.

    Return the result of `write`. Raise SettingsError if `path` exists or cannot be written.
    """
    if path.exists():
        raise SettingsError(
            f"{path} exists already; name another file, or move the existing file."
        )
    try:
        with _exit_at_sigterm(), _draft_beside(path) as draft:
            written = write(draft)
            _finish(draft, made_at)
            # A rename could replace an existing file, but a link cannot.
            os.link(draft, path)
            _sync_folder(path.parent)
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be written ({error.strerror}); "
            "name a file in a writable folder, on a disk with enough space."
        ) from error
    return written


def check_file(path: Path) -> datetime:
    """Check a backup file with its digest, and return the time of the backup in UTC.

    Raise SettingsError if the file is incomplete, damaged, unreadable or not a backup.
    """
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            file.seek(-min(_LINE_BYTES, size), os.SEEK_END)
            line = _LINE.match(file.read())
            if line is None:
                raise SettingsError(
                    f"{path} is not a complete backup of fitquiz; name another file."
                )
            made_at, digest = line.groups()
            if _hash(file, size - _DIGEST_BYTES).encode() != digest:
                raise SettingsError(f"{path} is damaged; name another backup.")
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read ({error.strerror}); name a backup file."
        ) from error
    return datetime.strptime(made_at.decode(), _TIME_FORMAT).replace(tzinfo=UTC)


@contextmanager
def flushing(draft: Path) -> Iterator[Callable[[], None]]:
    """Yield a function that flushes the draft file to disk and then pauses.

    Call the function often while you write. Without the flushes, the operating system could write
    hundreds of megabytes at once. Then the requests of the server would wait for the disk.
    """
    descriptor = os.open(draft, os.O_RDWR)

    def flush() -> None:
        began = time.monotonic()
        os.fsync(descriptor)
        seconds = time.monotonic() - began
        time.sleep(seconds * _PAUSE_FACTOR)

    try:
        yield flush
    finally:
        os.close(descriptor)


@contextmanager
def _exit_at_sigterm() -> Iterator[None]:
    """Make SIGTERM raise SystemExit in the `with` block.

    Without this function, SIGTERM would end the process before the draft file is deleted.
    """
    names = [name for name in ("SIGTERM", "SIGALRM") if hasattr(signal, name)]
    earlier_handlers = {}
    for name in names:
        earlier_handlers[name] = signal.signal(getattr(signal, name), _exit)
    try:
        yield
    finally:
        if "SIGALRM" in names:
            signal.alarm(0)
        for name, handler in earlier_handlers.items():
            signal.signal(getattr(signal, name), handler)


def _exit(_number: int, _frame: object) -> None:
    """Raise SystemExit. If the process is still running after one second, raise SystemExit again.

    A signal can arrive during a destructor, and Python ignores an exception in a destructor.
    Therefore the first SystemExit does not always end the process. SIGALRM calls this function
    again.
    """
    if hasattr(signal, "alarm"):  # Windows has no alarm signal.
        signal.alarm(1)
    sys.exit(128 + signal.SIGTERM)


@contextmanager
def _draft_beside(path: Path) -> Iterator[Path]:
    """Create an empty draft file in the folder of `path` for the `with` block.

    Only the owner may read the draft file. After the block, remove the name of the draft file. A
    complete backup then has only its final name.
    """
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".fitquiz-backup-")
    os.close(descriptor)
    try:
        yield Path(draft)
    finally:
        Path(draft).unlink()


def _finish(path: Path, made_at: datetime) -> None:
    """Append the line with the time and the digest, and flush the file to disk."""
    with path.open("r+b") as file:
        file.seek(0, os.SEEK_END)
        file.write(f"\nfitquiz-backup 1 {made_at:{_TIME_FORMAT}} ".encode())
        digest = _hash(file, file.tell())
        file.seek(0, os.SEEK_END)
        file.write(f"{digest}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def _hash(file: BinaryIO, size: int) -> str:
    """Return the SHA-256 (hex) of the first `size` bytes of the file."""
    file.seek(0)
    digest = hashlib.sha256()
    bytes_left = size
    while bytes_left > 0:
        chunk = file.read(min(_CHUNK_BYTES, bytes_left))
        if not chunk:
            break
        digest.update(chunk)
        bytes_left -= len(chunk)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    """Flush the folder to disk, because the folder contains the names of its files."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
