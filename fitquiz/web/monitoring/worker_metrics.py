"""Adds up the counters of several workers.

This module needs the optional library prometheus_client.

Each worker writes its counters into files in a shared folder. The server creates the folder at each
start. The folder belongs to the operating system's user that runs the server.

The sums include the counters of dead workers. When a worker starts, the worker deletes the files
that count the requests in progress of dead workers.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, Metric, ProcessCollector, values
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from fitquiz.web.monitoring.metrics_folder import FOLDER

_LIVE_FILES = "gauge_livesum_*.db"
"""The files that count requests in progress. Each worker has one of these files. The name of the
file ends with the process id of the worker."""


class Processes(Collector):
    """The memory, the processor time and the open files of each process.

    The figures are not added up, because a sum would fall when a worker ends.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterator[Metric]:
        """Yield each metric once.

        A metric contains one sample for each worker and one sample for the workers' parent process.
        """
        found: dict[str, Metric] = {}
        for pid in (os.getppid(), *_list_workers(self._folder)):
            collector = ProcessCollector(pid=str(pid).__str__, registry=None)
            for metric in collector.collect():
                if metric.name not in found:
                    found[metric.name] = Metric(
                        metric.name,
                        metric.documentation,
                        metric.type,
                    )
                for sample in metric.samples:
                    found[metric.name].add_sample(
                        sample.name, {"pid": str(pid)}, sample.value
                    )
        yield from found.values()


def join_folder() -> Path | None:
    """Make this process write its counters into the shared folder. Return the folder.

    Return None if the server has only one worker, because such a server has no shared folder.
    """
    if not os.environ.get(FOLDER):
        return None
    folder = Path(os.environ[FOLDER])

    # If the parent process imported the library before the folder existed, the library chose to
    # store the counters in memory. Let the library choose again.
    if values.ValueClass is values.MutexValue:
        values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]  # the library has no types here

    # A file with the id of this process comes from a dead worker that had the same id.
    for pid in _list_workers(folder):
        if pid == os.getpid() or not _is_alive(pid):
            with suppress(
                FileNotFoundError
            ):  # Another worker has already deleted the file.
                mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]  # the library has no types here
    return folder


def add_up(folder: Path) -> CollectorRegistry:
    """Return a registry with the sums of all workers' counters and the figures of each process."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]  # the library has no types here
    registry.register(Processes(folder))
    return registry


def _list_workers(folder: Path) -> list[int]:
    """Return the process ids of the workers that have a file, in ascending order."""
    pids = []
    for path in folder.glob(_LIVE_FILES):
        _, _, pid = path.stem.rpartition("_")
        pids.append(int(pid))
    return sorted(pids)


def _is_alive(pid: int) -> bool:
    """Return whether a running process of the server's user has this process id."""
    try:
        os.kill(pid, 0)
    except (
        ProcessLookupError,
        PermissionError,
    ):  # PermissionError means that a process of another user has the id.
        return False
    return True
