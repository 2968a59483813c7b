"""Job ratings: how a respondent rates the present job or an advertised job on the traits.

`KINDS` sets the order in which pages and files list the job ratings of an attempt.
When an attempt is deleted, its job ratings are also deleted.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from fitquiz.store.attempts.attempts import Attempt
from fitquiz.store.engine.upserts import Executor, insert_into
from fitquiz.store.tables.attempt_tables import AttemptRow
from fitquiz.store.tables.sharing_tables import OfferRow

PRESENT = "present"
ADVERTISED = "advertised"
KINDS = (PRESENT, ADVERTISED)
"""The kinds of jobs, in the order in which pages and files list their ratings."""

Ratings = Mapping[str, int | None]
"""The raw answer for each trait. None means that the respondent did not rate the trait.

A raw answer is a number: 0 for "strongly disagree", the highest number for "strongly agree".
"""
_SELECT_RATINGS = select(OfferRow.kind, OfferRow.ratings).where(
    OfferRow.attempt_id == bindparam("attempt")
)


def save_job_rating(
    session: Session,
    attempt: Attempt,
    kind: str,
    ratings: Ratings,
    now: datetime,
) -> bool:
    """Store a job rating, or replace the earlier rating of this kind of job.

    Return False and store nothing if the attempt was deleted.
    """
    query = select(AttemptRow.id).where(AttemptRow.id == attempt.id).with_for_update()
    if session.scalar(query) is None:
        return False

    rating = {"ratings": json.dumps(dict(ratings)), "rated_at": now}
    new_row = rating | {"attempt_id": attempt.id, "kind": kind}
    statement = insert_into(session, OfferRow).values(new_row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["attempt_id", "kind"],
            set_=rating,
        )
    )
    return True


def list_job_ratings(executor: Executor, attempt: Attempt) -> dict[str, Ratings]:
    """Return an attempt's job ratings by kind of job, in the order of `KINDS`."""
    rows = executor.execute(_SELECT_RATINGS, {"attempt": attempt.id})
    found = {row.kind: row.ratings for row in rows}

    ratings_by_kind: dict[str, Ratings] = {}
    for kind in KINDS:
        if kind in found:
            ratings_by_kind[kind] = json.loads(found[kind])
    return ratings_by_kind


def delete_job_rating(session: Session, attempt: Attempt, kind: str) -> None:
    statement = delete(OfferRow).where(
        OfferRow.attempt_id == attempt.id,
        OfferRow.kind == kind,
    )
    session.execute(statement)
