"""Runs commands in processes that are forked from one which has imported fitquiz.

A command thus has a process of its own, but no Python that has to start and to import fitquiz first.
"""

import os
import resource
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from fitquiz.cli.commands import main
from tests.reliability.support.server import ROOT

STOP_SECONDS = 60
FORKING = get_context("forkserver")
"""Makes such processes. The first one takes as long as a new Python."""
FORKING.set_forkserver_preload(["tests.reliability.support.forked_commands"])


@dataclass(frozen=True)
class Ended:
    """The exit code of a command, and what it printed."""

    code: int | None
    stdout: str
    stderr: str


def run_forked(
    *arguments: str, environment: Mapping[str, str], most_bytes: int = resource.RLIM_INFINITY
) -> Ended:
    """Run a command to its end. No file that it writes can be larger than `most_bytes`."""
    out, own_out = FORKING.Pipe(duplex=False)
    err, own_err = FORKING.Pipe(duplex=False)
    process = FORKING.Process(
        target=_run, args=(arguments, dict(environment), most_bytes, own_out, own_err)
    )
    process.start()
    own_out.close()
    own_err.close()
    process.join(STOP_SECONDS)
    if process.exitcode is None:
        process.kill()
    ended = Ended(process.exitcode, _read(out), _read(err))
    process.close()
    return ended


def _run(
    arguments: tuple[str, ...],
    environment: dict[str, str],
    most_bytes: int,
    out: Connection,
    err: Connection,
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    main(arguments)


def _read(pipe: Connection) -> str:
    with pipe, Path(f"/dev/fd/{pipe.fileno()}").open(encoding="utf-8") as file:
        return file.read()
