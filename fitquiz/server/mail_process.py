"""Runs the sender in a child process of the server, and starts a dead child process again.

The server process may fork a worker at any time. If the sender ran in the server process, a new
worker could inherit the write lock of the sender.
"""

import logging
import multiprocessing
import signal
import threading
import time
from types import FrameType
from typing import Any

from fitquiz.config.logs import start_logging
from fitquiz.config.mail_server import read_mail_server
from fitquiz.config.secret_key import load_secret_key
from fitquiz.config.settings import Settings
from fitquiz.config.site_owner import read_site_owner
from fitquiz.server.mail_sender import MailSender
from fitquiz.store.engine.database import open_database

TICK_SECONDS = 3
RESTART_SECONDS = 5
_NAP_SECONDS = 0.5

_log = logging.getLogger(__name__)


class _StopSignal:
    """Notes that a stop signal has arrived, so that the sender can finish its message."""

    def __init__(self) -> None:
        self.has_arrived = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._note)

    def is_stopping(self) -> bool:
        """Return whether the sender must end, also because the server process is dead."""
        parent = multiprocessing.parent_process()
        is_orphan = parent is not None and not parent.is_alive()
        return self.has_arrived or is_orphan

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.has_arrived = True


def start_mail_sender(settings: Settings) -> threading.Thread | None:
    """Start a thread that keeps a sender running. Do nothing if no mail server is set."""
    if read_mail_server(settings) is None:
        return None
    thread = threading.Thread(
        target=_keep_running,
        args=(settings,),
        name="mail sender",
        daemon=True,
    )
    thread.start()
    return thread


def run_mail_sender(settings: Settings) -> None:
    """Send messages every few seconds, until a stop signal arrives."""
    start_logging(settings)
    server = read_mail_server(settings)
    if server is None:
        return
    stop_signal = _StopSignal()
    database = open_database(settings.database_url)
    sender = MailSender(
        database,
        server,
        load_secret_key(settings),
        settings.timezone,
        read_site_owner(settings),
        is_stopping=stop_signal.is_stopping,
    )
    has_failed = False
    while not stop_signal.is_stopping():
        try:
            sender.send_due()
            has_failed = False
        except Exception as error:  # noqa: BLE001 - one error must not end the sender for ever
            # Log only the first of several errors, for example while PostgreSQL restarts.
            if not has_failed:
                _log.error(
                    "the sender failed and will try again: %s", type(error).__name__
                )
            has_failed = True
        _sleep(stop_signal)
    database.engine.dispose()


def _sleep(stop_signal: _StopSignal) -> None:
    wakes_at = time.monotonic() + TICK_SECONDS
    while time.monotonic() < wakes_at and not stop_signal.is_stopping():
        time.sleep(_NAP_SECONDS)


def _keep_running(settings: Settings) -> None:
    process_class: Any = multiprocessing.get_context("spawn").Process
    if multiprocessing.get_start_method() == "fork":
        process_class = multiprocessing.get_context("fork").Process

    while True:
        process = process_class(
            target=run_mail_sender,
            args=(settings,),
            name="mail sender",
            daemon=True,
        )
        process.start()
        process.join()
        if process.exitcode:
            _log.error("the mail sender ended with exit code %d", process.exitcode)
        time.sleep(RESTART_SECONDS)
