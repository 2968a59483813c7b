"""`make demo` in an empty folder, with no setting: what it fills is what it serves."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.newcomer.signing_in import sign_in_to_demo
from tests.newcomer.stranger import FROM_CHECKOUT, Server, read_recipe, start

DEMO = read_recipe("demo")
DEFAULT_FOLDER = "instance-demo"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder, empty at first, in which the demo is started."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(folder: Path) -> Iterator[Server]:
    """The demo, started the first time."""
    with start(DEMO, folder, FROM_CHECKOUT) as server:
        yield server


def check_report(server: Server) -> None:
    """Sign in as HR, open the newest report that has figures, and read figures."""
    hana = sign_in_to_demo(server, "hr")
    hana.follow("Reports")
    filled = [label for label in hana.page.links if re.fullmatch(r"Open (Høst|Vår) \d+", label)]
    assert len(filled) == 2
    hana.follow(filled[0])
    answers = re.search(r"Answers (\d+) Response rate (\d+) ?%", hana.page.text)
    assert answers
    assert 100 < int(answers[1]) < 300
    assert re.search(r"All \d+ answers \d+% ± \d+", hana.page.text)


def test_hr_reads_figures_in_a_filled_report(demo: Server) -> None:
    check_report(demo)


def test_the_counsellor_sees_a_client_on_the_desk(demo: Server) -> None:
    carl = sign_in_to_demo(demo, "counsellor")
    carl.follow("Clients")
    results = [label for label in carl.page.links if label.startswith("The result of ")]
    assert results
    carl.follow(results[0])
    carl.press("Open the result")


def test_the_administrator_sees_the_three_accounts(demo: Server) -> None:
    ada = sign_in_to_demo(demo, "admin")
    ada.follow("Staff")
    for name in ("Ada", "Hana", "Carl"):
        assert name in ada.page.text


def test_the_demo_makes_one_folder_and_no_other(demo: Server, folder: Path) -> None:
    assert [each.name for each in folder.iterdir()] == [DEFAULT_FOLDER]


def test_the_demo_starts_a_second_time_in_the_same_folder(empty: Path) -> None:
    with start(DEMO, empty, FROM_CHECKOUT) as first:
        check_report(first)
    with start(DEMO, empty, FROM_CHECKOUT) as second:
        check_report(second)


def test_the_demo_uses_the_folder_of_fitquiz_instance(empty: Path) -> None:
    with start(DEMO, empty, {**FROM_CHECKOUT, "FITQUIZ_INSTANCE": "mine"}) as server:
        assert [each.name for each in empty.iterdir()] == ["mine"]
        check_report(server)
