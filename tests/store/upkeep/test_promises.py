"""After a year without visitors, housekeeping has deleted all data of respondents."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from fitquiz.config.settings import read_settings
from fitquiz.server.housekeeping import run_housekeeping_once
from fitquiz.store.engine.database import Database, open_database
from fitquiz.store.upkeep.schema import upgrade_schema
from tests.released.keeping import load_kept
from tests.store.support.cast import NewUrl, reading, writing
from tests.store.support.reading_all import read_all

A_YEAR_LATER = datetime(2027, 12, 1, tzinfo=UTC)
NOBODYS = ("staff", "recovery_code", "audit", "campaign", "unit", "invitation", "pack")
PUBLISHED = ("ledger", "ledger_statistic", "ledger_rollup")


@pytest.fixture
def later(new_url: NewUrl) -> Iterator[Database]:
    """The kept database, after housekeeping a year later and once more half a year after that."""
    database = open_database(new_url())
    load_kept(database)
    upgrade_schema(database)
    with writing(database) as session:  # Let all campaigns end.
        for statement in (
            "UPDATE campaign SET closes_on = '2027-01-01', opens_on = '2026-10-01'",
            "UPDATE link SET expires_on = '2027-01-01'",
            "UPDATE share SET expires_at = '2027-01-01 00:00:00'",
            "UPDATE staff_link SET expires_at = '2027-01-01 00:00:00'",
        ):
            session.execute(text(statement))
    for moment in (A_YEAR_LATER, A_YEAR_LATER + timedelta(200)):
        assert run_housekeeping_once(database, read_settings({}), moment)
    yield database
    database.engine.dispose()


def test_nothing_is_left_past_its_limit_and_each_response_was_published_or_forgotten_once(
    later: Database,
) -> None:
    left = {name for name, rows in read_all(later).items() if rows}
    assert left == {*NOBODYS, *PUBLISHED}
    with reading(later) as session:
        published = session.execute(text("SELECT sum(n) FROM ledger WHERE is_batch")).scalar_one()
        counted = "SELECT sum(count) FROM ledger_rollup WHERE statistic = 'answers' AND path = '[]'"
        assert published == session.execute(text(counted)).scalar_one() == 115 + 186
