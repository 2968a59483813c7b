"""Counts requests, their times and their failures. Needs the optional library prometheus_client.

Requests are grouped by who may open the page, and no finer: no label names a campaign, a link or a person.
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

from fitquiz.web.monitoring.worker_metrics import add_up, join_counting
from fitquiz.web.security.access import ACCESS, ANYONE, BEARER, HOLDER

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_GROUPS = {ANYONE: "public", HOLDER: "respondent", BEARER: "respondent"}


class Metrics:
    """The counters of a process; where there are several, what is told is the sum of all."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.content_type = CONTENT_TYPE_LATEST
        self._registry = registry = CollectorRegistry()
        # When the first of a kind came is the moment of one request, perhaps one person's.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # it takes and returns nothing
        self._folder = join_counting()
        ProcessCollector(registry=registry)
        named = ["group"]
        self._requests = Counter(
            "fitquiz_requests",
            "Requests answered.",
            ["method", "group", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "fitquiz_request_seconds",
            "Seconds that they took.",
            named,
            buckets=SECONDS,
            registry=registry,
        )
        self._failures = Counter(
            "fitquiz_failures", "Requests that ended in a failure.", named, registry=registry
        )
        self._under_way = Gauge(
            "fitquiz_requests_under_way",
            "Requests that are being answered.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        build = Gauge(
            "fitquiz_build",
            "The version, as a label.",
            ["version"],
            registry=registry,
            multiprocess_mode="max",
        )
        build.labels(_read_version()).set(1)

    def begin(self) -> None:
        """Note that a request has come."""
        g.began = time.perf_counter()
        self._under_way.inc()

    def note(self, response: Response) -> Response:
        """Count a request by its answer."""
        method = request.method if request.method in _METHODS else "other"
        group, status = _find_group(), f"{response.status_code // 100}xx"
        self._requests.labels(method, group, status).inc()
        self._seconds.labels(group).observe(time.perf_counter() - g.began)
        if response.status_code >= 500:
            self._failures.labels(group).inc()
        return response

    def end(self, _failure: BaseException | None) -> None:
        """Note that a request is over, however it went."""
        if g.pop("began", None) is not None:
            self._under_way.dec()

    def write(self) -> bytes:
        """Return all of it in Prometheus' text form."""
        return generate_latest(self._registry if self._folder is None else add_up(self._folder))


def _find_group() -> str:
    """Which kind of page it is: static, public, a respondent's, staff's, watching, or none at all."""
    endpoint = request.endpoint
    if endpoint not in ACCESS:
        return "none"
    if request.blueprint in ("static_files", "health"):
        return "static" if request.blueprint == "static_files" else "watching"
    return _GROUPS.get(ACCESS[endpoint], "staff")


def _read_version() -> str:
    try:
        return version("fitquiz")
    except PackageNotFoundError:  # It runs from a checkout.
        return "checkout"
