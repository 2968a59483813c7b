"""Finds the campaigns that a staff member may open. Who may open a campaign is decided only here.

The lists first read the ids of the campaigns, and then the campaigns. With a join, PostgreSQL would
read the campaigns of everybody.
"""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from fitquiz.store.campaigns.campaigns import (
    OWNER,
    READER,
    Campaign,
    list_some_campaigns,
    read_campaign,
)
from fitquiz.store.engine.paging import PAGE, take_page
from fitquiz.store.tables.campaign_tables import CampaignMemberRow, CampaignRow

_ROLES_THAT_MAY = {
    OWNER: (OWNER,),
    READER: (OWNER, READER),
}
"""For each role, the roles that may do everything that the role may do."""


def find_own_campaign(
    session: Session, staff_id: int, campaign_id: int, role: str = OWNER
) -> Campaign | None:
    """Return a campaign in which a staff member has at least `role`.

    Return None if the campaign does not exist, or if the staff member has a lesser role or none.
    """
    own_id = _select_own_ids(staff_id, role).where(
        CampaignMemberRow.campaign_id == campaign_id
    )
    query = select(CampaignRow.__table__).where(
        CampaignRow.id == campaign_id,
        own_id.exists(),
    )
    row = session.execute(query).mappings().one_or_none()
    if row is None:
        return None
    return read_campaign(row)


def list_campaigns(
    session: Session, staff_id: int, before_id: int | None = None, role: str = OWNER
) -> list[Campaign]:
    """Return one page of the campaigns in which a staff member has at least `role`.

    The newest campaign comes first. If `before_id` is given, return only campaigns whose id is
    smaller than `before_id`. If a next page exists, the list also contains the first campaign of
    the next page.
    """
    query = _select_own_ids(staff_id, role)
    page = take_page(query, CampaignMemberRow.campaign_id, before_id)
    ids = session.scalars(page).all()
    return list_some_campaigns(session, ids)


def list_shared(session: Session, staff_id: int) -> list[Campaign]:
    """Return the newest campaigns whose report a staff member can read without owning them.

    The list has at most PAGE campaigns.
    """
    query = (
        select(CampaignMemberRow.campaign_id)
        .where(CampaignMemberRow.staff_id == staff_id, CampaignMemberRow.role == READER)
        .order_by(CampaignMemberRow.campaign_id.desc())
        .limit(PAGE)
    )
    return list_some_campaigns(session, session.scalars(query).all())


def list_packs_used(session: Session, staff_id: int) -> dict[int, str]:
    """Return the content hashes of the packs of the campaigns that a staff member may read.

    The keys are the ids of the campaigns. The newest campaign comes first.
    """
    ids = session.scalars(_select_own_ids(staff_id, READER)).all()
    query = (
        select(CampaignRow.id, CampaignRow.content_hash)
        .where(CampaignRow.id.in_(ids))
        .order_by(CampaignRow.id.desc())
    )
    rows = session.execute(query)
    return {row.id: row.content_hash for row in rows}


def _select_own_ids(staff_id: int, role: str) -> Select[Any]:
    return select(CampaignMemberRow.campaign_id).where(
        CampaignMemberRow.staff_id == staff_id,
        CampaignMemberRow.role.in_(_ROLES_THAT_MAY[role]),
    )
