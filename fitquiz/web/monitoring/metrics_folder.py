"""Creates the folder in which several workers share their counters.

This module does not import the optional library prometheus_client.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from fitquiz.config.settings import Settings

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable from which prometheus_client reads the path of the folder."""


@contextmanager
def shared_counters(settings: Settings) -> Iterator[None]:
    """Create the shared folder for the workers that start inside the `with` block.

    At the end of the block, delete the folder. Create no folder if metrics are off, or if the
    server has only one worker.
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
