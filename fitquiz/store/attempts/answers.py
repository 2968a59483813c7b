"""Functions that store the answers of an attempt, and read when each answer was given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Subquery,
    bindparam,
    case,
    select,
    true,
    union_all,
)

from fitquiz.store.attempts.attempts import Attempt
from fitquiz.store.engine.row_count import change_rows
from fitquiz.store.engine.upserts import Executor, insert_by, name_dialect
from fitquiz.store.tables.attempt_tables import AttemptRow

_ATTEMPT = AttemptRow.metadata.tables["attempt"]
_ANSWER = AttemptRow.metadata.tables["answer"]
_GIVEN_COLUMNS = ("item", "value", "answered_at")
_SELECT_ANSWERS = select(_ANSWER.c.item, _ANSWER.c.value, _ANSWER.c.answered_at).where(
    _ANSWER.c.attempt_id == bindparam("attempt")
)


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer, and the moment when the respondent gave the answer.

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
) -> bool:
    """Store an answer that was given at `given_at`, or replace the stored answer to the item.

    Return False and store nothing in the same cases as `record_answers`.
    """
    answers = {item: GivenAnswer(value, given_at)}
    return record_answers(executor, attempt, answers)


def record_answers(
    executor: Executor,
    attempt: Attempt,
    answers: Mapping[str, GivenAnswer],
    *,
    keeps_later: bool = False,
) -> bool:
    """Store all these answers by item, or replace the stored answers, with one statement.

    If `keeps_later` is true, keep each stored answer that was given later than the new answer to the
    same item. `answers` must not be empty.

    Return False and store nothing if the attempt was deleted, or if its stored open parts differ
    from `attempt.open_parts`.
    """
    parameters: dict[str, object] = {
        "token_hash": attempt.token_hash,
        "content_hash": attempt.content_hash,
        "open_parts": " ".join(attempt.open_parts),
    }
    # Always lock the items in the same order. Otherwise, two requests could block each other.
    for number, item in enumerate(sorted(answers)):
        parameters[f"item_{number}"] = item
        parameters[f"value_{number}"] = answers[item].value
        parameters[f"answered_at_{number}"] = answers[item].given_at
    upsert = _upsert_answers(name_dialect(executor), len(answers), keeps_later)
    return change_rows(executor, upsert, parameters) == len(answers)


def list_answers(executor: Executor, attempt: Attempt) -> Mapping[str, GivenAnswer]:
    """Return the stored answers of the attempt by item."""
    rows = executor.execute(_SELECT_ANSWERS, {"attempt": attempt.id})
    return {row.item: GivenAnswer(row.value, row.answered_at) for row in rows}


def list_moments(executor: Executor, attempt: Attempt) -> Mapping[str, datetime]:
    """Return for each answered item the moment when the respondent gave the stored answer."""
    answers = list_answers(executor, attempt)
    return {item: answer.given_at for item, answer in answers.items()}


@cache
def _upsert_answers(dialect: str, count: int, keeps_later: bool) -> Executable:
    """Return the statement that locks the attempt's row and stores `count` answers.

    The statement stores nothing if no attempt has the given token, pack and open parts.
    """
    given = _name_given_answers(count)
    # The condition uses the token, because SQLite may give the id of a deleted attempt
    # to another attempt.
    of_unchanged_attempt = (
        select(_ATTEMPT.c.id, *given.c)
        .join_from(_ATTEMPT, given, true())
        .where(
            _ATTEMPT.c.token_hash == bindparam("token_hash"),
            _ATTEMPT.c.content_hash == bindparam("content_hash"),
            _ATTEMPT.c.open_parts == bindparam("open_parts"),
        )
        .with_for_update(read=True, of=_ATTEMPT)
    )

    insert = insert_by(dialect, _ANSWER).from_select(
        ["attempt_id", *_GIVEN_COLUMNS], of_unchanged_attempt
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


def _name_given_answers(count: int) -> Subquery:
    """Return a table of `count` rows. Its values are parameters, for example `item_0` and `value_0`."""
    rows = [
        select(*(_name_parameter(name, number) for name in _GIVEN_COLUMNS))
        for number in range(count)
    ]
    return union_all(*rows).subquery("given")


def _name_parameter(name: str, number: int) -> ColumnElement[Any]:
    parameter = bindparam(f"{name}_{number}", type_=_ANSWER.c[name].type)
    return parameter.label(name)
