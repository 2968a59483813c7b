"""Functions that pause, resume, close and delete a campaign, and note a burst of attempts."""

from datetime import date, datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from fitquiz.store.campaigns.campaigns import lock_campaign
from fitquiz.store.campaigns.factor_account import end_charge, give_back
from fitquiz.store.tables.campaign_tables import CampaignRow
from fitquiz.store.tables.ledger_tables import PendingRow


def pause_campaign(session: Session, campaign_id: int, is_paused: bool) -> None:
    """Pause a campaign if `is_paused` is true. Resume the campaign if `is_paused` is false.

    During a pause, respondents cannot begin attempts for the campaign. But respondents can send
    attempts that began before the pause, and the campaign counts these attempts.
    """
    statement = update(CampaignRow).where(CampaignRow.id == campaign_id)
    session.execute(statement.values(is_paused=is_paused))


def close_campaign(
    session: Session, campaign_id: int, now: datetime, today: date
) -> None:
    """Close a campaign before its last day. A closed campaign cannot be opened again.

    `today` is the day of `now` in the time zone of the organisation.

    A campaign that is closed before its first day gives its odds factor back to the yearly account.

    A second call changes nothing.
    """
    campaign = lock_campaign(session, campaign_id)
    if campaign is None or campaign.is_over:
        return
    if campaign.is_fixed(today):
        end_charge(session, campaign_id, today)
    else:
        give_back(session, campaign_id)
    still_open = update(CampaignRow).where(
        CampaignRow.id == campaign_id,
        CampaignRow.closed_at.is_(None),
    )
    session.execute(still_open.values(closed_at=now))


def note_burst(session: Session, campaign_id: int) -> None:
    """Store a burst: unusually many attempts of the campaign began from one network address.

    The number of these attempts is not stored.
    """
    first_burst = update(CampaignRow).where(
        CampaignRow.id == campaign_id,
        CampaignRow.has_burst.is_(False),
    )
    session.execute(first_burst.values(has_burst=True))


def delete_campaign(session: Session, campaign_id: int, today: date) -> None:
    """Delete a campaign, its units, its invitations and its pending responses.

    The published batches and counts stay in the ledger. The odds factor stays in the yearly account
    for a year after `today`. Before the first seal, nothing is published. Only then, the campaign
    gives its odds factor back.
    """
    campaign = lock_campaign(session, campaign_id)
    if campaign is None:
        return
    if campaign.ticked_on is None and campaign.sealed_at is None:
        give_back(session, campaign_id)
    else:
        end_charge(session, campaign_id, today)
    delete_pending = delete(PendingRow).where(PendingRow.campaign_id == campaign_id)
    session.execute(delete_pending)
    delete_row = delete(CampaignRow).where(CampaignRow.id == campaign_id)
    session.execute(delete_row)
