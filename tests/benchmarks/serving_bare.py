"""Serves the bare app by the server that the product is shipped with, set in the same way."""

import os

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from fitquiz.web.settings import SETTINGS

if __name__ == "__main__":
    threads = next(setting.default for setting in SETTINGS if setting.name == "THREADS")
    Granian(
        "tests.benchmarks.bare:create_app",
        factory=True,
        address="127.0.0.1",
        port=int(os.environ["FITQUIZ_PORT"]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=int(os.environ.get("FITQUIZ_THREADS", threads)),
        websockets=False,
        log_level=LogLevels.error,
    ).serve()
