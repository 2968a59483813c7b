"""A report with 1,000 units on one level has several pages, and each page reads only its own units."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import event

from fitquiz.core.groups.counting import STATISTICS, list_columns, make_plan, write_plan
from fitquiz.core.groups.seal_rules import Count
from fitquiz.core.groups.unit_lists import MAX_UNITS
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.engine.paging import PAGE
from fitquiz.store.ledger.publishing import Published, publish
from fitquiz.web.site.database_session import writing
from tests.web.support.answering import PACK
from tests.web.support.staff_member import StaffMember

PLAN = make_plan(each.name for each in STATISTICS)
DAY = date(2026, 11, 20)
MAX_SECONDS = 0.050
MAX_ROWS = MAX_UNITS + (PAGE + 1) * 20
"""The overview has one sum of each unit. The tables need fewer than 20 sums of each unit on a page."""


@pytest.fixture
def large(hana: StaffMember) -> Campaign:
    """A campaign whose units have figures, except the first unit."""
    units = [f"Unit {number}; 80" for number in range(1, MAX_UNITS + 1)]
    campaign = hana.create("Large", units="\n".join(units), statistics=write_plan(PLAN))
    columns = list_columns(PLAN, PACK)
    groups = []
    for number in range(2, MAX_UNITS + 1):
        counts = tuple(Count(name, cell, PLAN[name], 15) for name, cell in columns)
        groups.append(Published((f"Unit {number}",), 60, True, counts))
    with hana.app.app_context(), writing() as session:
        publish(session, campaign.id, (DAY, DAY), groups)
    return campaign


@contextmanager
def counting_ledger_rows(app: Flask) -> Iterator[list[int]]:
    """Collect how many rows each statement reads from the ledger."""
    engine = app.extensions["fitquiz_ledger"].kw["bind"]
    rows: list[int] = []

    def note(
        connection: object, _cursor: object, statement: str, values: object, *_: object
    ) -> None:
        raw = connection.connection.dbapi_connection  # type: ignore[attr-defined]
        rows.append(len(raw.execute(statement, values).fetchall()))

    event.listen(engine, "before_cursor_execute", note)
    yield rows
    event.remove(engine, "before_cursor_execute", note)


def test_a_page_of_many_units_reads_only_its_own_units(
    app: Flask, hana: StaffMember, large: Campaign
) -> None:
    page = hana.open(f"/en/reports/{large.id}")
    assert "Units 1 to 50 of 1,000" in page.text
    assert "999 of 1,000" in page.text
    assert "In 999 units, fewer than half lean to the front office" in page.text
    assert "Unit 1 not shown by itself" in page.text
    assert "Unit 51" not in page.text
    with counting_ledger_rows(app) as rows:
        page = hana.open(page.find_link("page=1"))
    assert "Units 51 to 100 of 1,000" in page.text
    assert "Unit 51" in page.text
    assert "Unit 101" not in page.text
    assert len(rows) <= 6
    assert sum(rows) <= MAX_ROWS
    page = hana.open(f"/en/reports/{large.id}?page=19")
    assert "Unit 1000" in page.text
    assert "Next units" not in page.text
    hana.open(f"/en/reports/{large.id}?page=20", 404)


@pytest.mark.long
def test_a_page_of_many_units_costs_little_processor_time(
    hana: StaffMember, large: Campaign
) -> None:
    seconds = []
    for _ in range(20):
        began = time.process_time()
        response = hana.client.get(f"/en/reports/{large.id}?page=7")
        seconds.append(time.process_time() - began)
        assert response.status_code == 200
    print(f"{min(seconds) * 1000:.1f} ms")
    assert min(seconds) <= MAX_SECONDS
