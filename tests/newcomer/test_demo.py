"""`make demo` in an empty folder, with no setting: what it fills is what it serves, also at the second start."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.newcomer.demo_tour import check_client, check_report, check_staff
from tests.newcomer.stranger import FROM_CHECKOUT, Server, read_recipe, start

DEMO = read_recipe("demo")
DEFAULT_FOLDER = "instance-demo"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder, empty at first, in which the demo is started."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(folder: Path) -> Iterator[Server]:
    """The demo, started for the second time in its folder."""
    with start(DEMO, folder, FROM_CHECKOUT) as first:
        check_report(first)
    with start(DEMO, folder, FROM_CHECKOUT) as second:
        yield second


def test_hr_reads_figures_at_the_first_and_the_second_start(demo: Server) -> None:
    check_report(demo)


def test_the_counsellor_sees_a_client_on_the_desk(demo: Server) -> None:
    check_client(demo)


def test_the_administrator_sees_the_three_accounts(demo: Server) -> None:
    check_staff(demo)


def test_the_demo_makes_one_folder_and_no_other(demo: Server, folder: Path) -> None:
    assert [each.name for each in folder.iterdir()] == [DEFAULT_FOLDER]


def test_the_demo_uses_the_folder_of_fitquiz_instance(empty: Path) -> None:
    with start(DEMO, empty, {**FROM_CHECKOUT, "FITQUIZ_INSTANCE": "mine"}) as server:
        assert [each.name for each in empty.iterdir()] == ["mine"]
        check_report(server)
