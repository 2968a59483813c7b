"""How a respondent arrived: by an invitation to a campaign, or by a counsellor's link."""

from dataclasses import dataclass
from datetime import date

from fitquiz.core.packs import Pack
from fitquiz.core.secrets.tickets import ASKED, Ticket
from fitquiz.core.secrets.tokens import TOKEN, hash_token
from fitquiz.store.accounts.staff import Staff
from fitquiz.store.attempts.counsellor_links import Link, find_counsellor, find_link
from fitquiz.store.campaigns.campaigns import Campaign, find_campaign
from fitquiz.store.campaigns.invitations import Invitation, find_invitation
from fitquiz.web.site.database_session import get_session
from fitquiz.web.site.installed_packs import installed_or_front, pack_of_attempt


@dataclass(frozen=True, slots=True)
class InvitationArrival:
    """A live invitation: neither revoked nor spent, in a campaign that is not closed."""

    token: str
    invitation: Invitation
    campaign: Campaign
    pack: Pack

    @property
    def ticket(self) -> Ticket:
        """The ticket of its attempts: they are counted for the campaign when they are sent."""
        invitation = self.invitation
        return Ticket(
            campaign_id=self.campaign.id,
            unit_id=invitation.unit_id or 0,
            invitation_id=invitation.id if invitation.is_personal else 0,
            state=ASKED,
        )


@dataclass(frozen=True, slots=True)
class LinkArrival:
    """A counsellor's link, open or not. The counsellor may still counsel."""

    token: str
    link: Link
    counsellor: Staff
    pack: Pack

    @property
    def ticket(self) -> Ticket:
        """The ticket of its attempts: they are not counted, and remember the link."""
        return Ticket(link_id=self.link.id)


def find_invitation_arrival(token: str, today: date) -> InvitationArrival | None:
    """Return a live invitation. A revoked, a spent, an expired and an unknown token give None."""
    if not TOKEN.match(token):
        return None
    session = get_session()
    invitation = find_invitation(session, hash_token(token))
    if invitation is None or invitation.is_revoked or invitation.is_spent:
        return None

    campaign = find_campaign(session, invitation.campaign_id)
    if campaign is None or campaign.state(today) == "closed":
        return None
    return InvitationArrival(
        token, invitation, campaign, pack_of_attempt(campaign.content_hash)
    )


def find_link_arrival(token: str) -> LinkArrival | None:
    """Return a counsellor's link; None if it is unknown or its owner may not counsel any more."""
    if not TOKEN.match(token):
        return None
    session = get_session()
    link = find_link(session, hash_token(token))
    if link is None:
        return None

    counsellor = find_counsellor(session, link.owner_id)
    if counsellor is None:
        return None
    return LinkArrival(token, link, counsellor, installed_or_front(link.pack_id))
