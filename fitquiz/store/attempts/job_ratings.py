"""Jobs as respondents rate them on the traits, one present and one advertised; they go with the attempt."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from fitquiz.store.attempts.attempts import Attempt
from fitquiz.store.engine.upserts import Executor, insert_into
from fitquiz.store.tables.attempt_tables import AttemptRow
from fitquiz.store.tables.sharing_tables import OfferRow

PRESENT, ADVERTISED = "present", "advertised"
KINDS = (PRESENT, ADVERTISED)
Ratings = Mapping[str, int | None]
"""Raw answers by trait; None for what the respondent cannot say."""
_OF_ATTEMPT = select(OfferRow.kind, OfferRow.ratings).where(
    OfferRow.attempt_id == bindparam("attempt")
)


def save_offer(
    session: Session, attempt: Attempt, kind: str, ratings: Ratings, now: datetime
) -> bool:
    """Store how a job is rated, or replace the earlier rating; False if the attempt has been deleted meanwhile."""
    held = select(AttemptRow.id).where(AttemptRow.id == attempt.id).with_for_update()
    if session.scalar(held) is None:
        return False
    written = {"ratings": json.dumps(dict(ratings)), "rated_at": now}
    insert = insert_into(session, OfferRow).values(
        written | {"attempt_id": attempt.id, "kind": kind}
    )
    session.execute(
        insert.on_conflict_do_update(index_elements=["attempt_id", "kind"], set_=written)
    )
    return True


def list_offers(asked: Executor, attempt: Attempt) -> dict[str, Ratings]:
    """Return the ratings of an attempt by kind of job, the present one first."""
    rows = asked.execute(_OF_ATTEMPT, {"attempt": attempt.id})
    found = {row.kind: json.loads(row.ratings) for row in rows}
    return {kind: found[kind] for kind in KINDS if kind in found}


def delete_offer(session: Session, attempt: Attempt, kind: str) -> None:
    """Forget how a job was rated."""
    session.execute(
        delete(OfferRow).where(OfferRow.attempt_id == attempt.id, OfferRow.kind == kind)
    )
