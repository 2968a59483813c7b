"""Limits on tries, kept in the database, so that all processes share them. One statement a try, so none slips by.

Source: the generic cell rate algorithm. A key has `tries`, each of which comes back after its share of `minutes`.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import BigInteger, Executable, bindparam, case, select, update
from sqlalchemy.orm import Session

from fitquiz.store.engine.upserts import insert_by, name_dialect
from fitquiz.store.tables.staff_tables import ThrottleRow

_THROTTLE = ThrottleRow.metadata.tables["throttle"]


@dataclass(frozen=True, slots=True)
class Throttle:
    """So many tries in so many minutes, for each of whoever is told apart under this name."""

    name: str
    tries: int
    minutes: int

    @property
    def pace(self) -> int:
        """The milliseconds after which one try comes back."""
        return self.minutes * 60_000 // self.tries


def take_try(session: Session, throttle: Throttle, who: str, now: datetime) -> datetime | None:
    """Use up one try; None if there was one, else the moment from which there is one again.

    A key can have used up no more than all its tries: what says more was noted before the clock was turned back.
    """
    key, at, pace = _key(throttle, who), _milliseconds(now), throttle.pace
    latest = at + throttle.tries * pace
    known = {
        "who": key,
        "at": at,
        "pace": pace,
        "latest": latest,
        "furthest": latest + throttle.tries * pace,
    }
    if session.scalar(_take_by(name_dialect(session)), known) is not None:
        return None
    full_at = session.scalar(select(ThrottleRow.full_at).where(ThrottleRow.key == key)) or latest
    return datetime.fromtimestamp((full_at + pace - throttle.tries * pace) / 1000, UTC)


def give_back(session: Session, throttle: Throttle, who: str) -> None:
    """Give back a try that was no wrong one."""
    given = update(ThrottleRow).where(ThrottleRow.key == _key(throttle, who))
    session.execute(given.values(full_at=ThrottleRow.full_at - throttle.pace))


@cache
def _take_by(dialect: str) -> Executable:
    """Built once: every attempt takes one as it begins, and building it took 0.3 ms, running it 0.04."""
    at, pace, latest, furthest = (
        bindparam(name, type_=BigInteger) for name in ("at", "pace", "latest", "furthest")
    )
    insert = insert_by(dialect, _THROTTLE).values(key=bindparam("who"), full_at=at + pace)
    counts = (_THROTTLE.c.full_at > at) & (_THROTTLE.c.full_at <= furthest)
    used = case((counts, _THROTTLE.c.full_at), else_=at) + pace
    upsert = insert.on_conflict_do_update(
        index_elements=["key"], set_={"full_at": used}, where=used <= latest
    )
    return upsert.returning(_THROTTLE.c.full_at)


def _key(throttle: Throttle, who: str) -> bytes:
    return hashlib.sha256(f"{throttle.name}:{who.lower()}".encode()).digest()


def _milliseconds(now: datetime) -> int:
    return int(now.timestamp() * 1000)
