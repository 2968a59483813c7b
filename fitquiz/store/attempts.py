"""Attempts and their answers: started, answered item by item, sent part by part, and deleted but for a receipt.

An attempt's parts are closed, open or sent. Only items of open parts take answers; a result rests on sent ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, delete, exists, literal, select, update
from sqlalchemy.orm import Session

from fitquiz.core.scoring import Answers
from fitquiz.store.models import AnswerRow, AttemptRow, DeletedAttemptRow
from fitquiz.store.shares import stop_all_shares
from fitquiz.store.upserts import insert_into


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt as it stands. `answers` holds None for items left out on purpose; unseen ones are absent."""

    id: int
    content_hash: str
    open_parts: tuple[str, ...]
    sent_parts: tuple[str, ...]
    started_at: datetime
    finished_at: datetime | None
    may_improve: bool
    ticket: bytes | None
    answers: Answers
    answered_at: Mapping[str, datetime]

    @property
    def is_open(self) -> bool:
        """Whether there is something to answer or to send."""
        return bool(self.open_parts)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is left of a deleted attempt."""

    deleted_at: datetime
    answers: int


def start_attempt(
    session: Session,
    token_hash: bytes,
    content_hash: str,
    parts: tuple[str, ...],
    may_improve: bool,
    now: datetime,
    ticket: bytes | None = None,
) -> bool:
    """Store a new attempt with its first parts open; False, and nothing happens, if the token has one already."""
    row = {
        "token_hash": token_hash,
        "content_hash": content_hash,
        "may_improve": may_improve,
        "ticket": ticket,
        "open_parts": " ".join(parts),
        "sent_parts": "",
        "started_at": now,
    }
    insert = insert_into(session, AttemptRow).values(row).on_conflict_do_nothing()
    return session.scalar(insert.returning(AttemptRow.id)) is not None


def find_attempt(session: Session, token_hash: bytes) -> Attempt | None:
    """Return the attempt of a token with all its answers, in one query."""
    return _find(session, AttemptRow.token_hash == token_hash)


def find_shared_attempt(session: Session, attempt_id: int) -> Attempt | None:
    """Return the attempt that a share names, with all its answers."""
    return _find(session, AttemptRow.id == attempt_id)


def record_answer(session: Session, attempt: Attempt, item: str, value: int | None, now: datetime) -> bool:
    """Store an answer, or replace the earlier one; False if the attempt's open parts have changed since it was read.

    One statement: whether the parts are still open is asked by the database itself, with the attempt's row held.
    """
    still_open = (
        select(
            AttemptRow.id, literal(item), literal(value, AnswerRow.value.type), literal(now, AnswerRow.answered_at.type)
        )
        .where(AttemptRow.id == attempt.id, AttemptRow.open_parts == " ".join(attempt.open_parts))
        .with_for_update(read=True)
    )
    insert = insert_into(session, AnswerRow).from_select(["attempt_id", "item", "value", "answered_at"], still_open)
    given = {"value": insert.excluded.value, "answered_at": insert.excluded.answered_at}
    upsert = insert.on_conflict_do_update(index_elements=["attempt_id", "item"], set_=given)
    # Asked back, not counted: PostgreSQL's count is unknown (-1) for an INSERT from a SELECT.
    return session.scalar(upsert.returning(AnswerRow.item)) is not None


def send_parts(session: Session, attempt: Attempt, now: datetime, ticket: bytes | None = None) -> bool:
    """Close the open parts and count them in the result; False if somebody else has sent or opened any meanwhile.

    A ticket, if one is given, takes the place of the attempt's.
    """
    sent = " ".join((*attempt.sent_parts, *attempt.open_parts))
    values = {"open_parts": "", "sent_parts": sent, "finished_at": attempt.finished_at or now}
    return _set_parts(session, attempt, values | ({"ticket": ticket} if ticket else {}))


def open_part(session: Session, attempt: Attempt, part: str) -> bool:
    """Open one more part; False if it is open or sent already, or the attempt has changed meanwhile."""
    if part in (*attempt.open_parts, *attempt.sent_parts):
        return False
    return _set_parts(session, attempt, {"open_parts": " ".join((*attempt.open_parts, part))})


def reopen_parts(session: Session, attempt: Attempt) -> bool:
    """Take all sent parts back, to answer what was left out; False if the attempt has changed meanwhile."""
    parts = " ".join((*attempt.sent_parts, *attempt.open_parts))
    return _set_parts(session, attempt, {"open_parts": parts, "sent_parts": ""})


def change_ticket(session: Session, attempt: Attempt, ticket: bytes) -> None:
    """Put another ticket in the place of the attempt's."""
    session.execute(update(AttemptRow).where(AttemptRow.id == attempt.id).values(ticket=ticket))


def delete_attempt(session: Session, token_hash: bytes, now: datetime) -> bool:
    """Delete an attempt and all its answers, and leave a receipt; False if there was none (any more)."""
    attempt_id = session.scalar(select(AttemptRow.id).filter_by(token_hash=token_hash).with_for_update())
    if attempt_id is None:
        return False
    stop_all_shares(session, attempt_id)
    answers = session.execute(delete(AnswerRow).where(AnswerRow.attempt_id == attempt_id))
    session.execute(delete(AttemptRow).where(AttemptRow.id == attempt_id))
    receipt = {"token_hash": token_hash, "deleted_at": now, "answers": answers.rowcount}  # type: ignore[attr-defined]  # a DELETE's result is a CursorResult
    session.execute(insert_into(session, DeletedAttemptRow).values(receipt).on_conflict_do_nothing())
    return True


def find_receipt(session: Session, token_hash: bytes) -> Receipt | None:
    """Return the receipt of a deleted attempt, for as long as receipts are kept."""
    query = select(DeletedAttemptRow.deleted_at, DeletedAttemptRow.answers).filter_by(token_hash=token_hash)
    row = session.execute(query).one_or_none()
    return Receipt(row.deleted_at, row.answers) if row else None


def token_exists(session: Session, token_hash: bytes) -> bool:
    """Whether a token opens an attempt."""
    return bool(session.scalar(select(exists().where(AttemptRow.token_hash == token_hash))))


def _find(session: Session, which: ColumnElement[bool]) -> Attempt | None:
    table, answer = AttemptRow.__table__, AnswerRow.__table__
    query = select(table, answer.c.item, answer.c.value, answer.c.answered_at).select_from(table.outerjoin(answer))
    rows = session.execute(query.where(which)).mappings().all()
    return _read_attempt(rows[0], [row for row in rows if row["item"] is not None]) if rows else None


def _set_parts(session: Session, attempt: Attempt, values: Mapping[str, object]) -> bool:
    as_read = (
        AttemptRow.open_parts == " ".join(attempt.open_parts),
        AttemptRow.sent_parts == " ".join(attempt.sent_parts),
    )
    result = session.execute(update(AttemptRow).where(AttemptRow.id == attempt.id, *as_read).values(**values))
    return bool(result.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result is a CursorResult


def _read_attempt(row: RowMapping, answers: list[RowMapping]) -> Attempt:
    return Attempt(
        id=row["id"],
        content_hash=row["content_hash"],
        open_parts=tuple(row["open_parts"].split()),
        sent_parts=tuple(row["sent_parts"].split()),
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        may_improve=row["may_improve"],
        ticket=row["ticket"],
        answers={each["item"]: each["value"] for each in answers},
        answered_at={each["item"]: each["answered_at"] for each in answers},
    )
