"""Units of a campaign. Units can be replaced only before the first day of the campaign.

If a campaign has opened without units, and nobody has been invited, units can still be added.
Nobody can have answered such a campaign.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Select, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from fitquiz.core.groups.unit_lists import Path, UnitDraft, read_path, write_path
from fitquiz.core.name_spelling import fold_name
from fitquiz.store.tables.campaign_tables import CampaignRow, InvitationRow, UnitRow


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

    existing = {_fold(unit.path): unit for unit in list_units(session, campaign_id)}
    wanted = {_fold(draft.path): draft for draft in drafts}

    removed_ids = [unit.id for path, unit in existing.items() if path not in wanted]
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


def can_add_units(session: Session, campaign_id: int, today: date) -> bool:
    """Return whether units can be added to a campaign."""
    query = _select_state(campaign_id)
    return _can_add(session, campaign_id, session.execute(query).one_or_none(), today)


def add_missing_units(
    session: Session, campaign_id: int, drafts: Sequence[UnitDraft], today: date
) -> Mapping[Path, int] | None:
    """Add the units that a campaign lacks, and return the ids of all units by path.

    `people` of a draft is the number of people who are about to be invited. If more people are
    invited to a unit than the unit has, give the unit the larger number.

    Return None and change nothing if units are missing and cannot be added. If no unit is missing,
    always return the ids.
    """
    query = _select_state(campaign_id).with_for_update()
    state = session.execute(query).one_or_none()
    existing = {unit.path: unit for unit in list_units(session, campaign_id)}
    new_units = [draft for draft in drafts if draft.path not in existing]
    can_add = _can_add(session, campaign_id, state, today)
    if new_units and not can_add:
        return None

    if can_add:
        invited = _count_invited(session, campaign_id, existing.values())
        for draft in drafts:
            unit = existing.get(draft.path)
            number = invited[draft.path] + (draft.people or 0)
            if unit and unit.people is not None and unit.people < number:
                resized = update(UnitRow).where(UnitRow.id == unit.id)
                session.execute(resized.values(people=number))
    add_units(session, campaign_id, new_units)
    return {unit.path: unit.id for unit in list_units(session, campaign_id)}


def _count_invited(
    session: Session, campaign_id: int, units: Iterable[Unit]
) -> Counter[Path]:
    """Return how many people are invited to each unit, including the units below."""
    query = (
        select(InvitationRow.unit_id, func.count())
        .where(
            InvitationRow.campaign_id == campaign_id,
            InvitationRow.is_personal,
            ~InvitationRow.is_revoked,
        )
        .group_by(InvitationRow.unit_id)
    )
    rows = session.execute(query)
    own = {row[0]: row[1] for row in rows}
    counts: Counter[Path] = Counter()
    for unit in units:
        for depth in range(1, len(unit.path) + 1):
            counts[unit.path[:depth]] += own.get(unit.id, 0)
    return counts


def _can_add(
    session: Session,
    campaign_id: int,
    state: Row[bool, date, datetime | None, datetime | None] | None,
    today: date,
) -> bool:
    if state is None or state.closed_at or state.sealed_at or state.is_frozen:
        return False
    if state.opens_on > today:
        return True
    invited = exists().where(InvitationRow.campaign_id == campaign_id)
    has_units = exists().where(UnitRow.campaign_id == campaign_id)
    return not session.scalar(select(or_(invited, has_units)))


def _select_state(
    campaign_id: int,
) -> Select[bool, date, datetime | None, datetime | None]:
    return select(
        CampaignRow.is_frozen,
        CampaignRow.opens_on,
        CampaignRow.closed_at,
        CampaignRow.sealed_at,
    ).where(CampaignRow.id == campaign_id)


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
    return Unit(
        id=row.id,
        path=read_path(row.path),
        people=row.people,
    )


def _fold(path: Path) -> Path:
    return tuple(fold_name(label) for label in path)
