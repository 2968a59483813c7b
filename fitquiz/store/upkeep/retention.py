"""Deletes what has been kept for as long as was promised, so many rows at a time.

Each search has an index that ends at the limit, so that it costs the same however much is kept: it runs with the right
to write, and everybody who answers waits for it.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Delete, delete, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from fitquiz.store.attempts.counsellor_links import close_expired_links
from fitquiz.store.attempts.shares import purge_shares, stop_shares_of
from fitquiz.store.engine.row_count import change_rows
from fitquiz.store.tables.attempt_tables import AttemptRow, DeletedAttemptRow, PackRow
from fitquiz.store.tables.campaign_tables import CampaignRow
from fitquiz.store.tables.ledger_tables import PendingRow
from fitquiz.store.tables.sharing_tables import LinkRow

MOST_ROWS = 1000
"""As many go at a time, unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows went."""

    unfinished: int = 0
    finished: int = 0
    receipts: int = 0
    packs: int = 0
    unsealed: int = 0
    links: int = 0
    shares: int = 0

    def __add__(self, other: "Purged") -> "Purged":
        return Purged(
            **{
                each.name: getattr(self, each.name) + getattr(other, each.name)
                for each in fields(Purged)
            }
        )

    @property
    def rows(self) -> int:
        """How many in all, answers not counted."""
        return sum(getattr(self, each.name) for each in fields(Purged))


def purge(
    session: Session, unfinished_days: int, finished_days: int, now: datetime, most: int = MOST_ROWS
) -> Purged:
    """Delete attempts past their limit with their answers, old receipts, and pack contents that nobody needs any more.

    An unfinished attempt counts from its start, a finished one from the first time that it was sent. Answers go with
    their attempt's row, by the foreign key: one that is being sent at this moment then keeps either both or neither.
    Responses that were too few to be sealed, and counsellors' links, go as long after their end as finished attempts.

    At most so many rows go; fewer mean that there are no more. What is left after any call is consistent.
    """
    unfinished_before, finished_before = (
        now - timedelta(unfinished_days),
        now - timedelta(finished_days),
    )
    never_sent = AttemptRow.finished_at.is_(None) & (AttemptRow.started_at < unfinished_before)
    over = select(CampaignRow.id).where(CampaignRow.sealed_at < finished_before)
    needed = exists().where(AttemptRow.content_hash == PackRow.content_hash)
    counted = exists().where(CampaignRow.content_hash == PackRow.content_hash)
    unneeded = ~needed & ~counted & (PackRow.stored_at < unfinished_before)
    is_old, end = DeletedAttemptRow.deleted_at < finished_before, finished_before.date()
    close_expired_links(session, now.date())
    steps: tuple[tuple[str, Callable[[int], int]], ...] = (
        ("unfinished", partial(_delete_attempts, session, never_sent)),
        ("finished", partial(_delete_attempts, session, AttemptRow.finished_at < finished_before)),
        (
            "links",
            partial(_delete, session, LinkRow.id, LinkRow.is_closed & (LinkRow.expires_on < end)),
        ),
        ("unsealed", partial(_delete, session, PendingRow.key, PendingRow.campaign_id.in_(over))),
        ("receipts", partial(_delete, session, DeletedAttemptRow.token_hash, is_old)),
        ("packs", partial(_delete, session, PackRow.content_hash, unneeded)),
        ("shares", partial(purge_shares, session, now)),
    )
    gone = Purged()
    for name, step in steps:
        if gone.rows < most:
            gone = replace(gone, **{name: step(most - gone.rows)})
    return gone


def _delete_attempts(session: Session, overdue: ColumnElement[bool], most: int) -> int:
    """Their rows are held first, so that one that is being sent is looked at again once it has been."""
    in_turn = AttemptRow.finished_at, AttemptRow.started_at
    query = select(AttemptRow.id).where(overdue).order_by(*in_turn).limit(most).with_for_update()
    ids = session.scalars(query).all()
    if not ids:
        return 0
    stop_shares_of(session, ids)
    return _count(session, delete(AttemptRow).where(AttemptRow.id.in_(ids)))


def _delete(
    session: Session, key: InstrumentedAttribute[Any], overdue: ColumnElement[bool], most: int
) -> int:
    """What is overdue is asked of the row itself too: PostgreSQL asks again when somebody has just renewed it."""
    some = select(key).where(overdue).limit(most)
    return _count(session, delete(key.class_).where(overdue, key.in_(some)))


def _count(session: Session, statement: Delete) -> int:
    return change_rows(session, statement, synchronize_session=False)
