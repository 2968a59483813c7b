"""Deletes what has been kept for as long as was promised."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Delete, delete, select
from sqlalchemy.orm import Session

from fitquiz.store.campaign_models import CampaignRow
from fitquiz.store.ledger_models import PendingRow
from fitquiz.store.links import close_expired_links
from fitquiz.store.models import AttemptRow, DeletedAttemptRow, PackRow
from fitquiz.store.shares import purge_shares
from fitquiz.store.sharing_models import LinkRow


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows went."""

    unfinished: int
    finished: int
    receipts: int
    packs: int
    unsealed: int = 0
    links: int = 0


def purge(session: Session, unfinished_days: int, finished_days: int, now: datetime) -> Purged:
    """Delete attempts past their limit with their answers, old receipts, and pack contents that nobody needs any more.

    An unfinished attempt counts from its start, a finished one from the first time that it was sent. Answers go with
    their attempt's row, by the foreign key: one that is being sent at this moment then keeps either both or neither.
    Responses that were too few to be sealed, and counsellors' links, go as long after their end as finished attempts.
    """
    unfinished_before, finished_before = now - timedelta(unfinished_days), now - timedelta(finished_days)
    never_sent = AttemptRow.finished_at.is_(None) & (AttemptRow.started_at < unfinished_before)
    long_sent = AttemptRow.finished_at < finished_before
    taken, counted = select(AttemptRow.content_hash), select(CampaignRow.content_hash)
    unneeded = PackRow.content_hash.not_in(taken) & PackRow.content_hash.not_in(counted)
    over = select(CampaignRow.id).where(CampaignRow.sealed_at < finished_before)
    gone = Purged(
        unfinished=_count(session, delete(AttemptRow).where(never_sent)),
        finished=_count(session, delete(AttemptRow).where(long_sent)),
        links=_count(session, delete(LinkRow).where(LinkRow.expires_on < finished_before.date())),
        unsealed=_count(session, delete(PendingRow).where(PendingRow.campaign_id.in_(over))),
        receipts=_count(session, delete(DeletedAttemptRow).where(DeletedAttemptRow.deleted_at < finished_before)),
        packs=_count(session, delete(PackRow).where(unneeded, PackRow.stored_at < unfinished_before)),
    )
    purge_shares(session, now)
    close_expired_links(session, now.date())
    return gone


def _count(session: Session, statement: Delete) -> int:
    return int(session.execute(statement, execution_options={"synchronize_session": False}).rowcount)  # type: ignore[attr-defined]  # a DELETE's result is a CursorResult
