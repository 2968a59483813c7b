"""Functions that stop shares.

A share is stopped in four cases: the respondent stops the share, the respondent opens the sent
parts again, the attempt is deleted, or the share expires. Stopping removes everything personal from
the share's row, but keeps the row.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    and_,
    select,
    update,
)
from sqlalchemy.orm import Session

from fitquiz.store.engine.row_count import change_rows
from fitquiz.store.tables.sharing_tables import ShareRow

_STOPPED_VALUES = {
    "attempt_id": None,
    "name": "",
    "client": b"",
    "parts": "",
    "seed": b"",
}


def stop_share(session: Session, attempt_id: int, share_id: int) -> bool:
    """Stop a share of an attempt. Return False if the attempt has no share with this id."""
    statement = (
        update(ShareRow)
        .where(ShareRow.id == share_id, ShareRow.attempt_id == attempt_id)
        .values(**_STOPPED_VALUES)
        .returning(ShareRow.id)
    )
    return session.scalar(statement) is not None


def stop_all_shares(session: Session, attempt_id: int) -> None:
    """Stop all shares of an attempt. Call this function before you delete the attempt."""
    stop_shares_of(session, [attempt_id])


def stop_shares_of(session: Session, attempt_ids: Sequence[int]) -> None:
    """Stop all shares of these attempts. Call this function before you delete the attempts.

    The deletion of an attempt removes the attempt's id from the rows of the shares. After the
    deletion, this function could not find the rows. The rows would keep the respondents' names.
    """
    statement = update(ShareRow).where(ShareRow.attempt_id.in_(attempt_ids))
    session.execute(statement.values(**_STOPPED_VALUES))


def stop_expired_shares(session: Session, now: datetime, max_rows: int) -> int:
    """Stop at most `max_rows` expired shares. Return the number of stopped shares.

    If the clock is set back later, the stopped shares stay stopped.
    """
    is_expired = and_(
        ShareRow.attempt_id.is_not(None),
        ShareRow.expires_at < now,
    )
    expired_ids = select(ShareRow.id).where(is_expired).limit(max_rows)
    stop = (
        update(ShareRow)
        .where(is_expired, ShareRow.id.in_(expired_ids))
        .values(**_STOPPED_VALUES)
    )
    return change_rows(session, stop)
