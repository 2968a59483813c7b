"""The folder through which several workers share their counters.

Importing it does not need the metrics library.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from fitquiz.config.settings import Settings

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable in which prometheus_client looks for the folder."""


@contextmanager
def shared_counters(settings: Settings) -> Iterator[None]:
    """Let all workers that start within this block share their counters.

    Does nothing with one worker, or if metrics are off.
    """
    if not settings.metrics_token or settings.workers == 1:
        yield
        return

    with TemporaryDirectory(prefix="fitquiz-metrics-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]
