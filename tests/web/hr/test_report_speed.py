"""A report costs the same after a thousand counted responses as after ten million: it reads sums, never responses."""

import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import pytest
from flask import Flask
from sqlalchemy import Date, bindparam, text

from fitquiz.core.groups.counting import STATISTICS, list_columns, make_plan, write_plan
from fitquiz.core.groups.sealing import Count
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.units import list_units
from fitquiz.store.ledger.publishing import Published, publish
from fitquiz.web.site.db import writing
from tests.reliability.support.masses import make_urls
from tests.web.support.answering import PACK
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.records import read_database
from tests.web.support.staff_member import StaffMember

PLAN = make_plan(each.name for each in STATISTICS)
FIRST = date(2026, 1, 1)
ROUNDS, MOST_SECONDS, MOST_TIMES = 40, 0.050, 1.3
_DAYS = [bindparam(name, type_=Date) for name in ("first", "last", "began")]
_COPY_BATCHES = """\
INSERT INTO ledger (campaign_id, path, period_from, period_to, n, is_batch)
SELECT campaign_id, path, :first, :last, n, is_batch FROM ledger WHERE campaign_id = :campaign AND period_from = :began
"""
_ADD_UP = """\
UPDATE ledger_rollup SET batches = batches * :w, n = n * :w, count = count * :w WHERE campaign_id = :campaign
"""


def build(hana: StaffMember, title: str, teams: int, people: int, weeks: int) -> Campaign:
    """Publish so many people of each team of ten departments, week after week, as seals would have."""
    units = "\n".join(f"Department {at} > Team {team}" for at in range(10) for team in range(teams))
    campaign = hana.create(title, units=units, statistics=write_plan(PLAN))
    lots, columns = random.Random(1), list_columns(PLAN, PACK)
    with hana.app.app_context(), writing() as session:
        for unit in list_units(session, campaign.id):
            if len(unit.path) == 2:
                counts = tuple(
                    Count(name, cell, PLAN[name], lots.randrange(people)) for name, cell in columns
                )
                publish(
                    session,
                    campaign.id,
                    (FIRST, FIRST),
                    [Published(unit.path, people, True, counts)],
                )
        for week in range(1, weeks):
            days = {
                "first": FIRST + timedelta(week),
                "last": FIRST + timedelta(week),
                "began": FIRST,
            }
            session.execute(
                text(_COPY_BATCHES).bindparams(*_DAYS), days | {"campaign": campaign.id}
            )
        session.execute(text(_ADD_UP), {"campaign": campaign.id, "w": weeks})
    return campaign


def count_published(app: Flask, campaign: Campaign) -> int:
    with read_database(app).engine.connect() as connection:
        query = text("SELECT sum(n) FROM ledger WHERE campaign_id = :id")
        return int(connection.execute(query, {"id": campaign.id}).scalar_one())


def measure(hana: StaffMember, campaign: Campaign, clock: Callable[[], float]) -> float:
    """Return the seconds that one report takes."""
    began = clock()
    assert hana.client.get(f"/en/reports/{campaign.id}").status_code == 200
    return clock() - began


@pytest.mark.long
@pytest.mark.parametrize(
    ("backend", "clock"), [("sqlite", time.process_time), ("postgresql", time.perf_counter)]
)
def test_ten_million_responses_cost_what_a_thousand_do(
    backend: str, clock: Callable[[], float], make_app: MakeApp, tmp_path: Path
) -> None:
    with make_urls(backend, tmp_path, "reports") as (url,):
        app = make_app(database_url=url)
        hana = StaffMember(app, "Hana", "hr")
        small, large = build(hana, "Small", 2, 50, 1), build(hana, "Large", 10, 2000, 50)
        assert (count_published(app, small), count_published(app, large)) == (1000, 10_000_000)
        for campaign in (small, large):
            measure(hana, campaign, clock)
        pairs = [(measure(hana, small, clock), measure(hana, large, clock)) for _ in range(ROUNDS)]
        few, many = (median(each) for each in zip(*pairs, strict=True))
    print(f"{backend}: {few * 1000:.1f} and {many * 1000:.1f} ms")
    assert (
        sorted(each for _, each in pairs)[ROUNDS // 4] <= MOST_SECONDS
    )  # A machine that others use is slow at times.
    assert many <= MOST_TIMES * few
