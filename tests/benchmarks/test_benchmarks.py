"""`make bench` prints a table whose figures can be; how its rows are worked out is tried with made-up rounds."""

import subprocess
import sys

import pytest

from tests.benchmarks.__main__ import (
    ATTEMPTS,
    ATTEMPTS_ON_SHARED_DEVICE,
    ATTEMPTS_WITH_SCRIPT,
    BARE,
    LOADS,
)
from tests.benchmarks.collecting import plan_batches
from tests.benchmarks.table import Round, write_head, write_ratios, write_row
from tests.browser.support.server import ROOT

ROUNDS = [
    Round(2, 1, [0.01] * 30, [0.02] * 10, 0.4, 5000),
    Round(1, 3, [0.03] * 30, [0.02] * 10, 0.2, 7000),
]
BARE_ROUNDS = [Round(1, 40, [0.001] * 40, [], 0.1, 100), Round(1, 80, [0.001] * 80, [], 0.1, 400)]


def split(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_a_row_tells_medians_and_spread() -> None:
    cells = split(write_row("x", 8, ROUNDS))
    assert cells[:4] == ["x", "8", "1.8 (0.5–3.0)", "30 (20–40)"]
    assert cells[4] == "20.0 / 20.0 / 20.0 (10.0–30.0 / 10.0–30.0 / 10.0–30.0)"
    assert cells[5] == "20.0 / 20.0 / 20.0 (20.0–20.0 / 20.0–20.0 / 20.0–20.0)"
    assert cells[6:] == ["7.50 (5.00–10.00)", "233.33 (66.67–400.00)", "3.7 (2.3–5.0)"]


def test_ratios_are_worked_out_round_by_round() -> None:
    cells = split(write_ratios("x", 8, ROUNDS, BARE_ROUNDS))
    assert cells[:4] == ["x", "8", "0.0250 (0.0125–0.0375)", "0.50 (0.50–0.50)"]
    assert cells[4] == "20.00 / 20.00 / 20.00 (10.00–30.00 / 10.00–30.00 / 10.00–30.00)"
    assert cells[5:7] == ["–", "4.00 (4.00–4.00)"]
    assert cells[8] == "1,233.33 (466.67–2,000.00)"


def test_percentiles_are_those_of_a_round() -> None:
    times = [each / 1000 for each in range(1, 102)]
    assert split(write_row("x", 1, [Round(1, 101, times, [], 0.1, 1)]))[4].startswith(
        "51.0 / 96.0 / 100.0 ("
    )


def test_a_load_that_took_no_tick_costs_as_little_as_one() -> None:
    idle = Round(1, 40, [0.001] * 40, [], 0, 100)
    assert split(write_ratios("x", 1, [idle], [idle]))[6] == "1.00 (1.00–1.00)"


def test_a_round_without_a_request_of_a_kind_does_not_spoil_the_others() -> None:
    rounds = [Round(1, 2, [0.01] * 2, [0.02], 0.1, 1), Round(1, 1, [0.03], [], 0.1, 1)]
    assert split(write_row("x", 1, rounds))[4:6] == [
        "20.0 / 20.0 / 20.0 (10.0–30.0 / 10.0–30.0 / 10.0–30.0)",
        "20.0 / 20.0 / 20.0 (20.0–20.0 / 20.0–20.0 / 20.0–20.0)",
    ]


def test_a_row_has_a_cell_for_each_name() -> None:
    names = write_head().splitlines()
    assert {row.count("|") for row in (*names, write_row("x", 1, ROUNDS))} == {names[0].count("|")}


def test_an_own_device_sends_28_answers_in_10_requests() -> None:
    assert plan_batches(28) == [1, *[3] * 9]


@pytest.mark.long
def test_the_benchmark_runs_and_prints_a_row_for_each_load() -> None:
    asked = ["--seconds", "0.5", "--rounds", "1", "--at-once", "2", "--databases", "sqlite"]
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", *asked],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    tables = [[split(line) for line in each.splitlines()[2:]] for each in find_tables(run.stdout)]
    assert [row[0] for row in tables[0]] == list(LOADS)
    assert all(read_figure(row[3]) > 0 for row in tables[0])
    assert [[row[0] for row in each] for each in tables[1:]] == [
        [name for name in LOADS if name not in BARE]
    ] * 2
    requests = {row[0]: read_figure(row[3]) / read_figure(row[2]) for row in tables[0]}
    assert requests[ATTEMPTS] == pytest.approx(62, rel=0.1)
    assert requests[ATTEMPTS_WITH_SCRIPT] == pytest.approx(18, rel=0.1)
    assert requests[ATTEMPTS_ON_SHARED_DEVICE] == pytest.approx(36, rel=0.1)
    rates = {row[0]: read_figure(row[3]) for row in tables[0]}
    for bare, table in zip(BARE, tables[1:], strict=True):
        assert {row[0]: read_figure(row[3]) for row in table} == pytest.approx(
            {row[0]: rates[row[0]] / rates[bare] for row in table}, rel=0.1
        )
    assert "Start to first page" in run.stdout


def read_figure(cell: str) -> float:
    return float(cell.split(maxsplit=1)[0].replace(",", ""))


def find_tables(text: str) -> list[str]:
    return [each for each in text.split("\n\n") if each.startswith("| load")]
