"""An invitation as the respondent brings it: the campaign, the pack and the unit that its token leads to."""

from dataclasses import dataclass
from datetime import date

from fitquiz.core.packs import Pack
from fitquiz.core.secrets.tickets import ASKED, Ticket
from fitquiz.core.secrets.tokens import TOKEN, hash_token
from fitquiz.store.campaigns.campaigns import Campaign, find_campaign
from fitquiz.store.campaigns.invitations import Invitation, find_invitation
from fitquiz.web.site.db import get_session
from fitquiz.web.site.installed_packs import pack_of_attempt


@dataclass(frozen=True, slots=True)
class Invited:
    """A live invitation: neither revoked nor spent, in a campaign that is not over."""

    token: str
    invitation: Invitation
    campaign: Campaign
    pack: Pack

    @property
    def ticket(self) -> Ticket:
        """What an attempt made by it carries: it will be counted when it is sent."""
        spent_once = self.invitation.id if self.invitation.is_personal else 0
        return Ticket(self.campaign.id, self.invitation.unit_id or 0, spent_once, ASKED)


def find_invited(token: str, today: date) -> Invited | None:
    """Return what a token leads to; None alike for a revoked, a spent, an expired and a random one."""
    invitation = find_invitation(get_session(), hash_token(token)) if TOKEN.match(token) else None
    if invitation is None or invitation.is_revoked or invitation.is_spent:
        return None
    campaign = find_campaign(get_session(), invitation.campaign_id)
    if campaign is None or campaign.state(today) == "closed":
        return None
    return Invited(token, invitation, campaign, pack_of_attempt(campaign.content_hash))
