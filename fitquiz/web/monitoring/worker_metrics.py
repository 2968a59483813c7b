"""Adds up what several workers count: each writes files of its own. Needs the optional library prometheus_client.

The folder is new at each start and its owner's alone. What a worker has counted stays counted when it dies; what it had
in hand does not.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, Metric, ProcessCollector, values
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from fitquiz.web.monitoring.metrics_folder import FOLDER

_LIVE = "gauge_livesum_*.db"
"""Each worker has such a file: that of the requests under way."""


class Processes(Collector):
    """The figures of each process, the workers' parent too, by its number: a sum would fall when one of them ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterator[Metric]:
        """Yield each figure once, with a sample for each process."""
        found: dict[str, Metric] = {}
        for pid in (os.getppid(), *_list_workers(self._folder)):
            for metric in ProcessCollector(pid=str(pid).__str__, registry=None).collect():
                kept = found.setdefault(
                    metric.name, Metric(metric.name, metric.documentation, metric.type)
                )
                for sample in metric.samples:
                    kept.add_sample(sample.name, {"pid": str(pid)}, sample.value)
        yield from found.values()


def join_counting() -> Path | None:
    """Return the folder in which this process counts with others, ready for its first counter; None if it is alone."""
    if not os.environ.get(FOLDER):
        return None
    folder = Path(os.environ[FOLDER])
    if values.ValueClass is values.MutexValue:
        # The library has looked for the folder when it was imported, in the parent, before the settings were read.
        values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]  # it takes nothing
    for pid in _list_workers(folder):
        if pid == os.getpid() or not _lives(pid):
            with suppress(FileNotFoundError):  # Another worker that has just started was quicker.
                mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]  # it takes a number and a path
    return folder


def add_up(folder: Path) -> CollectorRegistry:
    """Return what all workers have counted, and how they are."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]  # it takes a registry and a path
    registry.register(Processes(folder))
    return registry


def _list_workers(folder: Path) -> list[int]:
    return sorted(int(path.stem.rpartition("_")[2]) for path in folder.glob(_LIVE))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # Its number is somebody else's now.
        return False
    return True
