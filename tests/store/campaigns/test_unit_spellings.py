"""A corrected spelling obeys the rules of new units, for the unit and for all units below."""

import pytest
from sqlalchemy.orm import Session

from fitquiz.core.groups.unit_lists import UnitDraft
from fitquiz.store.campaigns.unit_spellings import DUPLICATE, GONE, respell_unit
from fitquiz.store.campaigns.units import list_units, replace_units
from tests.store.support.ledger_cast import BEFORE, start_campaign

Ids = dict[tuple[str, ...], int]
PATHS = (
    ("Sales",),
    ("Sales", "Oslo"),
    ("Sales", "Oslo", "Shops"),
    ("Sales", "Bergen"),
    ("IT",),
    ("IT", "Oslo"),
)


@pytest.fixture
def campaign_id(session: Session) -> int:
    campaign = start_campaign(session)
    drafts = [UnitDraft(path) for path in PATHS]
    assert replace_units(session, campaign.id, drafts, BEFORE)
    return campaign.id


def read_ids(session: Session, campaign_id: int) -> Ids:
    return {unit.path: unit.id for unit in list_units(session, campaign_id)}


@pytest.mark.parametrize(
    ("path", "label", "fault"),
    [
        (("Sales",), "", "empty"),
        (("Sales",), " \u200b ", "empty"),
        (("Sales",), "x" * 81, "too-long"),
        (("Sales",), "Sales > Oslo", "forbidden"),
        (("Sales",), "Sales; 7", "forbidden"),
        (("Sales",), "Sales\x01", "forbidden"),
        (("Sales",), "it", DUPLICATE),
        (("Sales", "Oslo"), "BERGEN", DUPLICATE),
        (("Sales", "Oslo"), "SALES", "inside-itself"),
        (("Sales",), "oslo", "inside-itself"),
        (("Sales",), "Shops", "inside-itself"),
    ],
)
def test_a_wrong_name_changes_no_path(
    session: Session, campaign_id: int, path: tuple[str, ...], label: str, fault: str
) -> None:
    before = read_ids(session, campaign_id)
    assert respell_unit(session, campaign_id, before[path], label) == fault
    assert read_ids(session, campaign_id) == before


def test_all_units_below_move_and_keep_their_ids(session: Session, campaign_id: int) -> None:
    before = read_ids(session, campaign_id)
    assert respell_unit(session, campaign_id, before[("Sales",)], "Market") is None
    after = read_ids(session, campaign_id)
    assert set(after.values()) == set(before.values())
    assert after[("Market", "Oslo", "Shops")] == before[("Sales", "Oslo", "Shops")]
    moved = {("Market", *path[1:]) if path[0] == "Sales" else path for path in PATHS}
    assert set(after) == moved


def test_a_name_is_stored_trimmed_and_composed(session: Session, campaign_id: int) -> None:
    unit_id = read_ids(session, campaign_id)[("IT",)]
    assert respell_unit(session, campaign_id, unit_id, "  A\u030as\u200b  2 ") is None
    assert read_ids(session, campaign_id)[("Ås 2",)] == unit_id


def test_a_unit_may_have_a_name_that_stands_elsewhere(session: Session, campaign_id: int) -> None:
    unit_id = read_ids(session, campaign_id)[("Sales", "Bergen")]
    assert respell_unit(session, campaign_id, unit_id, "IT") is None


def test_a_unit_of_another_campaign_is_gone(session: Session, campaign_id: int) -> None:
    unit_id = read_ids(session, campaign_id)[("IT",)]
    assert respell_unit(session, campaign_id + 1, unit_id, "Tech") == GONE
