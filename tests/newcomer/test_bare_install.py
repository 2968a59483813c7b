"""The wheel, installed without any extra, does all that a newcomer tries in the first minutes."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.newcomer.plain_browser import Browser
from tests.newcomer.signing_in import FIRST_ACCOUNT, PASSWORD, make_first_account, sign_in
from tests.newcomer.stranger import ROOT, Server, run, start

EXTRAS = {"metrics": "prometheus_client", "postgres": "psycopg", "xlsx": "xlsxwriter"}
"""The module that each extra brings."""

FOR_DEVELOPERS = {"test", "dev"}
MAX_STATEMENTS = 60
COMMANDS = (
    "doctor",
    "pack check",
    "pack new mine",
    "pack show mine",
    "staff add ada@example.org --name Ada --permission admin",
    "staff reset ada@example.org",
    "staff add bo@example.org --name Bo --permission admin",
    "staff disable bo@example.org",
    "purge",
    "seal --due",
    "backup all.backup",
    "key replace",
)


@pytest.fixture(scope="module")
def server(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`fitquiz serve` in an empty folder."""
    folder = tmp_path_factory.mktemp("served")
    with start([str(programs / "fitquiz"), "serve"], folder) as started:
        yield started


def test_each_extra_of_the_project_is_known_here() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["optional-dependencies"].keys() - FOR_DEVELOPERS == EXTRAS.keys()


@pytest.mark.parametrize("module", EXTRAS.values())
def test_the_bare_installation_has_no_extra(programs: Path, empty: Path, module: str) -> None:
    done = run([str(programs / "python"), "-c", f"import {module}"], empty)
    assert done.returncode == 1
    assert f"No module named '{module}'" in done.stderr


def test_the_first_administrator_signs_in_and_opens_the_list_of_people(server: Server) -> None:
    ada = make_first_account(server)
    assert ada.follow("Staff").heading == "Staff"
    assert "ada@example.org" in ada.page.text

    again = sign_in(server, "ada@example.org", PASSWORD)
    assert again.follow("Staff").heading == "Staff"

    stranger = Browser(server.address)
    stranger.open(server.read(FIRST_ACCOUNT), 404)


def test_a_respondent_takes_the_quiz_from_the_start_page_to_the_result(server: Server) -> None:
    alice = Browser(server.address)
    alice.open("/en/")
    alice.follow("Start")
    alice.press("Begin on my own device")

    answered = 0
    while labels := [button.text for button in alice.page.buttons if button.name == "answer"]:
        alice.press(labels[answered % 5])
        answered += 1
        assert answered < MAX_STATEMENTS, "the statements do not end"

    assert answered == 28
    alice.press("See my result")
    assert "/result" in alice.page.address
    assert "Front office" in alice.page.text


def test_the_commands_work_one_after_another(programs: Path, empty: Path) -> None:
    for command in COMMANDS:
        done = run([str(programs / "fitquiz"), *command.split()], empty)
        assert (done.returncode, done.stderr) == (0, ""), f"fitquiz {command}"


def test_a_backup_is_restored_in_another_folder(
    programs: Path, empty: Path, tmp_path: Path
) -> None:
    fitquiz = str(programs / "fitquiz")
    backup = str(tmp_path / "all.backup")
    other = tmp_path / "other"
    other.mkdir()
    account = ("ada@example.org", "--name", "Ada", "--permission", "admin")
    for folder, command in (
        (empty, ("staff", "add", *account)),
        (empty, ("backup", backup)),
        (other, ("restore", backup)),
        (other, ("staff", "reset", "ada@example.org")),
    ):
        done = run([fitquiz, *command], folder)
        assert (done.returncode, done.stderr) == (0, ""), command


def test_ctrl_c_ends_the_server_without_a_stack_trace(programs: Path, empty: Path) -> None:
    with start([str(programs / "fitquiz"), "serve"], empty) as started:
        assert [each.name for each in empty.iterdir()] == ["instance"]
        assert started.stop() == 0
    assert "Traceback" not in started.output
