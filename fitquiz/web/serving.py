"""Serves the app with granian, after everything that could keep it from starting has been tried."""

import errno
import socket

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from fitquiz.store.database import open_database
from fitquiz.web.db import dispose_database
from fitquiz.web.factory import create_app
from fitquiz.web.housekeeping import start_housekeeping
from fitquiz.web.settings import Settings, SettingsError
from fitquiz.web.setup import make_setup_link

MOST_CONNECTIONS = 2000


def serve_forever(settings: Settings) -> None:
    """Serve until told to stop; raise SettingsError with a sentence if it cannot start."""
    _try_address(settings.host, settings.port)
    app = create_app(settings)
    setup = make_setup_link(app)
    dispose_database(app)
    start_housekeeping(open_database(settings.database_url), settings)
    server = Granian(
        "fitquiz.web.factory:create_app",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.threads,
        backpressure=MOST_CONNECTIONS,
        backlog=MOST_CONNECTIONS,
        websockets=False,
        workers_kill_timeout=10,
        respawn_failed_workers=True,
        log_level=LogLevels.error,
    )
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    click.echo(f"fitquiz serves at http://{shown}:{settings.port}/ (stop it with Ctrl+C)")
    if setup:
        click.echo(
            f"Nobody has an account yet; the first one is made here, once: http://{shown}:{settings.port}{setup}"
        )
    server.serve()


def _try_address(host: str, port: int) -> None:
    """Bind the address and let it go, so that a port in use is told before anything starts."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
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
