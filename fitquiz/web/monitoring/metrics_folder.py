"""The folder in which several workers count together. It works without the metrics library, which is an extra."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from fitquiz.config.settings import Settings

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable in which prometheus_client looks for the folder."""


@contextmanager
def counting_together(settings: Settings) -> Iterator[None]:
    """Let the workers that start within this block count together, if there are several and metrics are on."""
    if not settings.metrics_token or settings.workers == 1:
        yield
        return
    with TemporaryDirectory(prefix="fitquiz-metrics-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]
