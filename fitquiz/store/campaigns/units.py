"""A campaign's units, replaced as a whole as long as nothing has been counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from fitquiz.core.groups.units import Path, UnitDraft, read_path, write_path
from fitquiz.store.tables.campaign_tables import CampaignRow, UnitRow


@dataclass(frozen=True, slots=True)
class Unit:
    """A department or team; `people` is how many work there, with the units below, or None."""

    id: int
    path: Path
    people: int | None


def list_units(session: Session, campaign_id: int) -> list[Unit]:
    """Return a campaign's units in the order in which they were named."""
    query = select(UnitRow.id, UnitRow.path, UnitRow.people).where(
        UnitRow.campaign_id == campaign_id
    )
    return [
        Unit(row.id, read_path(row.path), row.people)
        for row in session.execute(query.order_by(UnitRow.id))
    ]


def find_unit(session: Session, campaign_id: int, unit_id: int | None) -> Unit | None:
    """Return a unit of a campaign; None for the whole."""
    query = select(UnitRow.id, UnitRow.path, UnitRow.people).where(
        UnitRow.campaign_id == campaign_id
    )
    row = session.execute(query.where(UnitRow.id == unit_id)).one_or_none()
    return Unit(row.id, read_path(row.path), row.people) if row else None


def replace_units(session: Session, campaign_id: int, drafts: Sequence[UnitDraft]) -> bool:
    """Make a campaign's units these, and keep those that stay; False, and nothing is changed, if they are frozen."""
    if not _lock_unfrozen(session, campaign_id):
        return False
    known = {unit.path: unit for unit in list_units(session, campaign_id)}
    wanted = {draft.path: draft for draft in drafts}
    gone = [unit.id for path, unit in known.items() if path not in wanted]
    session.execute(delete(UnitRow).where(UnitRow.id.in_(gone)))
    for path, draft in wanted.items():
        if path in known and known[path].people != draft.people:
            session.execute(
                update(UnitRow).where(UnitRow.id == known[path].id).values(people=draft.people)
            )
    new = [
        {"campaign_id": campaign_id, "path": write_path(path), "people": draft.people}
        for path, draft in wanted.items()
        if path not in known
    ]
    if new:
        session.execute(insert(UnitRow), new)
    return True


def _lock_unfrozen(session: Session, campaign_id: int) -> bool:
    """Return whether no response has been counted yet.

    The lock on the campaign's row keeps responses waiting until this transaction ends.
    """
    query = select(CampaignRow.is_frozen).where(CampaignRow.id == campaign_id).with_for_update()
    return session.scalar(query) is False
