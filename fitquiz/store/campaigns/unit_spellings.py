"""The spelling of a unit. A unit that is spelt anew keeps its id, its links and its invitations.

The spelling can be corrected until the first seal. Each seal writes the labels into the ledger, and
the ledger cannot be changed.
"""

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.orm import Session

from fitquiz.core.groups.unit_lists import Path, find_fault_of_path, write_path
from fitquiz.core.name_spelling import fold_name, tidy_name
from fitquiz.store.campaigns.campaigns import Campaign, lock_campaign
from fitquiz.store.campaigns.units import Unit, find_unit, list_units
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

    The paths of all units below change too. If the label cannot be changed, change nothing.
    Then return SEALED, DUPLICATE, GONE or the key of what is wrong with the label.
    """
    campaign = lock_campaign(session, campaign_id)
    unit = find_unit(session, campaign_id, unit_id)
    if campaign is None or unit is None:
        return GONE
    if not can_respell(campaign):
        return SEALED

    units = list_units(session, campaign_id)
    moved = _move(units, unit.path, label)
    for path in moved.values():
        fault = find_fault_of_path(path)
        if fault is not None:
            return fault
    taken = {_fold(each.path) for each in units if each.id not in moved}
    if _fold(moved[unit_id]) in taken:
        return DUPLICATE

    for moved_id, path in moved.items():
        respelt = update(UnitRow).where(UnitRow.id == moved_id)
        session.execute(respelt.values(path=write_path(path)))
    return None


def _move(units: Sequence[Unit], old: Path, label: str) -> dict[int, Path]:
    """Return the new paths of a unit and of all units below, by the ids of the units."""
    depth = len(old)
    renamed = (*old[:-1], tidy_name(label))
    moved = {}
    for unit in units:
        if unit.path[:depth] == old:
            moved[unit.id] = (*renamed, *unit.path[depth:])
    return moved


def _fold(path: Path) -> Path:
    return tuple(fold_name(label) for label in path)
