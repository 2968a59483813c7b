"""Adds the units of a list of people to a campaign.

Units can be added before the first day of the campaign. If the campaign has opened, and nobody has
been invited, units can also be added. Nobody can have answered such a campaign.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from fitquiz.core.groups.unit_lists import Path, UnitDraft
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.units import Unit, add_units, list_units
from fitquiz.store.tables.campaign_tables import InvitationRow, UnitRow

Numbers = Mapping[int | None, int]
"""Numbers of invitations, keyed by the unit's id. The key None means the whole campaign."""


def can_add_units(session: Session, campaign: Campaign, today: date) -> bool:
    """Return whether units can be added to a campaign."""
    if campaign.is_over or campaign.is_frozen:
        return False
    if campaign.opens_on > today:
        return True
    of_campaign = InvitationRow.campaign_id == campaign.id
    invitation = session.scalar(select(InvitationRow.id).where(of_campaign).limit(1))
    return invitation is None


def add_missing_units(
    session: Session,
    campaign: Campaign,
    drafts: Sequence[UnitDraft],
    invited: Numbers,
    today: date,
) -> Mapping[Path, int] | None:
    """Add the units that a campaign lacks, and return the ids of all units by path.

    The caller has locked the campaign. `people` of a draft is the number of people who are about to
    be invited. `invited` contains the numbers of earlier invitations. If more people are invited to
    a unit than the unit has, give the unit the larger number.

    Return None and change nothing if units are missing and cannot be added.
    """
    units = list_units(session, campaign.id)
    existing = {unit.path: unit for unit in units}
    new_units = [draft for draft in drafts if draft.path not in existing]
    if not can_add_units(session, campaign, today):
        return None if new_units else _list_ids(units)

    _raise_numbers(session, existing, drafts, _add_up(units, invited))
    add_units(session, campaign.id, new_units)
    return _list_ids(list_units(session, campaign.id))


def _raise_numbers(
    session: Session,
    existing: Mapping[Path, Unit],
    drafts: Sequence[UnitDraft],
    invited: Mapping[Path, int],
) -> None:
    for draft in drafts:
        unit = existing.get(draft.path)
        if unit is None or unit.people is None:
            continue
        number = invited[draft.path] + (draft.people or 0)
        if unit.people < number:
            raised = update(UnitRow).where(UnitRow.id == unit.id)
            session.execute(raised.values(people=number))


def _add_up(units: Sequence[Unit], invited: Numbers) -> Counter[Path]:
    """Return how many people are invited to each unit, including the units below."""
    counts: Counter[Path] = Counter()
    for unit in units:
        for depth in range(1, len(unit.path) + 1):
            counts[unit.path[:depth]] += invited.get(unit.id, 0)
    return counts


def _list_ids(units: Sequence[Unit]) -> Mapping[Path, int]:
    return {unit.path: unit.id for unit in units}
