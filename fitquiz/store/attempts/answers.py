"""Functions that store the answers of an attempt, and read when each answer was stored."""

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
    """Store an answer, or replace the earlier answer to the item.

    Return False and store nothing if the attempt was deleted, or if its stored open parts differ
    from `attempt.open_parts`.
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
    """Return for each answered item the moment when its latest answer was stored."""
    rows = executor.execute(_SELECT_MOMENTS, {"attempt": attempt.id})
    return {row.item: row.answered_at for row in rows}


@cache
def _upsert_answer(dialect: str) -> Executable:
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
    upsert = insert.on_conflict_do_update(
        index_elements=["attempt_id", "item"],
        set_={
            "value": insert.excluded.value,
            "answered_at": insert.excluded.answered_at,
        },
    )
    # Reading `rowcount` is 10 % faster than using RETURNING. SQLAlchemy keeps the `rowcount`
    # of an INSERT only with the option `preserve_rowcount`.
    return upsert.execution_options(preserve_rowcount=True)
