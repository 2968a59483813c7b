"""Counts requests and failures, and measures the duration of requests.

This module needs the optional library prometheus_client.

The label `group` contains the kind of the requested page, for example `public` or `staff`. No label
names a campaign, a link or a person.
"""

import time
from importlib.metadata import PackageNotFoundError, version

from flask import Response, g, request
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from fitquiz.web.monitoring.worker_metrics import add_up, join_folder
from fitquiz.web.security.access import ACCESS, ANYONE, BEARER, HOLDER

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""The upper limits of the histogram's buckets, in seconds."""

_METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_GROUPS = {ANYONE: "public", HOLDER: "respondent", BEARER: "respondent"}


class Metrics:
    """The counters of one process. The method `write` returns the counters of all workers."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.content_type = CONTENT_TYPE_LATEST
        registry = CollectorRegistry()
        self._registry = registry
        # By default, the library also publishes the time at which each counter was created.
        # This time could reveal when one person made a request.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has no types here
        self._folder = join_folder()

        ProcessCollector(registry=registry)
        self._requests = Counter(
            "fitquiz_requests",
            "The number of answered requests.",
            ["method", "group", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "fitquiz_request_seconds",
            "The duration of requests in seconds.",
            ["group"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._failures = Counter(
            "fitquiz_failures",
            "The number of requests that failed with a status of 500 or above.",
            ["group"],
            registry=registry,
        )
        self._under_way = Gauge(
            "fitquiz_requests_under_way",
            "The number of requests in progress.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        build = Gauge(
            "fitquiz_build",
            "The version of fitquiz, as a label.",
            ["version"],
            registry=registry,
            multiprocess_mode="max",
        )
        build.labels(_read_version()).set(1)

    def begin(self) -> None:
        """Store the start time of a request, and count the request as in progress."""
        g.began = time.perf_counter()
        self._under_way.inc()

    def note(self, response: Response) -> Response:
        """Count a request and record its duration. Return the response unchanged.

        A status of 500 or above also counts as a failure.
        """
        seconds = time.perf_counter() - g.began
        method = request.method if request.method in _METHODS else "other"
        group = _find_group()
        status_class = f"{response.status_code // 100}xx"

        self._requests.labels(method, group, status_class).inc()
        self._seconds.labels(group).observe(seconds)
        if response.status_code >= 500:
            self._failures.labels(group).inc()
        return response

    def end(self, _failure: BaseException | None) -> None:
        """Subtract a finished request from the requests in progress, even after an error."""
        if g.pop("began", None) is not None:
            self._under_way.dec()

    def write(self) -> bytes:
        """Return all metrics in the text format of Prometheus."""
        if self._folder is None:
            return generate_latest(self._registry)
        return generate_latest(add_up(self._folder))


def _find_group() -> str:
    """Return the value of the label `group` for the current request.

    The group "watching" contains `/metrics` and the health checks. The group "none" contains
    requests for pages that do not exist.
    """
    endpoint = request.endpoint
    if endpoint not in ACCESS:
        return "none"
    if request.blueprint == "static_files":
        return "static"
    if request.blueprint == "health":
        return "watching"
    return _GROUPS.get(ACCESS[endpoint], "staff")


def _read_version() -> str:
    try:
        return version("fitquiz")
    except PackageNotFoundError:  # fitquiz runs from a checkout and is not installed.
        return "checkout"
