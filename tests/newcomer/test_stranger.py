"""The commands of the newcomer's tests run as in a terminal."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.newcomer.stranger import start

SERVER = """
import socket, time
listener = socket.create_server(("127.0.0.1", 0))
print(f"* Running on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
time.sleep(60)
"""


@pytest.fixture
def _background() -> Iterator[None]:
    """Ignore Ctrl+C, as the commands of a shell in the background do."""
    earlier = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, earlier)


@pytest.mark.usefixtures("_background")
def test_a_server_stops_with_ctrl_c_though_the_tests_run_in_the_background(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with start([sys.executable, "-c", SERVER], folder) as server:
        pass
    assert "KeyboardInterrupt" in server.output
