"""Serves the bare app by the server that the product is shipped with, gateway and all, set in the same way."""

import os

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from fitquiz.web.gateway import Gateway
from fitquiz.web.serving import MOST_CONNECTIONS
from fitquiz.web.settings import SETTINGS
from tests.benchmarks.bare import create_app


def make_gateway() -> Gateway:
    """Return what a worker serves."""
    threads = next(setting.default for setting in SETTINGS if setting.name == "THREADS")
    return Gateway(create_app().wsgi_app, int(threads))


if __name__ == "__main__":
    Granian(
        "tests.benchmarks.serving_bare:make_gateway",
        factory=True,
        address="127.0.0.1",
        port=int(os.environ["FITQUIZ_PORT"]),
        interface=Interfaces.ASGINL,
        workers=1,
        http=HTTPModes.http1,
        backpressure=MOST_CONNECTIONS,
        backlog=MOST_CONNECTIONS,
        websockets=False,
        log_level=LogLevels.error,
    ).serve()
