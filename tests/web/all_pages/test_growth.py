"""A page takes as long when a million attempts are stored, and a large installation beside them, as with a thousand."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import pytest
from jinja2 import FileSystemBytecodeCache

from fitquiz.store.engine.database import open_database
from fitquiz.web.site.database_session import dispose_database
from tests.reliability.support.masses import fill, make_urls
from tests.store.support.others import store_others
from tests.web.support.large_company import Company, open_company

MOST_TIMES, WARM_UP = 1.3, 5
MOST_OTHERS = 100_000
"""So many rows of others in each table, at most; as many as there are attempts below."""


def measure(ask: Callable[[], int], backends: list[Path]) -> float:
    """Return the seconds of processor time that a page takes here, and in PostgreSQL: no other program adds to them."""
    began = read_clock(backends)
    assert ask() in (200, 303)
    return read_clock(backends) - began


def read_clock(backends: list[Path]) -> float:
    return time.process_time() + sum(int(each.read_text().split()[0]) for each in backends) / 1e9


def compare(companies: list[Company], rounds: int) -> dict[str, list[float]]:
    """Return, by page, how many times as long it takes in each company as in the first.

    All are asked in turn, from another one on each time, so that what a busy machine does to it meets all alike.
    """
    turn, ratios = list(range(len(companies))), {}
    for name in companies[0].ask:
        seen: list[list[float]] = [[] for _ in companies]
        backends = [each.find_backends() for each in companies]
        for _ in range(WARM_UP + rounds):
            turn = turn[1:] + turn[:1]
            for at in turn:
                seen[at].append(measure(companies[at].ask[name], backends[at]))
        first, *others = (median(each[WARM_UP:]) for each in seen)
        ratios[name] = [round(each / first, 2) for each in others]
    return ratios


@pytest.fixture
def open_companies(
    tmp_path: Path, compiled_templates: FileSystemBytecodeCache
) -> Iterator[Callable[..., list[Company]]]:
    opened: list[Company] = []

    def open_all(urls: list[str], *numbers: int) -> list[Company]:
        for url, number in zip(urls, numbers, strict=True):
            fill(url, number)
            database = open_database(url)
            store_others(database, min(number, MOST_OTHERS))
            database.engine.dispose()
            opened.append(open_company(url, tmp_path / str(number), compiled_templates))
        return opened

    yield open_all
    for each in opened:
        dispose_database(each.app)


def find_grown(companies: list[Company], rounds: int) -> dict[str, list[float]]:
    ratios = compare(companies, rounds)
    print("", *(f"{name}: {each}" for name, each in ratios.items()), sep="\n")
    return {name: each for name, each in ratios.items() if max(each) > MOST_TIMES}


@pytest.mark.long
def test_pages_take_as_long_with_thirty_thousand_attempts_as_with_a_thousand(
    open_companies: Callable[..., list[Company]], tmp_path: Path
) -> None:
    with make_urls("sqlite", tmp_path, "few", "many") as urls:
        assert find_grown(open_companies(urls, 1_000, 30_000), 15) == {}


@pytest.mark.long
@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_pages_take_as_long_with_a_million_attempts_as_with_a_thousand(
    backend: str, open_companies: Callable[..., list[Company]], tmp_path: Path
) -> None:
    with make_urls(backend, tmp_path, "few", "many", "most") as urls:
        assert find_grown(open_companies(urls, 1_000, 100_000, 1_000_000), 60) == {}
