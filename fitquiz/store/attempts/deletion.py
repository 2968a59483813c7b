"""Functions that delete an attempt and find the receipt of a deleted attempt.

After the deletion, a receipt and the stopped shares of the attempt stay in the database.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from fitquiz.store.attempts.stopping_shares import stop_all_shares
from fitquiz.store.engine.row_count import change_rows
from fitquiz.store.engine.upserts import insert_into
from fitquiz.store.tables.attempt_tables import AnswerRow, AttemptRow, DeletedAttemptRow

_DELETED = AttemptRow.metadata.tables["deleted_attempt"]
_SELECT_RECEIPT = select(_DELETED.c.deleted_at, _DELETED.c.answers).where(
    _DELETED.c.token_hash == bindparam("token_hash")
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The moment of an attempt's deletion, and the number of deleted answers."""

    deleted_at: datetime
    answers: int


def delete_attempt(session: Session, token_hash: bytes, now: datetime) -> bool:
    """Delete an attempt with its answers and job ratings, stop its shares and store a receipt.

    Return False if no attempt has this token.
    """
    own_row = select(AttemptRow.id).filter_by(token_hash=token_hash)
    attempt_id = session.scalar(own_row.with_for_update())
    if attempt_id is None:
        return False

    stop_all_shares(session, attempt_id)
    delete_answers = delete(AnswerRow).where(AnswerRow.attempt_id == attempt_id)
    answers = change_rows(session, delete_answers)
    session.execute(delete(AttemptRow).where(AttemptRow.id == attempt_id))

    receipt = {
        "token_hash": token_hash,
        "deleted_at": now,
        "answers": answers,
    }
    insert = insert_into(session, DeletedAttemptRow).values(receipt)
    session.execute(insert.on_conflict_do_nothing())
    return True


def find_receipt(session: Session, token_hash: bytes) -> Receipt | None:
    """Return the receipt of the deleted attempt that had this token.

    Return None if there is no receipt. Housekeeping deletes old receipts.
    """
    values = {"token_hash": token_hash}
    row = session.execute(_SELECT_RECEIPT, values).one_or_none()
    if row is None:
        return None
    return Receipt(row.deleted_at, row.answers)
