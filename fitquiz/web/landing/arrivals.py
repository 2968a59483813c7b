"""Finds the invitation or the counsellor's link that a respondent has opened."""

from dataclasses import dataclass
from datetime import date

from fitquiz.core.packs import Pack
from fitquiz.core.secrets.tickets import ASKED, Ticket
from fitquiz.core.secrets.tokens import TOKEN, hash_token
from fitquiz.store.accounts.staff import Staff
from fitquiz.store.attempts.counsellor_links import Link, find_counsellor, find_link
from fitquiz.store.campaigns.campaigns import Campaign, find_campaign
from fitquiz.store.campaigns.invitations import Invitation, find_invitation
from fitquiz.store.campaigns.respondent_reports import (
    RespondentReport,
    find_respondent_report,
)
from fitquiz.web.site.database_session import get_session
from fitquiz.web.site.installed_packs import installed_or_front, pack_of_attempt


@dataclass(frozen=True, slots=True)
class InvitationArrival:
    """An invitation that a respondent has opened, with its token, campaign and pack.

    The invitation is not revoked, and the campaign is not closed. A personal invitation may be used
    up. Only the device that has used it up may show that, because others could keep a copy of the
    link.
    """

    token: str
    invitation: Invitation
    campaign: Campaign
    pack: Pack

    @property
    def ticket(self) -> Ticket:
        """The ticket for an attempt that begins with this invitation.

        When the respondent sends the answers, the campaign counts or refuses the attempt.
        """
        return _make_invitation_ticket(self.invitation)


@dataclass(frozen=True, slots=True)
class LinkArrival:
    """A counsellor's link that a respondent has opened, with its token, counsellor and pack.

    The link may be closed, expired or used up. The counsellor's account is enabled and has
    the permission `counsellor`.
    """

    token: str
    link: Link
    counsellor: Staff
    pack: Pack

    @property
    def ticket(self) -> Ticket:
        """The ticket for an attempt that begins with this link. No campaign counts the attempt."""
        return Ticket(link_id=self.link.id)


def find_invitation_arrival(token: str, today: date) -> InvitationArrival | None:
    """Return the invitation with this token, its campaign and its pack.

    Return None if the invitation is unknown or revoked, or if the campaign is closed.
    """
    if not TOKEN.match(token):
        return None
    session = get_session()
    invitation = find_invitation(session, hash_token(token))
    if invitation is None or invitation.is_revoked:
        return None

    campaign = find_campaign(session, invitation.campaign_id)
    if campaign is None or campaign.state(today) == "closed":
        return None
    return InvitationArrival(
        token, invitation, campaign, pack_of_attempt(campaign.content_hash)
    )


@dataclass(frozen=True, slots=True)
class ReportArrival:
    """A link of a sealed campaign whose report HR shows to respondents.

    The invitation is not revoked. A personal invitation may be used up.
    """

    invitation: Invitation
    campaign: Campaign
    report: RespondentReport


def find_report_arrival(token: str) -> ReportArrival | None:
    """Return the invitation with this token and the report that its holder may see.

    Return None if the invitation is unknown or revoked. Also return None if the campaign is not
    sealed, or if HR does not show the report.
    """
    if not TOKEN.match(token):
        return None
    session = get_session()
    invitation = find_invitation(session, hash_token(token))
    if invitation is None or invitation.is_revoked:
        return None

    report = find_respondent_report(session, invitation.campaign_id)
    if report is None or not report.is_open:
        return None

    campaign = find_campaign(session, invitation.campaign_id)
    if campaign is None or campaign.sealed_at is None:
        return None
    return ReportArrival(invitation, campaign, report)


def find_link_arrival(token: str) -> LinkArrival | None:
    """Return the counsellor's link with this token, its counsellor and its pack.

    Return None if the link is unknown. Also return None if the owner's account is disabled or
    lacks the permission `counsellor`.
    """
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


def find_invitation_ticket(token: str) -> Ticket:
    """Return the ticket for an attempt that begins with the invitation with this token.

    Also return the ticket if the invitation cannot be used any more. Return an empty ticket if the
    invitation is unknown.
    """
    if not TOKEN.match(token):
        return Ticket()
    invitation = find_invitation(get_session(), hash_token(token))
    return _make_invitation_ticket(invitation) if invitation else Ticket()


def is_kiosk_link(token: str) -> bool:
    """Return whether this is the token of a kiosk's link. The link may be revoked."""
    if not TOKEN.match(token):
        return False
    token_hash = hash_token(token)
    invitation = find_invitation(get_session(), token_hash)
    return invitation is not None and invitation.is_kiosk


def find_link_ticket(token: str) -> Ticket:
    """Return the ticket for an attempt that begins with the counsellor's link with this token.

    Also return the ticket if the link cannot be used any more. Return an empty ticket if the link
    is unknown.
    """
    if not TOKEN.match(token):
        return Ticket()
    link = find_link(get_session(), hash_token(token))
    return Ticket(link_id=link.id) if link else Ticket()


def _make_invitation_ticket(invitation: Invitation) -> Ticket:
    return Ticket(
        campaign_id=invitation.campaign_id,
        unit_id=invitation.unit_id or 0,
        invitation_id=invitation.id if invitation.is_personal else 0,
        state=ASKED,
    )
