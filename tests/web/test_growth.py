"""A page takes as long when a million attempts are stored as when a thousand are, on both databases."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from fitquiz.web.db import dispose_database
from fitquiz.web.factory import create_app
from fitquiz.web.settings import read_settings
from tests.reliability.masses import fill, make_urls
from tests.web.answering import agree
from tests.web.counselling import find_address, make_link, share, take
from tests.web.respondent import Respondent
from tests.web.staff_member import StaffMember

MOST_TIMES, WARM_UP, TRIES = 1.3, 3, 4


@dataclass(frozen=True)
class Company:
    """A product with so many attempts in it, and what those ask who use it now."""

    app: Flask
    ask: dict[str, Callable[[], int]]


def open_company(url: str, folder: Path, compiled: FileSystemBytecodeCache) -> Company:
    """Let somebody be half-way, somebody have finished and shared, and staff be signed in."""
    app = create_app(read_settings({"FITQUIZ_INSTANCE": str(folder), "FITQUIZ_DATABASE_URL": url}))
    app.jinja_env.bytecode_cache = compiled
    alice, sharer = Respondent(app.test_client()), Respondent(app.test_client())
    hana, carl = StaffMember(app, "Hana", "hr"), StaffMember(app, "Carl", "counsellor")
    campaign, link = hana.create(), make_link(carl)
    take(sharer, find_address(carl, link), agree())
    share(sharer, carl.staff.id)
    alice.start()
    item = f"{alice.base}/items/{alice.item}"
    form = alice.page.find_form(f"/items/{alice.item}")
    pages = {
        "item": (alice, item),
        "check": (alice, f"{alice.base}/check"),
        "result": (sharer, f"{sharer.base}/result"),
        "campaigns": (hana, "/en/campaigns"),
        "campaign": (hana, f"/en/campaigns/{campaign.id}"),
        "invitations": (hana, f"/en/campaigns/{campaign.id}/links"),
        "reports": (hana, "/en/reports"),
        "links": (carl, "/en/links"),
        "link": (carl, f"/en/links/{link.id}"),
        "clients": (carl, "/en/clients"),
    }
    asks: dict[str, Callable[[], int]] = {name: partial(look, *page) for name, page in pages.items()}
    answer = form.press() | {"answer": "3"}
    return Company(app, asks | {"answer": lambda: alice.post(form.action, answer).status_code})


def look(who: Respondent | StaffMember, address: str) -> int:
    return who.client.get(address).status_code


def measure(ask: Callable[[], int]) -> float:
    began = time.perf_counter()
    assert ask() in (200, 303)
    return time.perf_counter() - began


def compare(companies: list[Company], rounds: int) -> dict[str, list[float]]:
    """Return, by page, how many times as long it takes in each company as in the first.

    All are asked in turn, again and again, so that what else the machine does meets all alike.
    """
    times: dict[str, list[list[float]]] = {name: [] for name in companies[0].ask}
    for _ in range(WARM_UP + rounds):
        for name, seen in times.items():
            seen.append([measure(each.ask[name]) for each in companies])
    ratios = {}
    for name, seen in times.items():
        first, *others = (median(each) for each in zip(*seen[WARM_UP:], strict=True))
        ratios[name] = [round(each / first, 2) for each in others]
    return ratios


def find_grown(companies: list[Company], rounds: int) -> set[str]:
    """Return the pages that have grown each time that they were compared: a busy machine errs now and then."""
    grown = set(companies[0].ask)
    for _ in range(TRIES):
        ratios = compare(companies, rounds)
        print(ratios)
        grown &= {name for name, each in ratios.items() if max(each) > MOST_TIMES}
        if not grown:
            break
    return grown


@pytest.fixture
def open_companies(
    tmp_path: Path, compiled_templates: FileSystemBytecodeCache
) -> Iterator[Callable[..., list[Company]]]:
    opened: list[Company] = []

    def open_all(urls: list[str], *numbers: int) -> list[Company]:
        for url, number in zip(urls, numbers, strict=True):
            fill(url, number)
            opened.append(open_company(url, tmp_path / str(number), compiled_templates))
        return opened

    yield open_all
    for each in opened:
        dispose_database(each.app)


def test_pages_take_as_long_with_thirty_thousand_attempts_as_with_a_thousand(
    open_companies: Callable[..., list[Company]], tmp_path: Path
) -> None:
    with make_urls("sqlite", tmp_path, "few", "many") as urls:
        companies = open_companies(urls, 1_000, 30_000)
        assert find_grown(companies, 15) == set()


@pytest.mark.long
@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_pages_take_as_long_with_a_million_attempts_as_with_a_thousand(
    backend: str, open_companies: Callable[..., list[Company]], tmp_path: Path
) -> None:
    with make_urls(backend, tmp_path, "few", "many", "most") as urls:
        assert find_grown(open_companies(urls, 1_000, 100_000, 1_000_000), 60) == set()
