"""What is shipped for servers agrees with itself and with the code: no engine is needed to see that."""

import configparser
import ipaddress
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

from fitquiz.cli.commands import commands
from fitquiz.config.settings import BACKUP_DAYS, SETTINGS, read_settings
from fitquiz.web.security.headers import ROBOTS, list_headers
from tests.reliability.support.server import make_environment

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", "")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SHIPPED = [ROOT / "Dockerfile", ROOT / "compose.yaml", *sorted(DEPLOY.iterdir())]
UNITS = sorted(path for path in DEPLOY.iterdir() if path.suffix in (".service", ".timer"))
KNOWN = {f"FITQUIZ_{setting.name}" for setting in SETTINGS}
HARDENED = {
    "NoNewPrivileges",
    "MemoryDenyWriteExecute",
    "PrivateTmp",
    "ProtectHome",
    "RestrictNamespaces",
}


def list_instructions(name: str) -> list[str]:
    return [
        line.partition(" ")[2].strip()
        for line in DOCKERFILE.splitlines()
        if line.startswith(f"{name} ")
    ]


def list_copied() -> Iterator[tuple[str, str]]:
    """Yield what the image takes from the checkout, each with where it comes to."""
    for copied in list_instructions("COPY"):
        if not copied.startswith("--from"):
            source, target = copied.split()
            yield source, target


def read_unit(path: Path) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # names keep their capitals
    unit.read(path, "utf-8")
    return unit


def read_variables(path: Path) -> dict[str, str]:
    """Return what a file of variables sets, what is commented out included."""
    lines = re.findall(r"(?m)^#?([A-Z_]+)=(.*)$", path.read_text("utf-8"))
    return dict(lines)


def fill_in(text: str) -> str:
    return re.sub(r"\$\{\w+[^}]*\}", "8a1f3c5e7092b4d6f81a3c5e7092b4d6", str(text))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_setting_that_is_named_is_there(path: Path) -> None:
    assert set(re.findall(r"\bFITQUIZ_[A-Z_]+\b", path.read_text("utf-8"))) <= KNOWN


@pytest.mark.parametrize(
    "path", [path for path in SHIPPED if path.suffix == ".sh"], ids=lambda path: path.name
)
def test_every_script_can_be_read_by_a_plain_shell(path: Path) -> None:
    subprocess.run(["sh", "-n", path], check=True)


def test_images_are_named_plainly_and_with_their_version() -> None:
    images = [each.split()[0] for each in list_instructions("FROM")]
    images += [each["image"] for each in COMPOSE["services"].values() if "build" not in each]
    assert len(images) == 4
    assert [image for image in images if not re.fullmatch(r"[a-z]+:[\w.-]+", image)] == []


def test_all_that_the_image_takes_is_there_and_not_ignored() -> None:
    allowed = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line.startswith("!")
    }
    sources = {source for source, _ in list_copied()}
    assert sources == allowed
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_the_image_installs_only_what_is_pinned_and_runs_as_nobody_special() -> None:
    assert "pip install --no-cache-dir --require-hashes -r" in DOCKERFILE
    assert [user for user in list_instructions("USER") if not user.isdigit() or user == "0"] == []
    assert list_instructions("USER")
    for name in ("granian", "psycopg", "psycopg-binary"):
        assert re.search(rf"(?m)^{name}==", (ROOT / "requirements.txt").read_text("utf-8"))


def test_the_image_serves_from_what_it_takes_alone(tmp_path: Path) -> None:
    for source, target in list_copied():
        if target.startswith("/srv/fitquiz/"):
            shutil.copytree(ROOT / source, tmp_path / target.removeprefix("/srv/fitquiz/"))
    assert json.loads(list_instructions("ENTRYPOINT")[0]) == [
        "python",
        "-m",
        "fitquiz.cli.commands",
    ]
    (tmp_path / "instance").mkdir()
    environment = make_environment(instance=tmp_path / "instance") | {"PYTHONPATH": str(tmp_path)}
    for arguments in (["pack", "check"], ["seal", "--due"]):
        command = [sys.executable, "-m", "fitquiz.cli.commands", *arguments]
        done = subprocess.run(
            command, cwd="/", env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    where = [sys.executable, "-c", "import fitquiz; print(fitquiz.__file__)"]
    found = subprocess.run(
        where, cwd="/", env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert found.startswith(str(tmp_path))


def test_ports_and_addresses_agree() -> None:
    services = COMPOSE["services"]
    (port,) = list_instructions("EXPOSE")
    assert f"FITQUIZ_PORT={port}" in DOCKERFILE
    apps = [name for name, each in services.items() if "build" in each]
    assert services["caddy"]["environment"]["UPSTREAMS"] == " ".join(
        f"{name}:{port}" for name in apps
    )
    address = services["caddy"]["networks"]["inside"]["ipv4_address"]
    assert {services[name]["environment"]["FITQUIZ_PROXIES"] for name in apps} == {address}
    subnet = COMPOSE["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    assert ipaddress.ip_address(address) in ipaddress.ip_network(subnet)


@pytest.mark.parametrize(
    "name", [name for name, each in COMPOSE["services"].items() if "build" in each]
)
def test_the_containers_start_with_settings_that_are_right(name: str) -> None:
    app = COMPOSE["services"][name]
    settings = read_settings({key: fill_in(value) for key, value in app["environment"].items()})
    assert settings.database_url.startswith("postgresql://fitquiz:")
    assert settings.ledger_url.startswith("postgresql://fitquiz_hr:")
    assert (app["read_only"], app["cap_drop"]) == (True, ["ALL"])


def test_every_variable_of_the_containers_is_in_the_file_to_fill_in_and_the_other_way_round() -> (
    None
):
    wanted = set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text("utf-8")))
    assert wanted == set(read_variables(DEPLOY / "compose.env"))
    assert [name for name, value in read_variables(DEPLOY / "compose.env").items() if value] == [
        "SITE"
    ]


def test_every_file_that_a_container_is_given_is_there_and_can_only_be_read() -> None:
    volumes = [
        volume for each in COMPOSE["services"].values() for volume in each.get("volumes", [])
    ]
    files = [volume for volume in volumes if volume.startswith("./")]
    assert len(files) == 3
    assert [
        file
        for file in files
        if not (ROOT / file.split(":")[0]).is_file() or not file.endswith(":ro")
    ] == []
    names = {volume.split(":")[0] for volume in volumes} - {file.split(":")[0] for file in files}
    assert names == set(COMPOSE["volumes"])


def test_whoever_asks_whether_it_is_well_asks_an_address_that_is_there(app: Flask) -> None:
    caddy = re.findall(r"health_uri (\S+)", (DEPLOY / "Caddyfile").read_text("utf-8"))
    image = re.findall(r"}(/\w+)'", list_instructions("HEALTHCHECK")[0])
    assert len(caddy) == len(image) == 1
    for address in caddy + image:
        assert app.test_client().get(address).status_code == 200


def test_the_page_of_the_proxy_itself_carries_the_headers_of_every_other() -> None:
    block = (DEPLOY / "Caddyfile").read_text("utf-8").partition("handle_errors {")[2]
    lines = re.findall(r'(?m)^\t{3}([A-Z][\w-]+) (?:"([^"]*)"|(\S+))$', block)
    sent = {name: quoted or plain for name, quoted, plain in lines}
    wanted = dict(list_headers(is_secure=True)) | {
        "Cache-Control": "no-store",
        "X-Robots-Tag": ROBOTS,
    }
    stricter = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    assert {name: sent.get(name) for name in wanted} == wanted | {
        "Content-Security-Policy": stricter
    }


def test_the_braces_of_the_caddyfile_close() -> None:
    lines = (DEPLOY / "Caddyfile").read_text("utf-8").splitlines()
    depths = [len(line) - len(line.lstrip("\t")) for line in lines if line.strip(" \t")]
    assert max(depths) == 3
    assert sum(line.rstrip().endswith("{") for line in lines) == sum(
        line.strip() == "}" for line in lines
    )


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_name_commands_and_each_other_as_they_are(path: Path) -> None:
    unit = read_unit(path)
    if path.suffix == ".timer":
        assert (DEPLOY / f"{path.stem}.service").is_file()
        assert unit["Install"]["WantedBy"] == "timers.target"
        return
    (command,) = re.findall(r"/opt/fitquiz/bin/fitquiz (\w+)", path.read_text("utf-8"))
    assert command in commands.commands
    service = unit["Service"]
    assert service["User"] == "fitquiz"
    assert service["ProtectSystem"] == "strict"
    assert {name for name in HARDENED if service.get(name) == "yes"} == HARDENED
    assert service["EnvironmentFile"] == "/etc/fitquiz/fitquiz.env"


def test_the_unit_starts_again_whatever_happens() -> None:
    unit = read_unit(DEPLOY / "fitquiz@.service")
    assert (unit["Service"]["Restart"], unit["Unit"]["StartLimitIntervalSec"]) == ("always", "0")


def test_the_unit_leaves_to_the_process_what_metrics_read_of_it() -> None:
    assert "ProcSubset" not in read_unit(DEPLOY / "fitquiz@.service")["Service"], (
        "there would be no /proc/stat"
    )


def test_the_settings_of_the_unit_are_read_as_they_are_shipped() -> None:
    settings = read_settings(read_variables(DEPLOY / "fitquiz.env"))
    assert (
        str(settings.instance)
        == f"/var/lib/{read_unit(DEPLOY / 'fitquiz@.service')['Service']['StateDirectory']}"
    )


def make_old(path: Path, hours: float) -> None:
    path.touch()
    os.utime(path, (0, time.time() - hours * 3600))


def test_backups_are_deleted_in_time_and_drafts_too_even_if_a_backup_fails(tmp_path: Path) -> None:
    service = read_unit(DEPLOY / "fitquiz-backup.service")["Service"]
    assert "find" not in service["ExecStart"]
    night, delay = 24.0, 0.25
    for name, hours in {
        "young.backup": (BACKUP_DAYS - 2) * night,
        "old.backup": (BACKUP_DAYS - 1) * night + delay,  # In the next night it would be too old.
        ".fitquiz-backup-killed": 2,
        ".fitquiz-backup-running": 0,
        "else": 1000 * night,
    }.items():
        make_old(tmp_path / name, hours)
    command = service["ExecStopPost"].replace("/var/lib/fitquiz-backups", str(tmp_path))
    subprocess.run(shlex.split(command.replace("(", "'('").replace(")", "')'")), check=True)
    assert {each.name for each in tmp_path.iterdir()} == {
        "young.backup",
        ".fitquiz-backup-running",
        "else",
    }
