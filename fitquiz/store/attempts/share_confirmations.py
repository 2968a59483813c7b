"""Closes the shares with a counsellor whose account was reset, until each client confirms them.

A share is a right of a person. After a reset, somebody else may have the account of this person.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, update
from sqlalchemy.orm import Session

from fitquiz.store.tables.sharing_tables import ShareRow
from fitquiz.store.tables.staff_tables import StaffRow


def is_since_reset(owner_id: int | None) -> ColumnElement[bool]:
    """Return the condition that the account of the counsellor was not reset after the share."""
    was_reset = exists().where(
        StaffRow.id == owner_id,
        StaffRow.reset_at >= ShareRow.shared_at,
    )
    return ~was_reset


def confirm_share(
    session: Session, attempt_id: int, share_id: int, now: datetime
) -> bool:
    """Let the counsellor see a share again after a reset. Return False if there is no live share."""
    statement = (
        update(ShareRow)
        .where(
            ShareRow.id == share_id,
            ShareRow.attempt_id == attempt_id,
            ShareRow.expires_at > now,
        )
        .values(shared_at=now)
        .returning(ShareRow.id)
    )
    return session.scalar(statement) is not None
