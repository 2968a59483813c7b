"""Functions that list, add and remove the owners and readers of a campaign, and hand campaigns over.

A campaign always has an owner who can run the campaign: an enabled account with the permission HR.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from fitquiz.store.accounts.audit_log import (
    Actor,
    record_audit_entries,
    record_audit_entry,
)
from fitquiz.store.accounts.staff import HR, Staff, list_some_staff
from fitquiz.store.campaigns.campaigns import (
    OWNER,
    READER,
    Campaign,
    lock_campaign,
)
from fitquiz.store.tables.campaign_tables import CampaignMemberRow, CampaignRow

_ADDED = {OWNER: "owner-added", READER: "reader-added"}
"""The action of the audit entry for each role."""


@dataclass(frozen=True, slots=True)
class Member:
    """An owner or a reader of a campaign."""

    staff: Staff
    role: str

    @property
    def can_run(self) -> bool:
        """Return whether the member is an owner who can sign in and has the permission HR."""
        if self.role != OWNER:
            return False
        return can_have_campaigns(self.staff)


def can_have_campaigns(staff: Staff) -> bool:
    """Return whether a staff member can be an owner or a reader."""
    if staff.is_disabled:
        return False
    return HR in staff.permissions


def list_members(session: Session, campaign_id: int) -> list[Member]:
    """Return the owners and then the readers of a campaign, in the order of their addresses."""
    query = select(CampaignMemberRow.staff_id, CampaignMemberRow.role).where(
        CampaignMemberRow.campaign_id == campaign_id
    )
    roles = {row.staff_id: row.role for row in session.execute(query)}
    accounts = list_some_staff(session, list(roles))
    members = [Member(each, roles[each.id]) for each in accounts]
    return sorted(members, key=lambda member: (member.role, member.staff.email))


def add_member(
    session: Session,
    campaign: Campaign,
    staff: Staff,
    role: str,
    actor: Actor,
    now: datetime,
) -> bool:
    """Give a staff member a role in a campaign, instead of an earlier role. Add the audit entry.

    Return False and change nothing if nobody could run the campaign any more, or if the campaign
    was deleted. If the staff member has the role already, change nothing and return True.
    """
    if lock_campaign(session, campaign.id) is None:
        return False
    members = list_members(session, campaign.id)
    if Member(staff, role) in members:
        return True
    if role != OWNER and not _list_others_who_can_run(members, staff.id):
        return False

    if role != OWNER:
        _let_another_get_replies(session, campaign.id, staff.id, members)
    _store_role(session, [campaign.id], staff.id, role)
    record_audit_entry(session, actor, _ADDED[role], _name(staff, campaign.title), now)
    return True


def remove_member(
    session: Session, campaign: Campaign, staff: Staff, actor: Actor, now: datetime
) -> bool:
    """Take a staff member's role in a campaign away. Add the audit entry.

    Return False and change nothing if nobody could run the campaign any more. If the staff member
    has no role, change nothing and return True.
    """
    lock_campaign(session, campaign.id)
    members = list_members(session, campaign.id)
    if staff.id not in {member.staff.id for member in members}:
        return True
    if not _list_others_who_can_run(members, staff.id):
        return False

    _let_another_get_replies(session, campaign.id, staff.id, members)
    _delete_roles(session, [campaign.id], staff.id)
    record_audit_entry(
        session, actor, "colleague-removed", _name(staff, campaign.title), now
    )
    return True


def hand_over(
    session: Session,
    campaign_ids: Collection[int],
    former: Staff,
    new: Staff,
    actor: Actor,
    now: datetime,
) -> int:
    """Make `new` an owner of campaigns instead of `former`. Add the audit entries.

    Leave out the campaigns that `former` does not own. Return the number of the other campaigns.
    """
    titles = _lock_owned(session, campaign_ids, former.id)
    if not titles:
        return 0
    _delete_roles(session, list(titles), former.id)
    _store_role(session, list(titles), new.id, OWNER)
    _change_reply_address(session, list(titles), former.id, new.id)

    removed = [_name(former, title) for title in titles.values()]
    added = [_name(new, title) for title in titles.values()]
    record_audit_entries(session, actor, "colleague-removed", removed, now)
    record_audit_entries(session, actor, "campaign-handed-over", added, now)
    return len(titles)


def find_reply_address(session: Session, campaign_id: int) -> str:
    """Return the e-mail address that gets the replies to e-mails of a campaign.

    The address belongs to the account in `CampaignRow.owner_id`. If this account cannot run the
    campaign any more, the address belongs to another owner. Return an empty text if there is none.
    """
    query = select(CampaignRow.owner_id).where(CampaignRow.id == campaign_id)
    owner_id = session.scalar(query)
    members = list_members(session, campaign_id)
    able = [member.staff for member in members if member.can_run]
    first = [staff.email for staff in able if staff.id == owner_id]
    others = [staff.email for staff in able if staff.id != owner_id]
    return next(iter(first + others), "")


def count_owned(session: Session, staff_id: int) -> int:
    """Return the number of campaigns that a staff member owns."""
    query = select(func.count()).where(
        CampaignMemberRow.staff_id == staff_id,
        CampaignMemberRow.role == OWNER,
    )
    return session.scalar(query) or 0


def _list_others_who_can_run(members: Sequence[Member], staff_id: int) -> list[int]:
    return [
        member.staff.id
        for member in members
        if member.can_run and member.staff.id != staff_id
    ]


def _lock_owned(
    session: Session, campaign_ids: Collection[int], staff_id: int
) -> dict[int, str]:
    """Return the titles of those campaigns that a staff member owns, by id. Lock their rows."""
    query = (
        select(CampaignRow.id, CampaignRow.title)
        .join(CampaignMemberRow, CampaignMemberRow.campaign_id == CampaignRow.id)
        .where(
            CampaignMemberRow.staff_id == staff_id,
            CampaignMemberRow.role == OWNER,
            CampaignRow.id.in_(campaign_ids),
        )
        .order_by(CampaignRow.id)
        .with_for_update(of=CampaignRow)
    )
    return {row.id: row.title for row in session.execute(query)}


def _store_role(
    session: Session, campaign_ids: Collection[int], staff_id: int, role: str
) -> None:
    """Store a role in each campaign, instead of an earlier role."""
    _delete_roles(session, campaign_ids, staff_id)
    rows = []
    for campaign_id in campaign_ids:
        row = {"campaign_id": campaign_id, "staff_id": staff_id, "role": role}
        rows.append(row)
    session.execute(insert(CampaignMemberRow), rows)


def _delete_roles(
    session: Session, campaign_ids: Collection[int], staff_id: int
) -> None:
    statement = delete(CampaignMemberRow).where(
        CampaignMemberRow.campaign_id.in_(campaign_ids),
        CampaignMemberRow.staff_id == staff_id,
    )
    session.execute(statement, execution_options={"synchronize_session": False})


def _let_another_get_replies(
    session: Session, campaign_id: int, staff_id: int, members: Sequence[Member]
) -> None:
    first_other = _list_others_who_can_run(members, staff_id)[0]
    _change_reply_address(session, [campaign_id], staff_id, first_other)


def _change_reply_address(
    session: Session, campaign_ids: Collection[int], former_id: int, new_id: int
) -> None:
    """Let `new_id` get the replies to e-mails of the campaigns, if `former_id` gets the replies."""
    statement = update(CampaignRow).where(
        CampaignRow.id.in_(campaign_ids),
        CampaignRow.owner_id == former_id,
    )
    session.execute(
        statement.values(owner_id=new_id),
        execution_options={"synchronize_session": False},
    )


def _name(staff: Staff, title: str) -> str:
    """Return the subject of an audit entry."""
    return f"{staff.email}: {title}"
