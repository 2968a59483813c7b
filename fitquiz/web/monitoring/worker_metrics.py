"""Adds up the counters of several workers. Needs the optional library prometheus_client.

Each worker writes its counters into files of a folder that is new at each start and belongs to the
server's account. When a worker dies, its counters stay, but its requests in progress are no longer
counted.
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
"""Each living worker has one such file, for its requests in progress. The name ends with the
process id."""


class Processes(Collector):
    """Memory, processor time and files of each process.

    They are not added up: a sum would fall when a worker ends.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterator[Metric]:
        """Yield each metric once, with one sample for each worker and one for their parent."""
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
    """Prepare this process to count in the shared folder, and return the folder.

    Return None if there is only one worker.
    """
    if not os.environ.get(FOLDER):
        return None
    folder = Path(os.environ[FOLDER])

    # The library chose its storage when the parent imported it, before the folder was known.
    if values.ValueClass is values.MutexValue:
        values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]  # it takes nothing

    for pid in _list_workers(folder):
        if pid == os.getpid() or not _is_alive(pid):
            with suppress(
                FileNotFoundError
            ):  # Another new worker has removed the file already.
                mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]  # it takes a number and a path
    return folder


def add_up(folder: Path) -> CollectorRegistry:
    """Return the sum of all workers' counters, and the figures of each process."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]  # it takes a registry and a path
    registry.register(Processes(folder))
    return registry


def _list_workers(folder: Path) -> list[int]:
    """Return the process ids of the workers that have a file."""
    pids = []
    for path in folder.glob(_LIVE_FILES):
        _, _, pid = path.stem.rpartition("_")
        pids.append(int(pid))
    return sorted(pids)


def _is_alive(pid: int) -> bool:
    """Whether a process of this account has the id."""
    try:
        os.kill(pid, 0)
    except (
        ProcessLookupError,
        PermissionError,
    ):  # No permission: the id is now another account's.
        return False
    return True
