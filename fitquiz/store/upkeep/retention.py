"""Deletes rows that are older than the settings allow.

On SQLite, no answer can be stored during a purge. Therefore a purge must be short, and each search
for old rows uses an index.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Delete, delete, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from fitquiz.store.accounts.sign_ins import ABSOLUTE
from fitquiz.store.attempts.counsellor_links import close_expired_links
from fitquiz.store.attempts.stopping_shares import stop_expired_shares, stop_shares_of
from fitquiz.store.engine.row_count import change_rows
from fitquiz.store.mailings.notices import KEPT
from fitquiz.store.tables.attempt_tables import AttemptRow, DeletedAttemptRow, PackRow
from fitquiz.store.tables.campaign_tables import CampaignRow
from fitquiz.store.tables.ledger_tables import PendingRow
from fitquiz.store.tables.mail_tables import MailingRow, NoticeRow, OutboxRow
from fitquiz.store.tables.sharing_tables import LinkRow, ShareRow
from fitquiz.store.tables.staff_tables import SignInRow, StaffLinkRow, ThrottleRow

MAX_ROWS = 1000

SHARE_KEPT_AFTER_END = timedelta(days=30)
"""The row of a share stays stored for this time after `expires_at`.

Until the row is deleted, the page of the share shows that the share has ended.
"""

Step = Callable[[int], int]
"""A function that deletes rows or stops shares, and returns the number of these rows or shares.

The argument is the largest number of rows or shares.
"""


@dataclass(frozen=True, slots=True)
class Purged:
    """The numbers of deleted rows.

    Answers are not counted, because the foreign key deletes the answers of a deleted attempt.
    `shares` also includes the number of expired shares that were stopped, but not deleted.
    """

    unfinished: int = 0
    finished: int = 0
    receipts: int = 0
    packs: int = 0
    unsealed: int = 0
    links: int = 0
    shares: int = 0
    messages: int = 0
    notices: int = 0

    def __add__(self, other: "Purged") -> "Purged":
        sums = {}
        for field in fields(Purged):
            sums[field.name] = getattr(self, field.name) + getattr(other, field.name)
        return Purged(**sums)

    @property
    def rows(self) -> int:
        """Return the sum of all numbers."""
        return sum(getattr(self, field.name) for field in fields(Purged))


def purge(
    session: Session,
    unfinished_days: int,
    finished_days: int,
    now: datetime,
    today: date,
    max_rows: int = MAX_ROWS,
) -> Purged:
    """Delete at most `max_rows` rows that are older than the limits in the list below.

    If the numbers in the result add up to less than `max_rows`, no old rows are left. If the
    numbers add up to `max_rows`, call this function again.

    - Delete an unfinished attempt `unfinished_days` after its start.
    - Delete a finished attempt `finished_days` after the attempt was first sent.
    - Delete a receipt `finished_days` after the deletion of the attempt.
    - Close a counsellor's link after its last day. Delete the link `finished_days` after its last
      day.
    - Delete a pending response `finished_days` after the final seal of its campaign.
    - Delete a stored pack `unfinished_days` after its `stored_at`, if no attempt and no campaign
      needs the pack.
    - Stop a share after the share has expired. Delete the share SHARE_KEPT_AFTER_END later.
    - Delete the messages of a campaign, with their addresses, after the campaign is over.
    - Delete a notice to a staff member, with its message, KEPT after the notice was stored.
    """
    close_expired_links(session, today)
    steps = _make_steps(session, unfinished_days, finished_days, now, today)
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
    today: date,
) -> dict[str, Step]:
    """Return the steps of a purge.

    The key of each step is the field of `Purged` that counts the rows of the step.
    """
    unfinished_before = now - timedelta(unfinished_days)
    finished_before = now - timedelta(finished_days)

    is_finished = AttemptRow.finished_at < finished_before
    is_unfinished = AttemptRow.finished_at.is_(None) & (
        AttemptRow.started_at < unfinished_before
    )
    is_old_receipt = DeletedAttemptRow.deleted_at < finished_before
    oldest_day = today - timedelta(finished_days)
    is_old_link = LinkRow.is_closed & (LinkRow.expires_on < oldest_day)

    sealed_campaigns = select(CampaignRow.id).where(
        CampaignRow.sealed_at < finished_before
    )
    is_unsealed = PendingRow.campaign_id.in_(sealed_campaigns)

    is_over = or_(
        CampaignRow.closed_at.is_not(None),
        CampaignRow.sealed_at.is_not(None),
        CampaignRow.closes_on < today,
    )
    ended_campaigns = select(CampaignRow.id).where(is_over)
    ended_mailings = select(MailingRow.id).where(
        MailingRow.campaign_id.in_(ended_campaigns)
    )
    is_unwanted = OutboxRow.mailing_id.in_(ended_mailings)

    is_old_notice = NoticeRow.created_at < now - KEPT

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
        "shares": partial(_purge_shares, session, now),
        "messages": partial(_delete_rows, session, OutboxRow.id, is_unwanted),
        "notices": partial(_delete_rows, session, NoticeRow.id, is_old_notice),
    }


def purge_sign_ins_and_limits(
    session: Session, now: datetime, idle: timedelta, max_rows: int
) -> int:
    """Delete all ended sign-ins, all expired one-time links, and at most `max_rows` rate limits.

    A rate limit is deleted only after all its tries are available again. Return the number of
    deleted rate limits.

    Sign-ins and one-time links need no `max_rows`, because the database contains only a few such
    rows. But visitors from many network addresses cause many rate limits.
    """
    is_idle = SignInRow.seen_at < now - idle
    earliest = now - ABSOLUTE
    latest = now + ABSOLUTE
    is_recent = SignInRow.signed_in_at.between(earliest, latest)
    session.execute(delete(SignInRow).where(is_idle | ~is_recent))

    is_expired = StaffLinkRow.expires_at < now
    session.execute(delete(StaffLinkRow).where(is_expired))

    now_ms = int(now.timestamp() * 1000)
    is_full = ThrottleRow.full_at < now_ms
    some_keys = select(ThrottleRow.key).where(is_full).limit(max_rows)
    forgiven = delete(ThrottleRow).where(is_full, ThrottleRow.key.in_(some_keys))
    return change_rows(session, forgiven)


def _purge_shares(session: Session, now: datetime, max_rows: int) -> int:
    """Stop expired shares and delete old shares. Return the number of stopped and deleted shares.

    The number is at most `max_rows`.
    """
    stopped = stop_expired_shares(session, now, max_rows)
    if stopped >= max_rows:
        return stopped
    is_old = ShareRow.expires_at < now - SHARE_KEPT_AFTER_END
    return stopped + _delete_rows(session, ShareRow.id, is_old, max_rows - stopped)


def _delete_attempts(
    session: Session, is_overdue: ColumnElement[bool], max_rows: int
) -> int:
    """Delete overdue attempts. The foreign key deletes the answers of these attempts.

    First lock the attempts. If another transaction has just changed an attempt, PostgreSQL then
    checks again whether the attempt is overdue. Without the lock, an attempt could be deleted while
    its respondent sends answers.
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
    """Delete overdue rows by their key.

    The DELETE repeats the condition `is_overdue` of the subquery. Without the repetition,
    PostgreSQL would also delete a row that another transaction has just renewed.
    """
    some = select(key).where(is_overdue).limit(max_rows)
    return _delete(session, delete(key.class_).where(is_overdue, key.in_(some)))


def _delete(session: Session, statement: Delete) -> int:
    return change_rows(session, statement, synchronize_session=False)
