"""Units of a campaign. Units can be replaced only before the first day of the campaign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, Select, delete, insert, select, update
from sqlalchemy.orm import Session

from fitquiz.core.groups.unit_lists import Path, UnitDraft, read_path, write_path
from fitquiz.core.name_spelling import fold_name
from fitquiz.store.tables.campaign_tables import CampaignRow, UnitRow


@dataclass(frozen=True, slots=True)
class Unit:
    """A department or a team in a campaign.

    `people` is the number of people in the unit and in all units below the unit. `people` is None
    if this number is unknown.
    """

    id: int
    path: Path
    people: int | None


def list_units(session: Session, campaign_id: int) -> list[Unit]:
    """Return the units of a campaign in the order of their ids."""
    query = _select_units(campaign_id).order_by(UnitRow.id)
    return [_read(row) for row in session.execute(query)]


def find_unit(session: Session, campaign_id: int, unit_id: int | None) -> Unit | None:
    """Return a unit of a campaign. Return None if the campaign has no unit with this id.

    Also return None if `unit_id` is None. The unit id None means the whole campaign.
    """
    is_wanted = UnitRow.id == unit_id
    query = _select_units(campaign_id).where(is_wanted)
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    return _read(row)


def add_units(session: Session, campaign_id: int, drafts: Sequence[UnitDraft]) -> None:
    """Store the units of a new campaign."""
    rows = []
    for draft in drafts:
        stored_path = write_path(draft.path)
        rows.append(
            {
                "campaign_id": campaign_id,
                "path": stored_path,
                "people": draft.people,
            }
        )
    if rows:
        session.execute(insert(UnitRow), rows)


def replace_units(
    session: Session, campaign_id: int, drafts: Sequence[UnitDraft], today: date
) -> bool:
    """Replace the units of a campaign. A unit keeps its id if a draft has the path of the unit.

    Paths that differ only in case are equal. The unit then gets the spelling of the draft.

    Return False and change nothing if the campaign has opened, or if the campaign was deleted.
    """
    if not _lock_unopened(session, campaign_id, today):
        return False

    units = list_units(session, campaign_id)
    existing = {_fold(unit.path): unit for unit in units}
    wanted = {_fold(draft.path): draft for draft in drafts}

    removed_ids = [unit.id for unit in list_removed(units, drafts)]
    session.execute(delete(UnitRow).where(UnitRow.id.in_(removed_ids)))

    new_units = []
    for path, draft in wanted.items():
        unit = existing.get(path)
        if unit is None:
            new_units.append(draft)
        elif (unit.path, unit.people) != (draft.path, draft.people):
            changed = update(UnitRow).where(UnitRow.id == unit.id)
            values = {"path": write_path(draft.path), "people": draft.people}
            session.execute(changed.values(values))
    add_units(session, campaign_id, new_units)
    return True


def list_removed(units: Sequence[Unit], drafts: Sequence[UnitDraft]) -> list[Unit]:
    """Return the units that `replace_units` deletes. The invitations of these units stop working."""
    wanted = {_fold(draft.path) for draft in drafts}
    return [unit for unit in units if _fold(unit.path) not in wanted]


def _lock_unopened(session: Session, campaign_id: int, today: date) -> bool:
    """Lock the campaign's row, and return whether the units of the campaign can be replaced.

    The lock stops other transactions from counting a response until this transaction ends.
    """
    query = (
        select(CampaignRow.is_frozen, CampaignRow.opens_on)
        .where(CampaignRow.id == campaign_id)
        .with_for_update()
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return False
    return not row.is_frozen and row.opens_on > today


def _select_units(campaign_id: int) -> Select[int, str, int | None]:
    # The columns of the table are faster to read than the attributes of the class.
    column = UnitRow.__table__.c
    return select(
        column.id,
        column.path,
        column.people,
    ).where(column.campaign_id == campaign_id)


def _read(row: Row[int, str, int | None]) -> Unit:
    unit_id, stored_path, people = row
    return Unit(unit_id, read_path(stored_path), people)


def _fold(path: Path) -> Path:
    return tuple(fold_name(label) for label in path)
