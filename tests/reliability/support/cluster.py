"""A large installation: PostgreSQL, a streaming replica for HR, three server processes and a proxy."""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from fitquiz.store.engine.database import Database, open_database
from fitquiz.store.upkeep.schema import upgrade_schema
from tests.reliability.support.postgres import Postgres
from tests.reliability.support.proxy import proxy
from tests.reliability.support.server import ROOT, Server, make_environment

KEY = "8a1f3c5e7092b4d6f81a3c5e7092b4d6"
CAUGHT_UP = "SELECT pg_last_wal_replay_lsn() >= '{}'::pg_lsn"


@dataclass(frozen=True)
class Cluster:
    """The whole installation, and the port of the proxy."""

    primary: Postgres
    replica: Postgres
    servers: list[Server]
    database: Database
    port: int
    used: set[int]

    @property
    def address(self) -> str:
        """The address of the proxy."""
        return f"http://127.0.0.1:{self.port}"

    def run(self, *arguments: str) -> str:
        """Run a command on the database, and return what it prints."""
        command = [sys.executable, "-m", "fitquiz.cli.commands", *arguments]
        environment = make_environment(
            **self.servers[0].settings, instance=self.servers[0].instance
        )
        return subprocess.run(
            command, check=True, cwd=ROOT, env=environment, capture_output=True, text=True
        ).stdout

    def wait_for_copy(self) -> None:
        """Wait until the replica has all data that the primary has now."""
        ((written,),) = self.primary.ask("SELECT pg_current_wal_lsn()")
        while not self.replica.ask(CAUGHT_UP.format(written))[0][0]:
            time.sleep(0.02)

    @contextmanager
    def dying_in_turn(self) -> Iterator[list[int]]:
        """Kill and restart the processes in turn until the block ends. Yield a list of the killed processes."""
        over, killed = threading.Event(), list[int]()

        def kill_each() -> None:
            for server in cycle(self.servers):
                if over.wait(0.3):
                    return
                server.kill()
                killed.append(server.port)
                server.start()

        with ThreadPoolExecutor(1) as pool:
            killing = pool.submit(kill_each)
            try:
                yield killed
            finally:
                over.set()
            killing.result()


@contextmanager
def open_cluster(folder: Path) -> Iterator[Cluster]:
    """Set the installation up with the shipped SQL script, and remove the installation at the end of the block."""
    with ExitStack() as stack:
        base = Path(
            stack.enter_context(
                tempfile.TemporaryDirectory(prefix="fitquiz-", ignore_cleanup_errors=True)
            )
        )
        base.chmod(0o755)
        primary, replica = Postgres(base / "primary"), Postgres(base / "replica")
        for server in (primary, replica):
            stack.callback(server.remove)
        primary.create()
        primary.start()
        primary.prepare(ROOT / "deploy")
        database = open_database(primary.url_of("fitquiz", "fitquiz"))
        stack.callback(database.engine.dispose)
        upgrade_schema(database)
        replica.copy(primary)
        replica.start()
        settings = {
            "database_url": primary.url_of("fitquiz", "fitquiz"),
            "secret_key": KEY,
            "threads": 4,
        }
        ledger = replica.url_of("fitquiz_hr", "fitquiz")
        servers = [
            Server(folder / str(number), **settings, ledger_url=ledger) for number in range(3)
        ]
        for each in servers:
            stack.callback(each.kill)
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(Server.start, servers))
        port, used = stack.enter_context(proxy([each.port for each in servers]))
        yield Cluster(primary, replica, servers, database, port, used)
