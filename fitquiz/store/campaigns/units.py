"""The units of a campaign. They can be replaced until the first response is counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Select, delete, insert, select, update
from sqlalchemy.orm import Session

from fitquiz.core.groups.units import Path, UnitDraft, read_path, write_path
from fitquiz.store.tables.campaign_tables import CampaignRow, UnitRow


@dataclass(frozen=True, slots=True)
class Unit:
    """A department or team. `people` is its size with the units below it, or None if unknown."""

    id: int
    path: Path
    people: int | None


def list_units(session: Session, campaign_id: int) -> list[Unit]:
    """Return a campaign's units in the order in which they were entered."""
    query = _select_units(campaign_id).order_by(UnitRow.id)
    return [_read(row) for row in session.execute(query)]


def find_unit(session: Session, campaign_id: int, unit_id: int | None) -> Unit | None:
    """Return a unit of a campaign. The result is None if `unit_id` is None (the whole campaign)."""
    is_wanted = UnitRow.id == unit_id
    query = _select_units(campaign_id).where(is_wanted)
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    return _read(row)


def replace_units(
    session: Session, campaign_id: int, drafts: Sequence[UnitDraft]
) -> bool:
    """Replace a campaign's units. A unit that stays keeps its id.

    Return False, and change nothing, if a response has been counted.
    """
    if not _lock_unfrozen(session, campaign_id):
        return False

    existing = {unit.path: unit for unit in list_units(session, campaign_id)}
    wanted = {draft.path: draft for draft in drafts}

    removed_ids = [unit.id for path, unit in existing.items() if path not in wanted]
    session.execute(delete(UnitRow).where(UnitRow.id.in_(removed_ids)))

    new_rows = []
    for path, draft in wanted.items():
        unit = existing.get(path)
        if unit is None:
            stored_path = write_path(path)
            new_rows.append(
                {
                    "campaign_id": campaign_id,
                    "path": stored_path,
                    "people": draft.people,
                }
            )
        elif unit.people != draft.people:
            resized = update(UnitRow).where(UnitRow.id == unit.id)
            session.execute(resized.values(people=draft.people))
    if new_rows:
        session.execute(insert(UnitRow), new_rows)
    return True


def _lock_unfrozen(session: Session, campaign_id: int) -> bool:
    """Return whether no response has been counted yet.

    The lock on the campaign's row keeps responses waiting until this transaction ends.
    """
    query = (
        select(CampaignRow.is_frozen)
        .where(CampaignRow.id == campaign_id)
        .with_for_update()
    )
    is_frozen = session.scalar(query)
    return is_frozen is False


def _select_units(campaign_id: int) -> Select[int, str, int | None]:
    return select(
        UnitRow.id,
        UnitRow.path,
        UnitRow.people,
    ).where(UnitRow.campaign_id == campaign_id)


def _read(row: Row[int, str, int | None]) -> Unit:
    return Unit(
        id=row.id,
        path=read_path(row.path),
        people=row.people,
    )
