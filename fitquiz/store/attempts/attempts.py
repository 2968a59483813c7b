"""Functions that find attempts, open or decline the parts of an attempt, and send the parts.

An attempt has open parts and sent parts. The respondent can answer only items of open parts. The
result is computed from the sent parts.

Frequent SQL statements are built only once, because building a statement takes longer than running
the statement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Row,
    Select,
    bindparam,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.orm import Session

from fitquiz.core.packs import DOES_NOT_APPLY
from fitquiz.core.result.scoring import Answers
from fitquiz.store.engine.row_count import change_rows
from fitquiz.store.engine.upserts import Executor, name_dialect
from fitquiz.store.tables.attempt_tables import AttemptRow

_ATTEMPT = AttemptRow.metadata.tables["attempt"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A stored attempt. `answers` contains the answers that were read from the database, by item id.

    The value of an answer is None if the respondent left the item out on purpose. An item that has
    no stored answer is missing from `answers`.

    `not_applying` contains the ids of the items that do not apply to the respondent. Their value in
    `answers` is None too.
    """

    id: int
    token_hash: bytes
    content_hash: str
    open_parts: tuple[str, ...]
    sent_parts: tuple[str, ...]
    declined_parts: tuple[str, ...]
    started_at: datetime
    finished_at: datetime | None
    may_improve: bool
    ticket: bytes | None
    answers: Answers
    not_applying: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Return whether the attempt has an open part."""
        return bool(self.open_parts)


_ANSWER = AttemptRow.metadata.tables["answer"]

_FROM_ANSWERS = ("answers", "not_applying")
_COLUMNS = [_ATTEMPT.c[name] for name in Attempt.__slots__ if name not in _FROM_ANSWERS]
_HAS_ID = _ATTEMPT.c.id == bindparam("key")
_HAS_TOKEN = _ATTEMPT.c.token_hash == bindparam("key")
_HAS_ONE_OF_TOKENS = _ATTEMPT.c.token_hash.in_(bindparam("keys", expanding=True))

_ANSWERS_ITEM = (_ANSWER.c.attempt_id == _ATTEMPT.c.id) & (
    _ANSWER.c.item == bindparam("item")
)
_SELECT_WITH_ONE_ANSWER: Select[Any] = (
    select(*_COLUMNS, _ANSWER.c.item, _ANSWER.c.value)
    .select_from(_ATTEMPT.outerjoin(_ANSWER, _ANSWERS_ITEM))
    .where(_HAS_TOKEN)
)
_UPDATE_UNCHANGED = update(_ATTEMPT).where(
    _HAS_TOKEN,
    _ATTEMPT.c.open_parts == bindparam("were_open"),
    _ATTEMPT.c.sent_parts == bindparam("were_sent"),
)
"""Updates an attempt only if its stored parts are equal to `were_open` and `were_sent`."""


def find_attempt(
    executor: Executor, token_hash: bytes, item: str | None = None
) -> Attempt | None:
    """Return the attempt of a token, with all its answers or only with the answer to `item`.

    The page of an item needs only the answer to this item. On PostgreSQL, reading one answer takes
    a third less time than reading all answers. Return None if no attempt has the token.
    """
    if item is None:
        return _find(executor, _HAS_TOKEN, token_hash)

    values = {"key": token_hash, "item": item}
    row = executor.execute(_SELECT_WITH_ONE_ANSWER, values).one_or_none()
    if row is None:
        return None
    answers = {} if row.item is None else {row.item: row.value}
    return _read(row, answers)


def find_attempts(
    executor: Executor, token_hashes: Sequence[bytes]
) -> dict[bytes, Attempt]:
    """Return the attempts of these tokens by token hash, in the order of `token_hashes`.

    Unknown token hashes are missing from the result.
    """
    if not token_hashes:
        return {}
    statement = _select_with_answers(name_dialect(executor), _HAS_ONE_OF_TOKENS)
    rows = executor.execute(statement, {"keys": token_hashes})
    attempts = [_read(row, row.answers or {}) for row in rows]
    by_token = {attempt.token_hash: attempt for attempt in attempts}
    return {key: by_token[key] for key in token_hashes if key in by_token}


def find_shared_attempt(session: Session, attempt_id: int) -> Attempt | None:
    """Return the attempt of a share with all its answers. `attempt_id` comes from the share."""
    return _find(session, _HAS_ID, attempt_id)


def token_exists(session: Session, token_hash: bytes) -> bool:
    """Return whether an attempt has this token."""
    is_there = exists().where(AttemptRow.token_hash == token_hash)
    return bool(session.scalar(select(is_there)))


def send_parts(
    session: Session, attempt: Attempt, now: datetime, ticket: bytes | None = None
) -> bool:
    """Turn all open parts into sent parts. If `ticket` is given, replace the attempt's ticket.

    Return False and change nothing if the stored parts differ from the parts in `attempt`.
    """
    all_parts = (*attempt.sent_parts, *attempt.open_parts)
    values: dict[str, object] = {
        "open_parts": "",
        "sent_parts": " ".join(all_parts),
        "finished_at": attempt.finished_at or now,
    }
    if ticket:
        values["ticket"] = ticket
    return _update_unchanged(session, attempt, values)


def open_part(session: Session, attempt: Attempt, part: str) -> bool:
    """Add `part` to the open parts.

    Return False and change nothing if `part` is already open or sent. Also return False if the
    stored parts differ from the parts in `attempt`.
    """
    if part in attempt.open_parts or part in attempt.sent_parts:
        return False
    declined = [each for each in attempt.declined_parts if each != part]
    values = {
        "open_parts": " ".join((*attempt.open_parts, part)),
        "declined_parts": " ".join(declined),
    }
    return _update_unchanged(session, attempt, values)


def decline_part(session: Session, attempt: Attempt, part: str) -> bool:
    """Store that the respondent said no to `part`.

    Return False and change nothing if `part` is open, sent or declined. Also return False if the
    stored parts differ from the parts in `attempt`.
    """
    if part in (*attempt.open_parts, *attempt.sent_parts, *attempt.declined_parts):
        return False
    values = {"declined_parts": " ".join((*attempt.declined_parts, part))}
    return _update_unchanged(session, attempt, values)


def reopen_parts(session: Session, attempt: Attempt) -> bool:
    """Turn all sent parts into open parts.

    Return False and change nothing if the stored parts differ from the parts in `attempt`.
    """
    all_parts = (*attempt.sent_parts, *attempt.open_parts)
    values = {"open_parts": " ".join(all_parts), "sent_parts": ""}
    return _update_unchanged(session, attempt, values)


def change_ticket(session: Session, attempt: Attempt, ticket: bytes) -> None:
    """Replace the attempt's ticket."""
    own_row = update(AttemptRow).where(AttemptRow.id == attempt.id)
    session.execute(own_row.values(ticket=ticket))


def _update_unchanged(
    session: Session, attempt: Attempt, values: Mapping[str, object]
) -> bool:
    as_read = {
        "key": attempt.token_hash,
        "were_open": " ".join(attempt.open_parts),
        "were_sent": " ".join(attempt.sent_parts),
    }
    return change_rows(session, _UPDATE_UNCHANGED, {**as_read, **values}) == 1


def _find(
    executor: Executor, which: ColumnElement[bool], key: bytes | int
) -> Attempt | None:
    statement = _select_with_answers(name_dialect(executor), which)
    row = executor.execute(statement, {"key": key}).one_or_none()
    if row is None:
        return None
    return _read(row, row.answers or {})


def _read(row: Row[Any], stored: Answers) -> Attempt:
    not_applying = [item for item in stored if stored[item] == DOES_NOT_APPLY]
    answers = stored
    if not_applying:
        answers = {**stored, **dict.fromkeys(not_applying)}
    return Attempt(
        id=row.id,
        token_hash=row.token_hash,
        content_hash=row.content_hash,
        open_parts=tuple(row.open_parts.split()),
        sent_parts=tuple(row.sent_parts.split()),
        declined_parts=tuple(row.declined_parts.split()),
        started_at=row.started_at,
        finished_at=row.finished_at,
        may_improve=row.may_improve,
        ticket=row.ticket,
        answers=answers,
        not_applying=frozenset(not_applying),
    )


@cache
def _select_with_answers(dialect: str, which: ColumnElement[bool]) -> Select[Any]:
    """Return the SELECT for attempts and their answers.

    Each row contains all answers of one attempt as one JSON value. Reading 28 answers as 28 rows
    would take twice the time.
    """
    gather = func.json_object_agg if dialect == "postgresql" else func.json_group_object
    answers = (
        select(gather(_ANSWER.c.item, _ANSWER.c.value, type_=JSON))
        .where(_ANSWER.c.attempt_id == _ATTEMPT.c.id)
        .scalar_subquery()
        .label("answers")
    )
    return select(*_COLUMNS, answers).where(which)
