"""The real server, started from the checkout as its readers are told to: `python app.py`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.support.server import Server, open_server
from tests.web.support.app_fixtures import *


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server that answers, with a database and a key of its own."""
    with open_server(tmp_path / "instance") as server:
        yield server
