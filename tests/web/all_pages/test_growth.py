"""A page takes as long when a million attempts are stored, and a large installation beside them, as with a thousand."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import text

from fitquiz.config.settings import read_settings
from fitquiz.store.engine.database import open_database
from fitquiz.web.factory import create_app
from fitquiz.web.site.db import dispose_database
from tests.reliability.support.masses import fill, make_urls
from tests.store.support.others import store_others, store_own
from tests.web.support.answering import agree
from tests.web.support.counselling import find_address, list_clients, look, make_link, share, take
from tests.web.support.records import read_database
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

MOST_TIMES, WARM_UP = 1.3, 5
MOST_OTHERS = 100_000
"""So many rows of others in each table, at most; as many as there are attempts below."""
Pages = dict[str, tuple[Respondent, str]]


@dataclass(frozen=True)
class Company:
    """A product with so many attempts in it, and what those ask who use it now."""

    app: Flask
    ask: dict[str, Callable[[], int]]

    def find_backends(self) -> list[Path]:
        """Where Linux tells of PostgreSQL's processes that work for it how long they have had a processor."""
        database = read_database(self.app)
        if database.engine.dialect.name != "postgresql":
            return []
        with database.engine.connect() as connection:
            own = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state IS NOT NULL"
            return [Path(f"/proc/{pid}/schedstat") for pid in connection.scalars(text(own))]


def open_company(url: str, folder: Path, compiled: FileSystemBytecodeCache) -> Company:
    """Let somebody be half-way, somebody have finished and shared, and staff be signed in."""
    app = create_app(read_settings({"FITQUIZ_INSTANCE": str(folder), "FITQUIZ_DATABASE_URL": url}))
    app.jinja_env.bytecode_cache = compiled
    hana, carl, ada = (
        StaffMember(app, *each)
        for each in (("Hana", "hr"), ("Carl", "counsellor"), ("Ada", "admin"))
    )
    sharer, link = Respondent(app.test_client()), make_link(carl)
    take(sharer, find_address(carl, link), agree())
    share(sharer, carl.staff.id)
    client = list_clients(carl)[0]
    look(carl, client)
    store_own(read_database(app), hana.staff.id, carl.staff.id)
    pages = list_respondents_pages(app, sharer) | list_hr_pages(hana)
    pages |= {"links": (carl, "/en/links"), "link": (carl, f"/en/links/{link.id}")}
    pages |= {"clients": (carl, "/en/clients"), "client": (carl, client)}
    pages |= {
        "staff": (ada, "/en/staff"),
        "log": (ada, "/en/staff/log"),
        "member": (ada, f"/en/staff/{hana.staff.id}"),
    }
    asks: dict[str, Callable[[], int]] = {
        name: partial(get_status, *page) for name, page in pages.items()
    }
    return Company(app, asks | {"answer": press_answer(Respondent(app.test_client()))})


def list_respondents_pages(app: Flask, sharer: Respondent) -> Pages:
    alice = Respondent(app.test_client())
    alice.start()
    return {
        "item": (alice, f"{alice.base}/items/{alice.item}"),
        "check": (alice, f"{alice.base}/check"),
        **{
            name: (sharer, f"{sharer.base}/{name}")
            for name in ("result", "answers", "share", "delete")
        },
    }


def list_hr_pages(hana: StaffMember) -> Pages:
    campaign, crowd = hana.create(), hana.create("Crowd", is_personal=True)
    parts = ("", "/links", "/units", "/edit")
    return {
        **{name: (hana, f"/en/{name}") for name in ("campaigns", "campaigns/new", "reports")},
        **{f"campaign{part}": (hana, f"/en/campaigns/{campaign.id}{part}") for part in parts},
        "invitations": (hana, f"/en/campaigns/{crowd.id}/invitations"),
        "report": (hana, f"/en/reports/{campaign.id}"),
    }


def press_answer(alice: Respondent) -> Callable[[], int]:
    alice.start()
    form = alice.page.find_form(f"/items/{alice.item}")
    return lambda: alice.post(form.action, form.press() | {"answer": "3"}).status_code


def get_status(who: Respondent, address: str) -> int:
    return who.client.get(address).status_code


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
