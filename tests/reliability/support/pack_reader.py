"""Run by itself: reads the packs in the folders that it is told, each in a child that may not take too much.

Prints one line of JSON a folder: seconds of the processor, megabytes beyond those at the start, code and words.
"""

import contextlib
import io
import json
import os
import resource
import sys
import traceback
from pathlib import Path

from fitquiz.cli.commands import main

MOST_BYTES, MOST_SECONDS = 3 * 2**30, 60


def check_in_child(folder: Path) -> dict[str, object]:
    """Fork, check the pack there, and tell what that took."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        with os.fdopen(write_end, "w") as answer:
            json.dump(_check(folder), answer)
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end) as answer:
        said = answer.read()
    _, status = os.waitpid(child, 0)
    return (
        json.loads(said)
        if said
        else {"folder": str(folder), "status": status, "code": "killed", "says": ""}
    )


def _check(folder: Path) -> dict[str, object]:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    before, said = resource.getrusage(resource.RUSAGE_SELF), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code: object = _run(folder, said)
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "folder": str(folder),
        "seconds": round(seconds, 3),
        "megabytes": round(after.ru_maxrss / 1024),
        "code": code,
        "length": len(said.getvalue()),
        "says": said.getvalue()[-3000:],
    }


def _run(folder: Path, said: io.StringIO) -> object:
    try:
        main(["pack", "check", str(folder)])
    except SystemExit as stopped:
        return stopped.code or 0
    except BaseException:  # noqa: BLE001 - the test looks for every exception
        said.write(traceback.format_exc())
        return "traceback"
    return 0


if __name__ == "__main__":
    for each in sys.argv[1:]:
        print(json.dumps(check_in_child(Path(each))), flush=True)
