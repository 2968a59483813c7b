"""Shares: a respondent's permission to see a result, for a counsellor or for whoever has a link; stopped at once.

Nothing of a result is stored here. It is worked out of the attempt each time, so that what is deleted is shown nowhere.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.orm import Session

from fitquiz.store.engine.paging import PAGE
from fitquiz.store.engine.row_count import change_rows
from fitquiz.store.engine.upserts import Executor, insert_into
from fitquiz.store.tables.attempt_tables import AttemptRow
from fitquiz.store.tables.sharing_tables import ShareRow

MOST_SHARES = 20
"""As many may see a result at once."""
ADDED, FULL, STOPPED, CHANGED, GONE = "added", "full", "stopped", "changed", "gone"
"""What comes of sharing: it is shared; too many see it already; this very form has been used, and what it shared has
been stopped; the attempt has changed since it was read; the attempt has been deleted."""
KEPT_TO_SAY_SO = timedelta(days=30)
"""For how long after its last day a share is kept, only to say that the result is no longer shared."""
ID_BITS = 62
"""Ids are random, so that nobody can tell from them how many others share, or when."""
_NOTHING = {"attempt_id": None, "name": "", "client": b"", "parts": "", "seed": b""}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a respondent chooses: for which counsellor (None: whoever has the link), under which name, how much of it.

    `client` is what the shares of one person with one counsellor have in common; the result rests on `parts`.
    """

    owner_id: int | None
    client: bytes
    name: str
    has_answers: bool
    parts: tuple[str, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """A share as it stands. Without an attempt it has been stopped, or the attempt is deleted.

    `content_hash` and `finished_at` are the attempt's: which pack, and when it was taken.
    """

    id: int
    attempt_id: int | None
    owner_id: int | None
    client: bytes
    seed: bytes
    name: str
    has_answers: bool
    parts: tuple[str, ...]
    opened: int
    shared_at: datetime
    expires_at: datetime
    content_hash: str | None
    finished_at: datetime | None

    def is_live(self, now: datetime) -> bool:
        """Whether it still lets anybody see anything."""
        return self.attempt_id is not None and now < self.expires_at


_OF_ATTEMPT = ("content_hash", "finished_at")
_COLUMNS = [
    getattr(AttemptRow if name in _OF_ATTEMPT else ShareRow, name) for name in Share.__slots__
]
_SHARE = ShareRow.metadata.tables["share"]
_LIVE_OF = select(func.count()).where(
    _SHARE.c.attempt_id == bindparam("attempt"), _SHARE.c.expires_at > bindparam("now")
)
_SHARES = select(*_COLUMNS).outerjoin(AttemptRow, AttemptRow.id == ShareRow.attempt_id)


def add_share(
    session: Session,
    share_id: int,
    attempt_id: int,
    seed: bytes,
    token_hash: bytes,
    terms: Terms,
    now: datetime,
) -> str:
    """Store a share and return what came of it: ADDED, or why it is not shared.

    Sharing with the same counsellor again changes the terms of that share; the same form sent twice makes one share.
    """
    held = select(AttemptRow.sent_parts).where(AttemptRow.id == attempt_id).with_for_update()
    sent_parts = session.scalar(held)
    if sent_parts != " ".join(terms.parts):
        return GONE if sent_parts is None else CHANGED
    if known := _find(session, ShareRow.token_hash == token_hash):
        return ADDED if known.is_live(now) else STOPPED
    others = [each.owner_id for each in list_shares_of(session, [attempt_id], now)]
    if len(others) >= MOST_SHARES and (terms.owner_id is None or terms.owner_id not in others):
        return FULL
    chosen = {name: getattr(terms, name) for name in Terms.__slots__} | {
        "parts": " ".join(terms.parts)
    }
    row = chosen | {
        "id": share_id,
        "attempt_id": attempt_id,
        "seed": seed,
        "token_hash": token_hash,
    }
    insert = insert_into(session, ShareRow).values(row | {"opened": 0, "shared_at": now})
    renewed = chosen | {"seed": seed, "token_hash": token_hash, "shared_at": now}
    session.execute(
        insert.on_conflict_do_update(index_elements=["attempt_id", "owner_id"], set_=renewed)
    )
    return ADDED


def list_shares_of(session: Session, attempt_ids: Collection[int], now: datetime) -> list[Share]:
    """Return the live shares of these attempts, the newest first."""
    return _list(session, ShareRow.attempt_id.in_(attempt_ids), now) if attempt_ids else []


def count_shares_of(asked: Executor, attempt_id: int, now: datetime) -> int:
    """Return how many live shares an attempt has."""
    return asked.execute(_LIVE_OF, {"attempt": attempt_id, "now": now}).scalar_one()


def list_own_shares(session: Session, owner_id: int, now: datetime, page: int = 0) -> list[Share]:
    """Return what the people of a page share with a counsellor at this moment, and one more of them; the newest first.

    People, not shares, fill a page: each person's shares stand together, where the newest of them belongs.
    """
    is_own = _is_shared_with(owner_id)
    people = (
        select(ShareRow.client).where(is_own, ShareRow.expires_at > now).group_by(ShareRow.client)
    )
    newest_first = people.order_by(func.max(ShareRow.shared_at).desc(), ShareRow.client)
    found = session.scalars(newest_first.limit(PAGE + 1).offset(page * PAGE)).all()
    shares = _list(session, is_own & ShareRow.client.in_(found), now) if found else []
    return sorted(shares, key=lambda share: found.index(share.client))


def list_shared_hashes(session: Session, owner_id: int | None) -> list[str]:
    """Return the packs of what is shared with a counsellor, each once."""
    packs = select(AttemptRow.content_hash).join(ShareRow, ShareRow.attempt_id == AttemptRow.id)
    return list(session.scalars(packs.where(_is_shared_with(owner_id)).distinct()))


def list_beside(
    session: Session, share: Share, content_hashes: Collection[str], now: datetime
) -> list[Share]:
    """Return what else of these packs is shared with a counsellor: all by the same person, the newest by others."""
    is_of_them = AttemptRow.content_hash.in_(content_hashes)
    others = _is_shared_with(share.owner_id) & (ShareRow.id != share.id) & is_of_them
    is_same = ShareRow.client == share.client
    return _list(session, others & is_same, now) + _list(session, others & ~is_same, now, PAGE)


def find_own_share(session: Session, owner_id: int, share_id: int) -> Share | None:
    """Return a counsellor's share, live or not; None for another's as for one that is not there."""
    return _find(session, (ShareRow.id == share_id) & (ShareRow.owner_id == owner_id))


def find_share(session: Session, token_hash: bytes) -> Share | None:
    """Return the share of a token, live or not; a counsellor's has none that anybody knows."""
    return _find(session, (ShareRow.token_hash == token_hash) & ShareRow.owner_id.is_(None))


def note_opened(session: Session, share: Share, now: datetime) -> bool:
    """Count one opening; False if it is not shared (any more)."""
    live = (
        (ShareRow.id == share.id) & ShareRow.attempt_id.is_not(None) & (ShareRow.expires_at > now)
    )
    opened = update(ShareRow).where(live).values(opened=ShareRow.opened + 1)
    return session.scalar(opened.returning(ShareRow.id)) is not None


def stop_share(session: Session, attempt_id: int, share_id: int) -> bool:
    """Stop a share of an attempt; False if it has none of that id."""
    stopped = update(ShareRow).where(ShareRow.id == share_id, ShareRow.attempt_id == attempt_id)
    return session.scalar(stopped.values(**_NOTHING).returning(ShareRow.id)) is not None


def stop_all_shares(session: Session, attempt_id: int) -> None:
    """Stop every share of an attempt that is about to be deleted."""
    session.execute(update(ShareRow).where(ShareRow.attempt_id == attempt_id).values(**_NOTHING))


def stop_shares_of(session: Session, attempt_ids: Sequence[int]) -> None:
    """Stop every share of attempts that are about to be purged."""
    session.execute(update(ShareRow).where(ShareRow.attempt_id.in_(attempt_ids)).values(**_NOTHING))


def purge_shares(session: Session, now: datetime, most: int) -> int:
    """Wipe shares whose time is over, and delete those that are so old that nobody asks; return how many it was.

    What is wiped stays over, even if the clock is turned back. No more than so many are wiped and deleted.
    """
    is_over = ShareRow.attempt_id.is_not(None) & (ShareRow.expires_at < now)
    is_forgotten = ShareRow.expires_at < now - KEPT_TO_SAY_SO
    wiped = (
        update(ShareRow).where(is_over, ShareRow.id.in_(_some(is_over, most))).values(**_NOTHING)
    )
    changed = change_rows(session, wiped)
    if changed < most:
        forgotten = delete(ShareRow).where(
            is_forgotten, ShareRow.id.in_(_some(is_forgotten, most - changed))
        )
        changed += change_rows(session, forgotten)
    return changed


def _some(which: ColumnElement[bool], most: int) -> Select[int]:
    return select(ShareRow.id).where(which).limit(most)


def _is_shared_with(owner_id: int | None) -> ColumnElement[bool]:
    return (ShareRow.owner_id == owner_id) & ShareRow.attempt_id.is_not(None)


def _list(
    session: Session, which: ColumnElement[bool], now: datetime, most: int | None = None
) -> list[Share]:
    query = _SHARES.where(which, ShareRow.expires_at > now).limit(most)
    newest_first = query.order_by(ShareRow.shared_at.desc(), ShareRow.id)
    return [_read(row) for row in session.execute(newest_first).mappings()]


def _find(session: Session, which: ColumnElement[bool]) -> Share | None:
    row = session.execute(_SHARES.where(which)).mappings().one_or_none()
    return _read(row) if row else None


def _read(row: RowMapping) -> Share:
    return Share(**(dict(row) | {"parts": tuple(row["parts"].split())}))
