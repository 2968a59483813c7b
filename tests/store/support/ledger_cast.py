"""What the tests of the ledger share: a campaign of Hana's with units, and pending responses."""

import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from fitquiz.core.groups.counting import make_plan, write_plan
from fitquiz.core.groups.unit_lists import Path, UnitDraft
from fitquiz.store.campaigns.campaigns import Campaign, CampaignChoices, add_campaign, find_campaign
from fitquiz.store.campaigns.units import add_units, list_units
from fitquiz.store.engine.database import Database
from fitquiz.store.ledger.pending_responses import add_response
from fitquiz.store.ledger.sealing import Sealed, seal_campaign
from fitquiz.store.tables.staff_tables import StaffRow
from tests.core.support.shipped_packs import PACK
from tests.store.support.cast import assert_waits, writing

BEFORE = date(2026, 2, 28)
OPENS, CLOSES = date(2026, 3, 1), date(2026, 3, 31)
DURING = datetime(2026, 3, 10, 12, tzinfo=UTC)
AFTER = datetime(2026, 4, 1, 6, tzinfo=UTC)
OSLO, BERGEN, SALES, IT, ALL = ("Sales", "Oslo"), ("Sales", "Bergen"), ("Sales",), ("IT",), ()
UNITS = (UnitDraft(SALES), UnitDraft(OSLO), UnitDraft(BERGEN), UnitDraft(IT))


def no_noise(bound: int) -> int:
    """Return the number that ends every draw at once, so that exact sums are published."""
    return bound - 1


def add_staff(session: Session, name: str = "Hana") -> int:
    """Store a member of staff and return the id."""
    row = {
        "name": name,
        "email": f"{name.lower()}@example.org",
        "permissions": "hr",
        "is_disabled": False,
        "created_at": DURING,
    }
    return int(session.scalars(insert(StaffRow).values(row).returning(StaffRow.id)).one())


def make_new_campaign(**changes: Any) -> CampaignChoices:
    """Return what Hana chooses for a campaign that is split into units, with these changes."""
    whole: dict[str, Any] = {
        "title": "Spring",
        "inviter": "HR at Fjord",
        "languages": ("nb", "en"),
        "opens_on": OPENS,
        "closes_on": CLOSES,
        "cap": None,
        "is_personal": False,
        "statistics": write_plan(make_plan(["lean"])),
        "sealing": "close",
        "threshold": 5,
        "split_from": 0,
    }
    return CampaignChoices(**(whole | changes))


def start_campaign(session: Session, owner_id: int | None = None, **changes: object) -> Campaign:
    """Store a campaign with its units and return it."""
    new = make_new_campaign(**changes)
    campaign_id = add_campaign(session, owner_id or add_staff(session), new, PACK, DURING)
    add_units(session, campaign_id, UNITS)
    return look_up(session, campaign_id)


def look_up(session: Session, campaign_id: int) -> Campaign:
    """Read a campaign. The campaign must exist."""
    campaign = find_campaign(session, campaign_id)
    assert campaign is not None
    return campaign


def find_unit(session: Session, campaign: Campaign, path: Path) -> int:
    """Return a unit's id, or 0 for the whole campaign."""
    for unit in list_units(session, campaign.id):
        if unit.path == path:
            return unit.id
    return 0


def respond(
    session: Session,
    campaign: Campaign,
    path: Path = ALL,
    cells: str = "0",
    key: bytes | None = None,
) -> bytes:
    """Store a pending response for a unit. The key is random, unless it is given."""
    key = key or secrets.token_bytes(32)
    assert add_response(
        session, key, campaign, find_unit(session, campaign, path), cells, DURING.date()
    )
    return key


def respond_often(
    session: Session, campaign: Campaign, counts: Mapping[Path, int], cells: str = "0"
) -> None:
    """Store this number of pending responses for each unit."""
    for path, count in counts.items():
        for _ in range(count):
            respond(session, campaign, path, cells)


def seal(
    session: Session,
    campaign: Campaign,
    now: datetime = AFTER,
    randbelow: Callable[[int], int] = no_noise,
) -> Sealed | None:
    """Seal a campaign. There is no noise, unless `randbelow` is given."""
    return seal_campaign(session, campaign.id, now, now.date(), randbelow)


def change_behind_a_response(
    database: Database, campaign: Campaign, change: Callable[[Session], bool]
) -> bool:
    """Try a change while another transaction counts a response, and check that the change waits.

    Return whether the change was made after this transaction.
    """

    def try_it() -> bool:
        with writing(database) as session:
            return change(session)

    with ThreadPoolExecutor(1) as pool:
        with writing(database) as session:
            respond(session, campaign, IT)
            changing = pool.submit(try_it)
            assert_waits(changing)
        return changing.result(10)


def read_batches(session: Session) -> list[tuple[str, int]]:
    """Return label and size of every batch in the ledger."""
    return [
        (row.path, row.n)
        for row in session.execute(text("SELECT path, n FROM ledger WHERE is_batch ORDER BY id"))
    ]


def count_waiting(session: Session) -> int:
    """Return the number of pending responses."""
    return int(session.execute(text("SELECT count(*) FROM pending")).scalar_one())


def week(number: int) -> datetime:
    """Return the moment this number of weeks after the campaign opens."""
    return datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(weeks=number)
