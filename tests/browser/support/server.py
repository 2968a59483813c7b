"""Serves the app as its users do, with `python app.py`, on a free port and with an instance of its own."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from tests.reliability.support.server import find_free_port, make_environment

ROOT = Path(__file__).parents[3]
START_SECONDS = 40
STOP_SECONDS = 10


@contextmanager
def serve(instance: Path) -> Iterator[str]:
    """Serve until the block ends; yield the address, without a slash at its end.

    The yearly factor is large, because many tests make campaigns in one instance.
    """
    port = find_free_port()
    environment = make_environment(
        host="127.0.0.1", port=port, instance=instance, yearly_factor=1_000_000
    )
    log = instance / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_ready(f"http://127.0.0.1:{port}", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            stop(process)


def wait_until_ready(
    address: str, process: "subprocess.Popen[bytes]", log: Path, path: str = "/nb/privacy"
) -> None:
    """Return when the server answers; stopping it earlier would leave it hanging."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"{address}{path}", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Ask the server to stop, and make it stop if it does not."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
