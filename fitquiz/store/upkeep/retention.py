"""Deletes what has been kept for as long as was promised, a limited number of rows at a time.

Every answer waits while this runs. So each search uses an index, and takes the same time in a
large database.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Delete, delete, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from fitquiz.store.attempts.counsellor_links import close_expired_links
from fitquiz.store.attempts.stopping_shares import purge_shares, stop_shares_of
from fitquiz.store.engine.row_count import change_rows
from fitquiz.store.tables.attempt_tables import AttemptRow, DeletedAttemptRow, PackRow
from fitquiz.store.tables.campaign_tables import CampaignRow
from fitquiz.store.tables.ledger_tables import PendingRow
from fitquiz.store.tables.sharing_tables import LinkRow

MAX_ROWS = 1000

Step = Callable[[int], int]
"""Deletes at most so many rows, and returns how many they were."""


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows were deleted. Answers are not counted: they go with their attempts."""

    unfinished: int = 0
    finished: int = 0
    receipts: int = 0
    packs: int = 0
    unsealed: int = 0
    links: int = 0
    shares: int = 0

    def __add__(self, other: "Purged") -> "Purged":
        sums = {}
        for field in fields(Purged):
            sums[field.name] = getattr(self, field.name) + getattr(other, field.name)
        return Purged(**sums)

    @property
    def rows(self) -> int:
        """How many rows in all."""
        return sum(getattr(self, field.name) for field in fields(Purged))


def purge(
    session: Session,
    unfinished_days: int,
    finished_days: int,
    now: datetime,
    max_rows: int = MAX_ROWS,
) -> Purged:
    """Delete rows past their limit, at most `max_rows`. Fewer mean that no more are left.

    - An unfinished attempt goes `unfinished_days` after its start.
    - A finished attempt goes `finished_days` after it was first sent. So do receipts of deletions,
      counsellors' links and responses that were too few to be sealed, each after its own end.
    - Shares go when they have expired, and stored packs when no attempt or campaign needs them.

    The database is consistent after each call.
    """
    close_expired_links(session, now.date())
    steps = _make_steps(session, unfinished_days, finished_days, now)
    purged = Purged()
    for name, step in steps.items():
        rows_left = max_rows - purged.rows
        if rows_left > 0:
            purged = replace(purged, **{name: step(rows_left)})
    return purged


def _make_steps(
    session: Session,
    unfinished_days: int,
    finished_days: int,
    now: datetime,
) -> dict[str, Step]:
    """Return the steps of a purge, by the field of `Purged` that counts their rows."""
    unfinished_before = now - timedelta(unfinished_days)
    finished_before = now - timedelta(finished_days)

    is_finished = AttemptRow.finished_at < finished_before
    is_unfinished = AttemptRow.finished_at.is_(None) & (
        AttemptRow.started_at < unfinished_before
    )
    is_old_receipt = DeletedAttemptRow.deleted_at < finished_before
    is_old_link = LinkRow.is_closed & (LinkRow.expires_on < finished_before.date())

    sealed_campaigns = select(CampaignRow.id).where(
        CampaignRow.sealed_at < finished_before
    )
    is_unsealed = PendingRow.campaign_id.in_(sealed_campaigns)

    has_attempt = exists().where(AttemptRow.content_hash == PackRow.content_hash)
    has_campaign = exists().where(CampaignRow.content_hash == PackRow.content_hash)
    is_unneeded = ~has_attempt & ~has_campaign & (PackRow.stored_at < unfinished_before)

    return {
        "unfinished": partial(_delete_attempts, session, is_unfinished),
        "finished": partial(_delete_attempts, session, is_finished),
        "links": partial(_delete_rows, session, LinkRow.id, is_old_link),
        "unsealed": partial(_delete_rows, session, PendingRow.key, is_unsealed),
        "receipts": partial(
            _delete_rows, session, DeletedAttemptRow.token_hash, is_old_receipt
        ),
        "packs": partial(_delete_rows, session, PackRow.content_hash, is_unneeded),
        "shares": partial(purge_shares, session, now),
    }


def _delete_attempts(
    session: Session, is_overdue: ColumnElement[bool], max_rows: int
) -> int:
    """Delete attempts. The foreign key deletes their answers.

    The rows are locked first. An attempt that is being sent at this moment is then looked at again.
    """
    query = (
        select(AttemptRow.id)
        .where(is_overdue)
        .order_by(AttemptRow.finished_at, AttemptRow.started_at)
        .limit(max_rows)
        .with_for_update()
    )
    ids = session.scalars(query).all()
    if not ids:
        return 0
    stop_shares_of(session, ids)
    return _delete(session, delete(AttemptRow).where(AttemptRow.id.in_(ids)))


def _delete_rows(
    session: Session,
    key: InstrumentedAttribute[Any],
    is_overdue: ColumnElement[bool],
    max_rows: int,
) -> int:
    """Delete rows by their key.

    The condition stands outside the subquery too. PostgreSQL then checks it again for a row that
    another transaction has just renewed.
    """
    some = select(key).where(is_overdue).limit(max_rows)
    return _delete(session, delete(key.class_).where(is_overdue, key.in_(some)))


def _delete(session: Session, statement: Delete) -> int:
    return change_rows(session, statement, synchronize_session=False)
