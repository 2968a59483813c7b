"""Serves the app with granian, after checking everything that could prevent a start."""

import errno
import gc
import logging
import os
import signal
import socket
import time
from functools import partial

try:
    import resource
except ImportError:  # Windows has no limit on open files.
    resource = None  # type: ignore[assignment]  # the code below tests for None

import click
from flask import Flask
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from sqlalchemy.exc import DBAPIError

from fitquiz.config.logs import GRANIAN_LOGGING, start_logging
from fitquiz.config.settings import Settings, SettingsError
from fitquiz.server.gateway import Gateway
from fitquiz.server.housekeeping import run_housekeeping_in_process, start_housekeeping
from fitquiz.server.setup_link import make_setup_link
from fitquiz.web.factory import create_app
from fitquiz.web.monitoring.metrics_folder import shared_counters
from fitquiz.web.site.database_session import dispose_database

MAX_CONNECTIONS = 2000
OTHER_FILES = 200
"""Files that a worker needs besides its connections."""

MAX_START_TRIES = 600
RETRY_SECONDS = 1.0

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

MAX_HEADER_MILLISECONDS = 10_000
MAX_HEADER_BYTES = 64 * 1024
"""A connection is closed if the headers of a request take longer or are larger; also a kept one
without a request."""

_log = logging.getLogger(__name__)


def serve_forever(settings: Settings) -> None:
    """Serve until a stop signal; raise SettingsError if the server cannot start."""
    start_logging(settings)
    _try_address(settings.host, settings.port)
    setup_path = _try_app(settings)
    start_housekeeping(partial(run_housekeeping_in_process, settings))
    _raise_file_limit(MAX_CONNECTIONS + OTHER_FILES)

    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{settings.port}"
    click.echo(f"fitquiz serves at {address}/ (stop it with Ctrl+C)")
    if setup_path:
        click.echo(
            "There are no accounts yet. Make the first one with this link, which works once: "
            f"{address}{setup_path}"
        )

    with shared_counters(settings):
        _serve(settings)


def make_gateway(settings: Settings) -> Gateway:
    """Build the app in a worker process, from the settings of the parent process.

    The worker must not read the environment again: a command such as `fitquiz demo` serves other
    settings.
    """
    start_logging(settings)
    app = _create_app_with_retries(settings)
    return Gateway(app.wsgi_app, threads=settings.threads, workers=settings.workers)


def _create_app_with_retries(settings: Settings) -> Flask:
    """Build the app; try again for ten minutes if that fails.

    The parent process has built the same app, so an error will pass, such as a restart of the
    database. A worker that fails twice would end the server, with the requests of all other
    workers.
    """
    for _ in range(MAX_START_TRIES):
        try:
            return create_app(settings)
        except (SettingsError, DBAPIError) as error:
            _log.error("a worker will try again to start: %s", error)
            time.sleep(RETRY_SECONDS)
    return create_app(settings)


def _serve(settings: Settings) -> None:
    if hasattr(os, "register_at_fork"):  # Not on Windows.
        os.register_at_fork(
            before=_block_stop_signals,
            after_in_parent=_unblock_stop_signals,
            after_in_child=_end_at_stop_signals,
        )

    http_settings = HTTP1Settings(
        header_read_timeout=MAX_HEADER_MILLISECONDS,
        max_buffer_size=MAX_HEADER_BYTES,
    )
    server = Granian(
        "fitquiz",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGINL,
        workers=settings.workers,
        http=HTTPModes.http1,
        http1_settings=http_settings,
        backpressure=MAX_CONNECTIONS,
        backlog=MAX_CONNECTIONS,
        websockets=False,
        workers_kill_timeout=10,
        respawn_failed_workers=True,
        log_level=LogLevels.error,
        log_dictconfig=GRANIAN_LOGGING,
    )
    server.serve(target_loader=partial(make_gateway, settings), wrap_loader=False)


def _block_stop_signals() -> None:
    """Block stop signals while a worker is being forked; Python would lose them."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)


def _unblock_stop_signals() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def _end_at_stop_signals() -> None:
    """Let a stop signal end a new worker at once.

    Without this, it would inherit the handler of its parent, which does not end it.
    """
    for stop_signal in STOP_SIGNALS:
        signal.signal(stop_signal, signal.SIG_DFL)
    _unblock_stop_signals()


def _try_app(settings: Settings) -> str | None:
    """Migrate the database and build the app once, as each worker will.

    Return the path of the set-up link, or None if there are accounts.
    """
    app = create_app(settings)
    setup_path = make_setup_link(app)
    dispose_database(app)
    del app

    # Workers share the memory of what is loaded now. Their garbage collectors must not touch it, or
    # it is copied.
    gc.collect()
    gc.freeze()
    return setup_path


def _raise_file_limit(wanted: int) -> None:
    """Allow a file for each connection. Many systems start with a soft limit of 1,024."""
    if resource is not None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft == resource.RLIM_INFINITY or soft >= wanted:
            return
        if hard != resource.RLIM_INFINITY:
            wanted = min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _try_address(host: str, port: int) -> None:
    """Bind the address and release it; raise SettingsError if it cannot be used."""
    try:
        candidates = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = candidates[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)

    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingsError(
                f"Port {port} of {host} is in use; stop the program that uses it, "
                "or set FITQUIZ_PORT to another port."
            ) from error
        raise SettingsError(
            f"The server cannot listen on {host}:{port} ({error}); "
            "correct FITQUIZ_HOST or FITQUIZ_PORT."
        ) from error
