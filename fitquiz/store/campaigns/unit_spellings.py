"""The spelling of a unit. A unit that is spelt anew keeps its id, its links and its invitations.

The spelling can be corrected until the first seal. Each seal writes the labels into the ledger, and
the ledger cannot be changed.
"""

from sqlalchemy import update
from sqlalchemy.orm import Session

from fitquiz.core.groups.unit_lists import Path, find_fault_of_path, write_path
from fitquiz.core.name_spelling import fold_name
from fitquiz.store.campaigns.campaigns import Campaign, lock_campaign
from fitquiz.store.campaigns.units import find_unit, list_units
from fitquiz.store.tables.campaign_tables import UnitRow

SEALED = "sealed"
DUPLICATE = "duplicate"
GONE = "gone"


def can_respell(campaign: Campaign) -> bool:
    """Return whether nothing of the campaign was sealed yet."""
    if campaign.ticked_on is not None:
        return False
    return campaign.sealed_at is None


def respell_unit(
    session: Session, campaign_id: int, unit_id: int, label: str
) -> str | None:
    """Change the label of a unit, and return None.

    Change nothing and return SEALED, DUPLICATE, GONE or the key of what is wrong with the label.
    """
    campaign = lock_campaign(session, campaign_id)
    unit = find_unit(session, campaign_id, unit_id)
    if campaign is None or unit is None:
        return GONE
    if not can_respell(campaign):
        return SEALED

    changed = (*unit.path[:-1], label)
    fault = find_fault_of_path(changed)
    if fault is not None:
        return fault
    units = list_units(session, campaign_id)
    for each in units:
        is_equal = _fold(each.path) == _fold(changed)
        if is_equal and each.id != unit_id:
            return DUPLICATE

    depth = len(unit.path)
    for each in units:
        if each.path[:depth] == unit.path:
            path = (*changed, *each.path[depth:])
            respelt = update(UnitRow).where(UnitRow.id == each.id)
            session.execute(respelt.values(path=write_path(path)))
    return None


def _fold(path: Path) -> Path:
    return tuple(fold_name(label) for label in path)
