"""Functions that store the answers of an attempt, and read when each answer was stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, bindparam, case, select

from fitquiz.store.attempts.attempts import Attempt
from fitquiz.store.engine.row_count import change_rows
from fitquiz.store.engine.upserts import Executor, insert_by, name_dialect
from fitquiz.store.tables.attempt_tables import AttemptRow

_ATTEMPT = AttemptRow.metadata.tables["attempt"]
_ANSWER = AttemptRow.metadata.tables["answer"]
_SELECT_ANSWERS = select(_ANSWER.c.item, _ANSWER.c.value, _ANSWER.c.answered_at).where(
    _ANSWER.c.attempt_id == bindparam("attempt")
)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """A stored answer.

    `value` is None for an item that the respondent left out on purpose. `value` is DOES_NOT_APPLY for
    an item that does not apply to the respondent.
    """

    value: int | None
    given_at: datetime


def record_answer(
    executor: Executor,
    attempt: Attempt,
    item: str,
    value: int | None,
    given_at: datetime,
    *,
    keeps_later: bool = False,
) -> bool:
    """Store an answer, or replace the stored answer to the item.

    `given_at` is the moment when the respondent gave the answer. If `keeps_later` is true, and the
    respondent gave the stored answer later than `given_at`, keep the stored answer and return True.

    Return False and store nothing if the attempt was deleted, or if its stored open parts differ
    from `attempt.open_parts`.
    """
    values = {
        "token_hash": attempt.token_hash,
        "content_hash": attempt.content_hash,
        "open_parts": " ".join(attempt.open_parts),
        "item": item,
        "value": value,
        "answered_at": given_at,
    }
    upsert = _upsert_answer(name_dialect(executor), keeps_later)
    return change_rows(executor, upsert, values) == 1


def list_answers(executor: Executor, attempt: Attempt) -> Mapping[str, StoredAnswer]:
    """Return the stored answers of the attempt by item."""
    rows = executor.execute(_SELECT_ANSWERS, {"attempt": attempt.id})
    return {row.item: StoredAnswer(row.value, row.answered_at) for row in rows}


def list_moments(executor: Executor, attempt: Attempt) -> Mapping[str, datetime]:
    """Return for each answered item the moment when the respondent gave the stored answer."""
    answers = list_answers(executor, attempt)
    return {item: answer.given_at for item, answer in answers.items()}


@cache
def _upsert_answer(dialect: str, keeps_later: bool) -> Executable:
    """Return the statement that locks the attempt's row and stores the answer.

    The statement stores nothing if no attempt has the given token, pack and open parts.
    """
    names = ["item", "value", "answered_at"]
    values = [bindparam(name, type_=_ANSWER.c[name].type) for name in names]
    # The condition uses the token, because SQLite may give the id of a deleted attempt
    # to another attempt.
    unchanged_attempt = (
        select(_ATTEMPT.c.id, *values)
        .where(
            _ATTEMPT.c.token_hash == bindparam("token_hash"),
            _ATTEMPT.c.content_hash == bindparam("content_hash"),
            _ATTEMPT.c.open_parts == bindparam("open_parts"),
        )
        .with_for_update(read=True)
    )

    insert = insert_by(dialect, _ANSWER).from_select(
        ["attempt_id", *names], unchanged_attempt
    )
    changed: dict[str, ColumnElement[Any]] = {
        "value": insert.excluded.value,
        "answered_at": insert.excluded.answered_at,
    }
    if keeps_later:
        is_later = _ANSWER.c.answered_at > insert.excluded.answered_at
        changed = {
            name: case((is_later, _ANSWER.c[name]), else_=new)
            for name, new in changed.items()
        }
    upsert = insert.on_conflict_do_update(
        index_elements=["attempt_id", "item"], set_=changed
    )
    # Reading `rowcount` is 10 % faster than using RETURNING. SQLAlchemy keeps the `rowcount`
    # of an INSERT only with the option `preserve_rowcount`.
    return upsert.execution_options(preserve_rowcount=True)
