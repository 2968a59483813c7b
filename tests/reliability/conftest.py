"""The real server, started from the checkout as its readers are told to: `python app.py`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.support.server import Server
from tests.web.support.app_fixtures import *


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server that answers, with a database and a key of its own."""
    server = Server(tmp_path / "instance")
    server.start()
    yield server
    server.kill()
