"""`make bench` prints a table whose figures can be; how its rows are worked out is tried with made-up rounds."""

import re
import subprocess
import sys

from tests.benchmarks.__main__ import LOADS
from tests.benchmarks.table import HEAD, Round, write_row
from tests.browser.server import ROOT


def test_a_row_tells_medians_spread_and_ratios_round_by_round() -> None:
    rounds = [Round(2, 1, [0.01] * 30, [0.02] * 10, 0.4, 5000), Round(1, 3, [0.01] * 30, [0.02] * 10, 0.2, 7000)]
    bare = [Round(1, 40, [0.001] * 40, [], 0.1, 100), Round(1, 80, [0.001] * 80, [], 0.1, 100)]
    cells = [cell.strip() for cell in write_row("x", 8, rounds, [bare, bare]).strip("|").split("|")]
    assert cells[:4] == ["x", "8", "1.8 (0.5–3.0)", "30 (20–40)"]
    assert cells[4:9] == ["10.0 / 10.0 / 10.0", "20.0 / 20.0 / 20.0", "7.50", "150.00", "3.0"]
    assert cells[9:] == ["0.50, 4.0", "0.50, 4.0"]


def test_the_bare_app_is_compared_with_nothing() -> None:
    row = write_row("(a)", 1, [Round(1, 4, [0.1] * 4, [], 0.1, 10)])
    assert row.count("|") == HEAD.splitlines()[1].count("|")
    assert row.endswith("|  |  |")


def test_the_benchmark_runs_and_prints_a_row_for_each_load() -> None:
    asked = ["--seconds", "0.5", "--rounds", "1", "--at-once", "2", "--databases", "sqlite"]
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", *asked], cwd=ROOT, capture_output=True, text=True, check=True
    )
    rows = [re.split(r" *\| *", line.strip("| ")) for line in run.stdout.splitlines() if line.startswith("| ")]
    figures = {row[0]: row for row in rows[2:]}
    assert list(figures) == list(LOADS)
    assert all(float(row[3].split()[0].replace(",", "")) > 0 for row in figures.values())
    assert "Start to first page" in run.stdout
