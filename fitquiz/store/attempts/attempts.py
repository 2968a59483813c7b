"""Attempts and their answers: started, answered item by item, sent part by part, and deleted but for a receipt.

An attempt's parts are closed, open or sent. Only items of open parts take answers; a result rests on sent ones.
The statements of every item page are built once, of tables: built anew each time they took more than twice the time.
Both also run on a bare connection: with a session around it an answer took a third more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from sqlalchemy import (
    JSON,
    ColumnElement,
    Executable,
    Row,
    Select,
    bindparam,
    delete,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.orm import Session

from fitquiz.core.result.scoring import Answers
from fitquiz.store.attempts.shares import stop_all_shares
from fitquiz.store.engine.row_count import change_rows
from fitquiz.store.engine.upserts import Executor, insert_by, insert_into, name_dialect
from fitquiz.store.tables.attempt_tables import AnswerRow, AttemptRow, DeletedAttemptRow


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt as it stands. `answers` holds None for items left out on purpose; unseen ones are absent."""

    id: int
    token_hash: bytes
    content_hash: str
    open_parts: tuple[str, ...]
    sent_parts: tuple[str, ...]
    started_at: datetime
    finished_at: datetime | None
    may_improve: bool
    ticket: bytes | None
    answers: Answers

    @property
    def is_open(self) -> bool:
        """Whether there is something to answer or to send."""
        return bool(self.open_parts)


@dataclass(frozen=True, slots=True)
class Glance:
    """What an item's page needs of an attempt. `answers` holds the item's own, if it has been seen."""

    content_hash: str
    open_parts: tuple[str, ...]
    answers: Answers


class Standing(Protocol):
    """What must still be so of an attempt when an answer is stored."""

    @property
    def token_hash(self) -> bytes:
        """Which attempt it is. Its id may be another one's, once it is deleted."""

    @property
    def content_hash(self) -> str:
        """The pack whose items it answers."""

    @property
    def open_parts(self) -> tuple[str, ...]:
        """The parts that take answers."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is left of a deleted attempt."""

    deleted_at: datetime
    answers: int


_ATTEMPT, _ANSWER = AttemptRow.metadata.tables["attempt"], AttemptRow.metadata.tables["answer"]
_IS_TOKEN = _ATTEMPT.c.token_hash == bindparam("key")
_IS_AMONG = _ATTEMPT.c.token_hash.in_(bindparam("keys", expanding=True))
_IS_ID = _ATTEMPT.c.id == bindparam("key")
_GONE = AttemptRow.metadata.tables["deleted_attempt"]
_RECEIPT = select(_GONE.c.deleted_at, _GONE.c.answers).where(_GONE.c.token_hash == bindparam("key"))
_CHANGE = update(_ATTEMPT).where(
    _IS_TOKEN,
    _ATTEMPT.c.open_parts == bindparam("were_open"),
    _ATTEMPT.c.sent_parts == bindparam("were_sent"),
)
"""Sets the columns that it is given values for, if the attempt stands as it was read."""
_IS_ITEMS = (_ANSWER.c.attempt_id == _ATTEMPT.c.id) & (_ANSWER.c.item == bindparam("item"))
_GLANCE = (
    select(_ATTEMPT.c.content_hash, _ATTEMPT.c.open_parts, _ANSWER.c.item, _ANSWER.c.value)
    .select_from(_ATTEMPT.outerjoin(_ANSWER, _IS_ITEMS))
    .where(_IS_TOKEN)
)
_MOMENTS = select(_ANSWER.c.item, _ANSWER.c.answered_at).where(
    _ANSWER.c.attempt_id == bindparam("attempt")
)


def start_attempt(
    session: Session,
    token_hash: bytes,
    content_hash: str,
    parts: tuple[str, ...],
    may_improve: bool,
    now: datetime,
    ticket: bytes | None = None,
) -> bool:
    """Store a new attempt with its first parts open; False, and nothing happens, if the token has one or had one.

    Had the deletion not ended when this began, PostgreSQL may start an empty one beside the receipt.
    """
    row = {
        "token_hash": token_hash,
        "content_hash": content_hash,
        "may_improve": may_improve,
        "ticket": ticket,
        "open_parts": " ".join(parts),
        "sent_parts": "",
        "started_at": now,
    }
    return session.scalar(_start_by(name_dialect(session)), row) is not None


def find_attempt(asked: Executor, token_hash: bytes) -> Attempt | None:
    """Return the attempt of a token with all its answers, in one query."""
    return _find(asked, _whole_by(name_dialect(asked), _IS_TOKEN), token_hash)


def find_attempts(asked: Executor, token_hashes: Sequence[bytes]) -> dict[bytes, Attempt]:
    """Return the attempts of these tokens that there are, by the token's hash, in the order given, in one query."""
    if not token_hashes:
        return {}
    rows = asked.execute(_whole_by(name_dialect(asked), _IS_AMONG), {"keys": token_hashes})
    found = {row.token_hash: _read(row) for row in rows}
    return {each: found[each] for each in token_hashes if each in found}


def glance_at(asked: Executor, token_hash: bytes, item: str) -> Glance | None:
    """Return what an item's page needs of a token's attempt; all of it took half as long again on PostgreSQL."""
    row = asked.execute(_GLANCE, {"key": token_hash, "item": item}).one_or_none()
    if row is None:
        return None
    answers = {} if row.item is None else {row.item: row.value}
    return Glance(row.content_hash, tuple(row.open_parts.split()), answers)


def find_shared_attempt(session: Session, attempt_id: int) -> Attempt | None:
    """Return the attempt that a share names, with all its answers."""
    return _find(session, _whole_by(name_dialect(session), _IS_ID), attempt_id)


def list_moments(asked: Executor, attempt: Attempt) -> Mapping[str, datetime]:
    """Return when each item that has been seen was answered, or answered anew."""
    return {row.item: row.answered_at for row in asked.execute(_MOMENTS, {"attempt": attempt.id})}


def record_answer(
    asked: Executor, attempt: Standing, item: str, value: int | None, now: datetime
) -> bool:
    """Store an answer, or replace the earlier one; False if the attempt's open parts have changed since it was read."""
    as_read = {
        "key": attempt.token_hash,
        "pack": attempt.content_hash,
        "parts": " ".join(attempt.open_parts),
    }
    given = {"item": item, "value": value, "answered_at": now}
    return change_rows(asked, _record_by(name_dialect(asked)), as_read | given) == 1


def send_parts(
    session: Session, attempt: Attempt, now: datetime, ticket: bytes | None = None
) -> bool:
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
    attempt_id = session.scalar(
        select(AttemptRow.id).filter_by(token_hash=token_hash).with_for_update()
    )
    if attempt_id is None:
        return False
    stop_all_shares(session, attempt_id)
    answers = change_rows(session, delete(AnswerRow).where(AnswerRow.attempt_id == attempt_id))
    session.execute(delete(AttemptRow).where(AttemptRow.id == attempt_id))
    receipt = {"token_hash": token_hash, "deleted_at": now, "answers": answers}
    session.execute(
        insert_into(session, DeletedAttemptRow).values(receipt).on_conflict_do_nothing()
    )
    return True


def find_receipt(session: Session, token_hash: bytes) -> Receipt | None:
    """Return the receipt of a deleted attempt, for as long as receipts are kept."""
    row = session.execute(_RECEIPT, {"key": token_hash}).one_or_none()
    return Receipt(row.deleted_at, row.answers) if row else None


def token_exists(session: Session, token_hash: bytes) -> bool:
    """Whether a token opens an attempt."""
    return bool(session.scalar(select(exists().where(AttemptRow.token_hash == token_hash))))


def _find(asked: Executor, query: Select[Any], key: bytes | int) -> Attempt | None:
    row = asked.execute(query, {"key": key}).one_or_none()
    return _read(row) if row else None


def _read(row: Row[Any]) -> Attempt:
    return Attempt(
        id=row.id,
        token_hash=row.token_hash,
        content_hash=row.content_hash,
        open_parts=tuple(row.open_parts.split()),
        sent_parts=tuple(row.sent_parts.split()),
        started_at=row.started_at,
        finished_at=row.finished_at,
        may_improve=row.may_improve,
        ticket=row.ticket,
        answers=row.answers or {},
    )


@cache
def _whole_by(dialect: str, which: ColumnElement[bool]) -> Select[Any]:
    """One row, its answers gathered by the database: with a row for each of 28 it took twice the time."""
    gather = func.json_object_agg if dialect == "postgresql" else func.json_group_object
    answers = select(gather(_ANSWER.c.item, _ANSWER.c.value, type_=JSON)).where(
        _ANSWER.c.attempt_id == _ATTEMPT.c.id
    )
    columns = [_ATTEMPT.c[name] for name in Attempt.__slots__ if name != "answers"]
    gathered = answers.scalar_subquery().label("answers")
    return select(*columns, gathered).where(which)


@cache
def _start_by(dialect: str) -> Executable:
    """One statement, which asks by itself whether the token's attempt has been deleted."""
    names = (
        "token_hash",
        "content_hash",
        "may_improve",
        "ticket",
        "open_parts",
        "sent_parts",
        "started_at",
    )
    given = {name: bindparam(name, type_=_ATTEMPT.c[name].type) for name in names}
    row = select(*given.values()).where(~exists().where(_GONE.c.token_hash == given["token_hash"]))
    insert = insert_by(dialect, _ATTEMPT).from_select(names, row).on_conflict_do_nothing()
    return insert.returning(_ATTEMPT.c.id)


@cache
def _record_by(dialect: str) -> Executable:
    """One statement: whether the parts are still open is asked by the database itself, with the attempt's row held."""
    given = [
        bindparam(name, type_=_ANSWER.c[name].type) for name in ("item", "value", "answered_at")
    ]
    still_open = (
        select(_ATTEMPT.c.id, *given)
        .where(
            _IS_TOKEN,
            _ATTEMPT.c.content_hash == bindparam("pack"),
            _ATTEMPT.c.open_parts == bindparam("parts"),
        )
        .with_for_update(read=True)
    )
    insert = insert_by(dialect, _ANSWER).from_select(
        ["attempt_id", "item", "value", "answered_at"], still_open
    )
    renewed = {"value": insert.excluded.value, "answered_at": insert.excluded.answered_at}
    upsert = insert.on_conflict_do_update(index_elements=["attempt_id", "item"], set_=renewed)
    # Counted, not asked back, which takes a tenth more; of an INSERT SQLAlchemy keeps the count only for who wants it.
    return upsert.execution_options(preserve_rowcount=True)


def _set_parts(session: Session, attempt: Attempt, values: Mapping[str, object]) -> bool:
    parts = {"were_open": " ".join(attempt.open_parts), "were_sent": " ".join(attempt.sent_parts)}
    return change_rows(session, _CHANGE, {"key": attempt.token_hash, **parts, **values}) > 0
