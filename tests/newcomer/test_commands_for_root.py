"""The lines of the documents that need root are not run, but what they name exists.

They change the machine, or need systemd, Docker or PostgreSQL.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.newcomer.stranger import FROM_CHECKOUT, ROOT, run
from tests.project.markdown import read_documents

INSTALLS = "installs something on the machine"
ADDS_FILES = "writes into folders of the system"
SYSTEMD = "needs a machine that systemd runs"
POSTGRESQL = "needs the administrator of a PostgreSQL server"
DOCKER = "needs Docker"

NOT_RUN = {
    "python3 -m venv /opt/fitquiz": ADDS_FILES,
    "/opt/fitquiz/bin/pip install --require-hashes -r requirements.txt": INSTALLS,
    "/opt/fitquiz/bin/pip install --no-deps dist/fitquiz-*.whl": INSTALLS,
    (
        "useradd --system --home-dir /var/lib/fitquiz --shell /usr/sbin/nologin fitquiz"
    ): "adds a user of the machine",
    "install -D -m 640 -g fitquiz deploy/fitquiz.env /etc/fitquiz/fitquiz.env": ADDS_FILES,
    "cp deploy/fitquiz@.service deploy/fitquiz-backup.* /etc/systemd/system/": ADDS_FILES,
    "systemctl daemon-reload": SYSTEMD,
    "systemctl enable --now fitquiz@8000 fitquiz-backup.timer": SYSTEMD,
    "apt install caddy": INSTALLS,
    "cp deploy/Caddyfile /etc/caddy/Caddyfile": ADDS_FILES,
    "mkdir -p /etc/systemd/system/caddy.service.d": ADDS_FILES,
    (
        r"printf '[Service]\nEnvironment=SITE=quiz.example.org\n'"
        " > /etc/systemd/system/caddy.service.d/site.conf"
    ): ADDS_FILES,
    "systemctl restart caddy": SYSTEMD,
    "journalctl -u fitquiz@8000": SYSTEMD,
    (
        "systemd-run --pipe --uid=fitquiz -p EnvironmentFile=/etc/fitquiz/fitquiz.env"
        " /opt/fitquiz/bin/fitquiz doctor"
    ): SYSTEMD,
    "psql -f deploy/postgresql.sql": POSTGRESQL,
    r"psql -c '\password fitquiz'": POSTGRESQL,
    "systemctl enable --now fitquiz@8001 fitquiz@8002": SYSTEMD,
    r"psql -c '\password fitquiz_hr'": POSTGRESQL,
    "cp deploy/compose.env .env": "belongs to the lines for Docker",
    "chmod 600 .env": "belongs to the lines for Docker",
    "docker compose up --detach": DOCKER,
    (
        "docker compose exec app1 python -m fitquiz.cli.commands"
        " staff add you@example.org --name 'Your Name' --permission admin"
    ): DOCKER,
    (
        "docker compose run --rm --user 0 --volume /srv/backups:/backups app1"
        " backup /backups/$(date +%F).backup"
    ): DOCKER,
}
"""The lines of the `sh root` blocks, and why no test runs them."""


@cache
def list_compose_services() -> list[str]:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    return list(compose["services"])


def find_fitquiz_words(line: str) -> list[str]:
    """Return the command of fitquiz that a line calls, with its arguments; no words if it calls none."""
    words = shlex.split(line)
    for before in ("/opt/fitquiz/bin/fitquiz", "fitquiz.cli.commands"):
        if before in words:
            return words[words.index(before) + 1 :]
    # `docker compose run` calls the entry point of the image, which is fitquiz.
    services = [word for word in words if word in list_compose_services()]
    if "run" in words and services:
        return words[words.index(services[0]) + 1 :]
    return []


def find_project_files(line: str) -> Iterator[str]:
    """Yield the files of the project that a line names. `dist/` is what `make wheel` has built."""
    for word in shlex.split(line):
        is_file = word.startswith("deploy/") or re.fullmatch(r"[\w-]+\.(txt|toml|yaml|py)", word)
        if is_file:
            yield word


def test_every_command_for_root_has_a_reason_not_to_be_run() -> None:
    commands = [command for document in read_documents(ROOT) for command in document.commands]
    shown = {line for kind, line in commands if kind == "sh root"}
    unknown = shown - NOT_RUN.keys()
    assert unknown == set(), "a command for root was added: say in NOT_RUN why no test runs it"
    gone = NOT_RUN.keys() - shown
    assert gone == set(), "no document shows this command any more: remove it from NOT_RUN"


@pytest.mark.parametrize("line", NOT_RUN)
def test_a_line_for_root_is_valid_bash_and_its_files_exist(line: str) -> None:
    parsed = subprocess.run(["bash", "-n", "-c", line], capture_output=True, check=False)
    assert (parsed.returncode, parsed.stderr) == (0, b"")
    for file in find_project_files(line):
        assert list(ROOT.glob(file)), f"{file} does not exist"


@pytest.mark.parametrize("line", [line for line in NOT_RUN if find_fitquiz_words(line)])
def test_a_line_for_root_calls_a_command_of_fitquiz_that_exists(line: str, empty: Path) -> None:
    """With `--help`, click still refuses a command or an option that does not exist."""
    called = [sys.executable, "-m", "fitquiz.cli.commands", *find_fitquiz_words(line), "--help"]
    done = run(called, empty, FROM_CHECKOUT)
    assert (done.returncode, done.stderr) == (0, "")


def test_commands_and_files_are_found_in_lines_for_root() -> None:
    calling = [line for line in NOT_RUN if find_fitquiz_words(line)]
    assert [find_fitquiz_words(line)[0] for line in calling] == ["doctor", "staff", "backup"]
    found = {file for line in NOT_RUN for file in find_project_files(line)}
    assert {"requirements.txt", "deploy/fitquiz-backup.*", "deploy/postgresql.sql"} <= found
