"""Serves the app with granian, after checks of the address, the settings and the database."""

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
except ImportError:  # On Windows, Python does not have the module `resource`.
    resource = None  # type: ignore[assignment]  # `_raise_file_limit` tests for None

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
from fitquiz.server.mail_process import start_mail_sender
from fitquiz.server.setup_link import find_public_address, make_setup_link
from fitquiz.web.factory import create_app
from fitquiz.web.limits.upload_rights import may_upload
from fitquiz.web.monitoring.metrics_folder import shared_counters
from fitquiz.web.site.database_session import dispose_database

MAX_CONNECTIONS = 2000
OTHER_FILES = 200
"""The number of open files that a worker needs in addition to one file for each connection."""

MAX_START_TRIES = 600
RETRY_SECONDS = 1.0

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

MAX_HEADER_MILLISECONDS = 10_000
MAX_HEADER_BYTES = 64 * 1024
"""The limits for the headers of one request. Granian closes a connection that exceeds a limit.

Granian also closes a connection on which no request arrives for MAX_HEADER_MILLISECONDS.
"""

_log = logging.getLogger(__name__)


def serve_forever(settings: Settings) -> None:
    """Serve until a stop signal arrives. Raise SettingsError if the server cannot start."""
    start_logging(settings)
    try_address(settings.host, settings.port)
    setup_path = _try_app(settings)
    start_housekeeping(partial(run_housekeeping_in_process, settings))
    start_mail_sender(settings)
    _raise_file_limit(MAX_CONNECTIONS + OTHER_FILES)

    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{settings.port}"
    click.echo(f"fitquiz serves at {address}/ (stop the server with Ctrl+C)")
    if setup_path:
        click.echo(
            "There is no account. Create the first account with this link. "
            f"The link works once: {find_public_address(settings)}{setup_path}"
        )

    with shared_counters(settings):
        _serve(settings)


def make_gateway(settings: Settings) -> Gateway:
    """Build the app in a worker process. `settings` are the settings of the parent process.

    The worker must not read the settings from the environment. The command `fitquiz demo` uses some
    settings that are not in the environment.
    """
    start_logging(settings)
    app = _create_app_with_retries(settings)
    return Gateway(
        app.wsgi_app,
        threads=settings.threads,
        workers=settings.workers,
        may_upload=partial(may_upload, app),
    )


def _create_app_with_retries(settings: Settings) -> Flask:
    """Build the app. After an error, try again every second for ten minutes.

    The parent process has built the same app without an error. Therefore an error in the worker is
    probably temporary, for example because the database restarts.

    Without the retries, the error would end the worker. If a worker ends soon after its start,
    granian stops the whole server. The requests in all other workers would then be lost.
    """
    for _ in range(MAX_START_TRIES):
        try:
            return create_app(settings)
        except (SettingsError, DBAPIError) as error:
            _log.error("a worker could not start and will try again: %s", error)
            time.sleep(RETRY_SECONDS)
    return create_app(settings)


def _serve(settings: Settings) -> None:
    if hasattr(os, "register_at_fork"):  # Windows has no fork.
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
    """Block stop signals before a fork. Otherwise, Python could lose a signal during the fork."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)


def _unblock_stop_signals() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def _end_at_stop_signals() -> None:
    """Make a stop signal end this worker at once.

    Without this function, the worker would use the signal handler of its parent process. The
    parent's signal handler does not end the worker.
    """
    for stop_signal in STOP_SIGNALS:
        signal.signal(stop_signal, signal.SIG_DFL)
    _unblock_stop_signals()


def _try_app(settings: Settings) -> str | None:
    """Migrate the database and build the app once, before the workers build the same app.

    Raise SettingsError if the app cannot be built. Return the path of the set-up link, or None if
    an account exists.
    """
    app = create_app(settings)
    setup_path = make_setup_link(app)
    dispose_database(app)
    del app

    # Forked workers share the memory of all objects that exist at this point. Without gc.freeze,
    # the garbage collector of each worker would write to these objects. The operating system would
    # then copy their memory for each worker.
    gc.collect()
    gc.freeze()
    return setup_path


def _raise_file_limit(wanted: int) -> None:
    """Raise the soft limit of open files to `wanted`. If the hard limit is lower, use the hard limit.

    Each connection needs an open file. On many systems, the soft limit is only 1,024 open files.
    """
    if resource is not None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft == resource.RLIM_INFINITY or soft >= wanted:
            return
        if hard != resource.RLIM_INFINITY:
            wanted = min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def try_address(host: str, port: int) -> None:
    """Raise SettingsError if the server cannot listen on the host and the port."""
    try:
        candidates = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = candidates[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)

    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingsError(
                f"Port {port} of {host} is in use; stop the program that uses this port, "
                "or set FITQUIZ_PORT to another port."
            ) from error
        raise SettingsError(
            f"The server cannot listen on {host}:{port} ({error}); "
            "correct FITQUIZ_HOST or FITQUIZ_PORT."
        ) from error
