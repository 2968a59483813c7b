"""Stores the answers of an attempt, each with its time."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from sqlalchemy import Executable, bindparam, select

from fitquiz.store.attempts.attempts import Attempt
from fitquiz.store.engine.row_count import change_rows
from fitquiz.store.engine.upserts import Executor, insert_by, name_dialect
from fitquiz.store.tables.attempt_tables import AttemptRow

_ATTEMPT = AttemptRow.metadata.tables["attempt"]
_ANSWER = AttemptRow.metadata.tables["answer"]
_SELECT_MOMENTS = select(_ANSWER.c.item, _ANSWER.c.answered_at).where(
    _ANSWER.c.attempt_id == bindparam("attempt")
)


def record_answer(
    executor: Executor,
    attempt: Attempt,
    item: str,
    value: int | None,
    now: datetime,
) -> bool:
    """Store an answer, or replace the earlier one.

    False, and nothing is stored, if the attempt's open parts have changed since it was read.
    """
    values = {
        "token_hash": attempt.token_hash,
        "content_hash": attempt.content_hash,
        "open_parts": " ".join(attempt.open_parts),
        "item": item,
        "value": value,
        "answered_at": now,
    }
    upsert = _upsert_answer(name_dialect(executor))
    return change_rows(executor, upsert, values) == 1


def list_moments(executor: Executor, attempt: Attempt) -> Mapping[str, datetime]:
    """Return, by item, when its answer was given or last changed."""
    rows = executor.execute(_SELECT_MOMENTS, {"attempt": attempt.id})
    return {row.item: row.answered_at for row in rows}


@cache
def _upsert_answer(dialect: str) -> Executable:
    """Return one statement that locks and checks the attempt's row and stores the answer."""
    names = ["item", "value", "answered_at"]
    values = [bindparam(name, type_=_ANSWER.c[name].type) for name in names]
    # The token says which attempt it is: SQLite may give a deleted attempt's id to a new one.
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
    upsert = insert.on_conflict_do_update(
        index_elements=["attempt_id", "item"],
        set_={
            "value": insert.excluded.value,
            "answered_at": insert.excluded.answered_at,
        },
    )
    # Use rowcount instead of RETURNING (10 % faster). SQLAlchemy keeps the rowcount of an INSERT
    # only with this option.
    return upsert.execution_options(preserve_rowcount=True)
