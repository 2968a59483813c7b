"""Switches the kiosk of a campaign's open link on and off."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from fitquiz.store.campaigns.invitations import Invitation, list_open_links
from fitquiz.store.tables.campaign_tables import InvitationRow


def set_kiosk(
    session: Session, campaign_id: int, invitation_id: int, is_kiosk: bool
) -> bool:
    """Switch the kiosk of a campaign's open link on or off. Return whether anything has changed.

    Nothing changes if the invitation is personal or revoked.
    """
    statement = (
        update(InvitationRow)
        .where(
            InvitationRow.id == invitation_id,
            InvitationRow.campaign_id == campaign_id,
            InvitationRow.is_kiosk != is_kiosk,
            ~InvitationRow.is_personal,
            ~InvitationRow.is_revoked,
        )
        .values(is_kiosk=is_kiosk)
        .returning(InvitationRow.id)
    )
    return session.scalar(statement) is not None


def keep_kiosk(session: Session, replaced: Invitation) -> None:
    """Switch the kiosk on for the open links that replace a kiosk's link."""
    if not replaced.is_kiosk:
        return
    for link in list_open_links(session, replaced.campaign_id):
        if link.unit_id == replaced.unit_id:
            set_kiosk(session, link.campaign_id, link.id, is_kiosk=True)
