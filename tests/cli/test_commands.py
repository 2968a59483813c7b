"""The command line, as whoever runs the server meets it: what cannot be done is said in one sentence."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fitquiz.store.attempts.answers import record_answer
from fitquiz.store.attempts.attempts import find_attempt
from fitquiz.store.engine.database import open_database
from fitquiz.store.upkeep.schema import upgrade_schema
from tests.cli.one_sentence import assert_is_one_sentence
from tests.reliability.support.forked_commands import run_forked
from tests.reliability.support.server import ROOT, Server, find_free_port, make_environment
from tests.store.support.cast import ALICE, FIRST, MALLORY, start, writing
from tests.web.support.app_fixtures import Run

FITQUIZ_SERVE = ("-c", "from fitquiz.cli.commands import main; main()", "serve")
FLASK_RUN = ("-m", "flask", "--app", "app", "run", "--port", "0")
WAYS = (("app.py",), FITQUIZ_SERVE, FLASK_RUN)
STOPPED_SECONDS = 10


@pytest.fixture
def refused(tmp_path: Path) -> Run:
    """Start a server that cannot start, and return what it says on standard error."""

    def run(**settings: object) -> str:
        environment = make_environment(
            **{"instance": tmp_path / "instance", "port": find_free_port()} | settings
        )
        done = run_forked("serve", environment=environment)
        assert (done.code, done.stdout) == (1, "")
        assert "Traceback" not in done.stderr
        return done.stderr

    return run


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"port": "http"}, "FITQUIZ_PORT is 'http'; write a whole number from 1 to 65535."),
        ({"port": "65536"}, "FITQUIZ_PORT is '65536'; write a whole number from 1 to 65535."),
        (
            {"colour": "green"},
            "FITQUIZ_COLOUR is not a setting; the settings are FITQUIZ_ACCESSIBILITY_URL, FITQUIZ_BEGINNINGS,",
        ),
        (
            {"questions": "/nowhere"},
            "The folder of the packs, /nowhere, does not exist; set FITQUIZ_QUESTIONS",
        ),
        ({"pack": "back-front"}, "FITQUIZ_PACK is 'back-front', but "),
        (
            {"database_url": "mysql://alice@host/name"},
            "The database is mysql; use sqlite or postgresql.",
        ),
        (
            {"database_url": "fitquiz.db"},
            "The database URL cannot be read; write sqlite:///file.db or",
        ),
        (
            {"database_url": "postgresql://alice:geheim@127.0.0.1:1/name"},
            "alice:***@127.0.0.1:1/name cannot be opened",
        ),
        (
            {"secret_key": "geheim"},
            "The secret key in FITQUIZ_SECRET_KEY is too short or too easy to guess;",
        ),
        (
            {"instance": "/dev/null/instance"},
            "The folder /dev/null/instance cannot be used (Not a directory);",
        ),
        ({"host": "192.0.2.1"}, "192.0.2.1:"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_a_start_that_must_fail_says_why_in_one_sentence(
    refused: Run, settings: dict[str, object], sentence: str
) -> None:
    said = refused(**settings)
    assert_is_one_sentence(said)
    assert sentence in said
    assert "geheim" not in said


def test_a_port_in_use_is_named(refused: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = refused(port=port)
    assert said == (
        f"fitquiz: Port {port} of 127.0.0.1 is in use; stop the program that uses this port, "
        "or set FITQUIZ_PORT to another port.\n"
    )


def test_a_broken_pack_is_refused_with_all_its_faults(refused: Run, broken_pack: Path) -> None:
    said = refused(questions=broken_pack.parent, pack="broken").splitlines()
    assert said[0] == f"fitquiz: The pack in {broken_pack} cannot be used:"
    assert [line.split(": ")[0].strip().partition(":")[0] for line in said[1:-1]] == [
        "pack.toml"
    ] * 2 + ["nb.toml"] * 2
    assert said[-1] == "Correct the pack, or remove the folder."


@pytest.mark.parametrize("command", WAYS, ids=" ".join)
def test_every_way_of_starting_says_the_same_sentence(
    refused: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    environment = make_environment(instance=tmp_path / "instance", secret_key="short")
    done = subprocess.run(
        [sys.executable, *command],
        check=False,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert_is_one_sentence(done.stderr)
    assert done.stderr == refused(secret_key="short")


def test_a_key_file_that_is_too_short_is_named(refused: Run, tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "secret_key").write_text("short")
    said = refused()
    assert_is_one_sentence(said)
    assert f"The secret key in {tmp_path}/instance/secret_key is too short" in said


def test_a_file_in_place_of_the_database_is_named(refused: Run, tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "fitquiz.db").write_text("Dear diary, " * 1000)
    said = refused()
    assert_is_one_sentence(said)
    assert (
        "fitquiz.db cannot be opened: file is not a database; name another file, or restore a backup"
        in said
    )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "instance")
    yield server
    server.kill()


def test_python_app_serves_and_says_where(server: Server) -> None:
    server.start()
    assert (
        f"fitquiz serves at http://127.0.0.1:{server.port}/"
        in (server.instance / "log").read_text()
    )


def test_flask_run_serves(server: Server) -> None:
    command = [sys.executable, *FLASK_RUN[:-1], str(server.port)]
    environment = make_environment(instance=server.instance)
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as flask:
        wait_until(server.answers)
        flask.kill()


def test_a_stopped_server_lets_go_of_its_port_and_its_workers(server: Server) -> None:
    server.start()
    assert server.process is not None
    group = server.process.pid
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(STOPPED_SECONDS)
    assert server.process.returncode == 0
    with pytest.raises(ProcessLookupError):
        os.killpg(group, 0)
    assert not server.answers()


def test_a_stopped_server_starts_again_with_the_same_key_and_data(server: Server) -> None:
    server.start()
    key = (server.instance / "secret_key").read_text()
    server.kill()
    server.start()
    assert (server.instance / "secret_key").read_text() == key
    assert (server.instance / "secret_key").stat().st_mode & 0o777 == 0o600


def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to that")


def test_purge_deletes_what_is_past_its_days_and_counts_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    database = open_database(f"sqlite:///{tmp_path}/instance/fitquiz.db")
    upgrade_schema(database)
    now = datetime.now(UTC)
    with writing(database) as session:
        record_answer(session, start(session, ALICE, now - timedelta(days=31)), FIRST, 3, now)
        record_answer(session, start(session, MALLORY, now - timedelta(days=29)), FIRST, 3, now)
    assert run("purge") == (
        "Deleted 1 unfinished and 0 finished attempts, 0 receipts and 0 unused copies of packs.\n"
    )
    with database.sessions() as session:
        assert find_attempt(session, ALICE) is None
        assert find_attempt(session, MALLORY) is not None
    database.engine.dispose()


def test_purge_keeps_the_days_that_are_set(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "instance").mkdir()
    database = open_database(f"sqlite:///{tmp_path}/instance/fitquiz.db")
    upgrade_schema(database)
    with writing(database) as session:
        start(session, ALICE, datetime.now(UTC) - timedelta(days=3))
    database.engine.dispose()
    monkeypatch.setenv("FITQUIZ_UNFINISHED_DAYS", "2")
    assert run("purge").startswith("Deleted 1 unfinished")


@pytest.mark.parametrize("key", ["", "k9f2-x7q1-m4z8-p0w3-first-of-all"])
@pytest.mark.parametrize("command", [("purge",), ("seal", "--due"), ("key", "replace")])
def test_a_command_makes_an_instance_that_is_not_there_for_its_owner_alone(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], key: str
) -> None:
    monkeypatch.setenv("FITQUIZ_SECRET_KEY", key)
    run(*command)
    assert (tmp_path / "instance").stat().st_mode & 0o777 == 0o700


def test_a_folder_of_the_database_that_somebody_has_named_is_not_made(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FITQUIZ_DATABASE_URL", f"sqlite:///{tmp_path}/mistyped/fitquiz.db")
    assert_is_one_sentence(run("purge", code=1))
    assert list(tmp_path.iterdir()) == []


def test_a_new_pack_can_be_served_at_once(run: Run, tmp_path: Path) -> None:
    run("pack", "new", tmp_path / "questions" / "team-roles")
    server = Server(tmp_path / "instance", questions=tmp_path / "questions", pack="team-roles")
    server.start()
    server.kill()


def test_the_help_names_every_command(run: Run) -> None:
    said = run("--help")
    assert [name for name in ("serve", "purge", "pack") if f"\n  {name} " not in said] == []
