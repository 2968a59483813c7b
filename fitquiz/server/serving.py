"""Serves the app with granian, after everything that could keep it from starting has been tried."""

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
except ImportError:  # Windows has no such limit.
    resource = None  # type: ignore[assignment]  # the module is absent, and that is what None says

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
from fitquiz.server.housekeeping import keep_house_apart, start_housekeeping
from fitquiz.server.setup_link import make_setup_link
from fitquiz.web.factory import create_app
from fitquiz.web.monitoring.metrics_folder import shared_counters
from fitquiz.web.site.db import dispose_database

MOST_CONNECTIONS = 2000
OTHER_FILES = 200
MOST_TRIES, TRY_AGAIN_SECONDS = 600, 1.0
STOPS = (signal.SIGINT, signal.SIGTERM)
HEADER_MILLISECONDS, MOST_HEADER_BYTES = 10_000, 64 * 1024
"""A connection is closed when no whole headers have come on it for so long, a kept one too; or when they are larger."""
_log = logging.getLogger(__name__)


def serve_forever(settings: Settings) -> None:
    """Serve until told to stop; raise SettingsError with a sentence if it cannot start."""
    start_logging(settings)
    _try_address(settings.host, settings.port)
    setup = _try_app(settings)
    start_housekeeping(partial(keep_house_apart, settings))
    _allow_files(MOST_CONNECTIONS + OTHER_FILES)
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    click.echo(f"fitquiz serves at http://{shown}:{settings.port}/ (stop it with Ctrl+C)")
    if setup:
        click.echo(
            f"Nobody has an account yet; the first one is made here, once: http://{shown}:{settings.port}{setup}"
        )
    with shared_counters(settings):
        _serve(settings)


def make_gateway(settings: Settings) -> Gateway:
    """Build the app that a worker serves, in the worker's own process, from the settings of the parent.

    The worker must not read the environment again: a command such as `fitquiz demo` serves other settings.
    """
    start_logging(settings)
    return Gateway(
        _create_patiently(settings).wsgi_app, threads=settings.threads, workers=settings.workers
    )


def _create_patiently(settings: Settings) -> Flask:
    """Build the app as the parent has; what fails now, as a database that is being started anew, will pass.

    A worker that fails twice would end the server, with all that other workers have in hand.
    """
    for _ in range(MOST_TRIES):
        try:
            return create_app(settings)
        except (SettingsError, DBAPIError) as error:
            _log.error("a worker will try again to start: %s", error)
            time.sleep(TRY_AGAIN_SECONDS)
    return create_app(settings)


def _serve(settings: Settings) -> None:
    if hasattr(os, "register_at_fork"):  # Windows forks nothing.
        os.register_at_fork(
            before=_hold_signals, after_in_parent=_take_signals, after_in_child=_let_end
        )
    Granian(
        "fitquiz",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGINL,
        workers=settings.workers,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_MILLISECONDS, max_buffer_size=MOST_HEADER_BYTES
        ),
        backpressure=MOST_CONNECTIONS,
        backlog=MOST_CONNECTIONS,
        websockets=False,
        workers_kill_timeout=10,
        respawn_failed_workers=True,
        log_level=LogLevels.error,
        log_dictconfig=GRANIAN_LOGGING,
    ).serve(target_loader=partial(make_gateway, settings), wrap_loader=False)


def _hold_signals() -> None:
    """What tells a worker to stop while it comes into being waits until it can: Python drops it else."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)


def _take_signals() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)


def _let_end() -> None:
    """A worker that does not serve yet ends at once when it is told to; it would leave that to its parent else."""
    for stop in STOPS:
        signal.signal(stop, signal.SIG_DFL)
    _take_signals()


def _try_app(settings: Settings) -> str | None:
    """Migrate, and build the app as each worker will; return where the first account is made, if there is none yet.

    What is left of the app goes, and what stays is shared with the workers, untouched by their garbage collectors.
    """
    app = create_app(settings)
    setup = make_setup_link(app)
    dispose_database(app)
    del app
    gc.collect()
    gc.freeze()
    return setup


def _allow_files(wanted: int) -> None:
    """Let each connection have its file: many systems begin with 1,024 of them, and allow more to who asks."""
    if resource is not None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if resource.RLIM_INFINITY != soft < wanted:
            most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _try_address(host: str, port: int) -> None:
    """Bind the address and let it go, so that a port in use is told before anything starts."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingsError(
                f"Port {port} of {host} is in use; stop what uses it, or set FITQUIZ_PORT to another."
            ) from error
        raise SettingsError(
            f"{host}:{port} cannot be listened on ({error}); set FITQUIZ_HOST and FITQUIZ_PORT."
        ) from error
