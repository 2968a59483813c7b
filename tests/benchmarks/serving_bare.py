"""Serves the bare app by the server that the product is shipped with, gateway and all, set in the same way."""

import os

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from fitquiz.config.settings import SETTINGS
from fitquiz.server.gateway import Gateway
from fitquiz.server.serving import MAX_CONNECTIONS
from tests.benchmarks.bare import create_app, make_table


def make_gateway() -> Gateway:
    """Return what a worker serves."""
    return Gateway(
        create_app().wsgi_app, threads=read_default("THREADS"), workers=read_default("WORKERS")
    )


def read_default(name: str) -> int:
    """Return how many of them the product is shipped with."""
    return int(next(setting.default for setting in SETTINGS if setting.name == name))


if __name__ == "__main__":
    make_table()
    Granian(
        "tests.benchmarks.serving_bare:make_gateway",
        factory=True,
        address="127.0.0.1",
        port=int(os.environ["FITQUIZ_PORT"]),
        interface=Interfaces.ASGINL,
        workers=read_default("WORKERS"),
        http=HTTPModes.http1,
        backpressure=MAX_CONNECTIONS,
        backlog=MAX_CONNECTIONS,
        websockets=False,
        log_level=LogLevels.error,
    ).serve()
