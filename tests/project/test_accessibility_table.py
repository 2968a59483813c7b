"""docs/accessibility.md has a line for each criterion of WCAG 2.2 at level A and AA."""

import re
from datetime import date
from pathlib import Path

import pytest

DOCUMENT = (Path(__file__).parents[2] / "docs" / "accessibility.md").read_text("utf-8")
LEVEL_A = """
1.1.1 1.2.1 1.2.2 1.2.3 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2 2.4.3
2.4.4 2.5.1 2.5.2 2.5.3 2.5.4 3.1.1 3.2.1 3.2.2 3.2.6 3.3.1 3.3.2 3.3.7 4.1.2
"""
LEVEL_AA = """
1.2.4 1.2.5 1.3.4 1.3.5 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 2.4.5 2.4.6 2.4.7 2.4.11 2.5.7 2.5.8
3.1.2 3.2.3 3.2.4 3.3.3 3.3.4 3.3.8 4.1.3
"""
LEVELS = {"A": LEVEL_A.split(), "AA": LEVEL_AA.split()}
HOLDS = ("yes", "partly", "no", "not relevant")
ROW = re.compile(
    r"(?m)^\| (\d\.\d\.\d+) [^|]+ \| (A+) \| ([a-z ]+) \| ([^|]{10,}) \| (\d{4}-\d\d-\d\d) \| (\d+\.\d+\.\d+) \|$"
)


def list_missing(text: str) -> list[str]:
    """Return the criteria without a whole line."""
    found = {(criterion, level) for criterion, level, *_ in ROW.findall(text)}
    return [
        criterion
        for level, criteria in LEVELS.items()
        for criterion in criteria
        if (criterion, level) not in found
    ]


def list_partly(text: str) -> list[str]:
    return [row[0] for row in ROW.findall(text) if row[2] in ("partly", "no")]


def test_every_criterion_has_a_line() -> None:
    assert [len(LEVELS[level]) for level in ("A", "AA")] == [31, 24]
    assert list_missing(DOCUMENT) == []


def test_every_line_says_one_of_four_things_on_a_day() -> None:
    rows = ROW.findall(DOCUMENT)
    assert len({row[0] for row in rows}) == len(rows)
    assert {row[2] for row in rows} <= {*HOLDS}
    assert all(date.fromisoformat(row[4]) for row in rows)


@pytest.mark.parametrize("language", ["Bokmål", "Nynorsk", "English"])
def test_the_texts_name_all_that_holds_only_partly(language: str) -> None:
    text = DOCUMENT.partition(f"### {language}\n")[2].partition("\n### ")[0]
    assert re.findall(r"(?m)^(\d\.\d\.\d+) ", text) == list_partly(DOCUMENT)


def test_a_missing_line_is_caught() -> None:
    without = re.sub(r"(?m)^\| 2\.5\.3 .*\n", "", DOCUMENT)
    assert list_missing(without) == ["2.5.3"]
