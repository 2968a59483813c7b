"""Shares. One counsellor, or everybody who has the link of the share, can see the shared result.

A share contains no result. Whenever somebody opens the share, the result is computed from the
attempt. A share is live until it is stopped or expires. A share that is not live has ended.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    and_,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.orm import Session

from fitquiz.store.attempts.share_confirmations import is_since_reset
from fitquiz.store.engine.field_names import list_fields
from fitquiz.store.engine.paging import PAGE
from fitquiz.store.engine.upserts import Executor, insert_into
from fitquiz.store.tables.attempt_tables import AttemptRow
from fitquiz.store.tables.sharing_tables import ShareRow

MAX_SHARES = 20
"""The largest number of live shares of one attempt."""

# The values that `add_share` returns:
ADDED = "added"
FULL = "full"
"""The attempt has MAX_SHARES live shares."""
STOPPED = "stopped"
"""The same form has already stored a share, and this share has ended."""
CHANGED = "changed"
"""The sent parts of the attempt differ from `Terms.parts`."""
GONE = "gone"
"""The attempt was deleted."""

ID_BITS = 62
"""The number of random bits in a share's id. Random ids do not reveal how many shares exist."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The values that a respondent chooses for a share.

    `owner_id` is the counsellor's account id, or None if the share is for everybody with the link.
    Two shares with the same `client` are from one respondent. The shared result is computed from
    the answers of `parts`. If `has_answers` is true, the share also shows these answers.
    If `has_jobs` is true, the share also shows the job ratings.
    """

    owner_id: int | None
    client: bytes
    name: str
    has_answers: bool
    parts: tuple[str, ...]
    expires_at: datetime
    has_jobs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Terms):
    """A stored share.

    `content_hash` identifies the pack of the attempt. `finished_at` is the moment when the attempt
    was first sent. If the share was stopped, `content_hash`, `finished_at` and `attempt_id` are
    None.
    """

    id: int
    attempt_id: int | None
    seed: bytes
    opened: int
    shared_at: datetime
    content_hash: str | None
    finished_at: datetime | None

    def is_live(self, now: datetime) -> bool:
        """Return whether the share has an attempt and has not expired."""
        return self.attempt_id is not None and now < self.expires_at


_SHARE = ShareRow.metadata.tables["share"]
_COUNT_LIVE = select(func.count()).where(
    _SHARE.c.attempt_id == bindparam("attempt"),
    _SHARE.c.expires_at > bindparam("now"),
)
_OF_ATTEMPT = ("content_hash", "finished_at")
_SELECT_SHARES = select(
    *[_SHARE.c[name] for name in list_fields(Share) if name not in _OF_ATTEMPT],
    *[AttemptRow.__table__.c[name] for name in _OF_ATTEMPT],
).outerjoin(AttemptRow, AttemptRow.id == ShareRow.attempt_id)


def add_share(
    session: Session,
    share_id: int,
    attempt_id: int,
    share_seed: bytes,
    share_token_hash: bytes,
    terms: Terms,
    now: datetime,
) -> str:
    """Store a share and return ADDED. Return FULL, STOPPED, CHANGED or GONE if no share is stored.

    If the counsellor already has a share of the attempt, replace the terms and the token of this
    share. If the same form is sent twice, both calls have the same token, and only one share is
    stored.
    """
    query = select(AttemptRow.sent_parts).where(AttemptRow.id == attempt_id)
    sent_parts = session.scalar(query.with_for_update())
    if sent_parts is None:
        return GONE
    if sent_parts != " ".join(terms.parts):
        return CHANGED

    earlier = _find(session, ShareRow.token_hash == share_token_hash)
    if earlier is not None:
        return ADDED if earlier.is_live(now) else STOPPED

    live_shares = list_shares_of(session, [attempt_id], now)
    owner_ids = [share.owner_id for share in live_shares]
    replaces_one = terms.owner_id is not None and terms.owner_id in owner_ids
    if len(live_shares) >= MAX_SHARES and not replaces_one:
        return FULL

    terms_and_token = {name: getattr(terms, name) for name in list_fields(Terms)}
    terms_and_token |= {
        "parts": " ".join(terms.parts),
        "seed": share_seed,
        "token_hash": share_token_hash,
        "shared_at": now,
    }
    new_row = terms_and_token | {"id": share_id, "attempt_id": attempt_id, "opened": 0}
    statement = insert_into(session, ShareRow).values(new_row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["attempt_id", "owner_id"],
            set_=terms_and_token,
        )
    )
    return ADDED


def list_shares_of(
    session: Session, attempt_ids: Collection[int], now: datetime
) -> list[Share]:
    """Return the live shares of these attempts, the newest share first."""
    if not attempt_ids:
        return []
    return _list_unexpired(session, ShareRow.attempt_id.in_(attempt_ids), now)


def count_shares_of(executor: Executor, attempt_id: int, now: datetime) -> int:
    """Return the number of live shares of an attempt."""
    values = {"attempt": attempt_id, "now": now}
    result = executor.execute(_COUNT_LIVE, values)
    return result.scalar_one()


def list_own_shares(
    session: Session, owner_id: int, now: datetime, page: int = 0
) -> list[Share]:
    """Return a counsellor's live shares for one page of clients.

    The shares are grouped by client. The client with the newest share comes first. If a next page
    exists, the list also contains the shares of the first client of the next page.
    """
    is_own = _is_shared_with(owner_id)
    clients_query = (
        select(ShareRow.client)
        .where(is_own, ShareRow.expires_at > now)
        .group_by(ShareRow.client)
        .order_by(func.max(ShareRow.shared_at).desc(), ShareRow.client)
        .limit(PAGE + 1)
        .offset(page * PAGE)
    )
    clients = session.scalars(clients_query).all()
    if not clients:
        return []

    is_of_page = ShareRow.client.in_(clients)
    shares = _list_unexpired(session, is_own & is_of_page, now)
    return sorted(shares, key=lambda share: clients.index(share.client))


def list_shared_hashes(session: Session, owner_id: int | None) -> list[str]:
    """Return the content hashes of the packs of a counsellor's shares. Ignore stopped shares."""
    query = (
        select(AttemptRow.content_hash)
        .join(ShareRow, ShareRow.attempt_id == AttemptRow.id)
        .where(_is_shared_with(owner_id))
        .distinct()
    )
    return list(session.scalars(query))


def list_comparable_shares(
    session: Session,
    share: Share,
    content_hashes: Collection[str],
    now: datetime,
) -> list[Share]:
    """Return the other live shares of the counsellor of `share`.

    The result contains only shares of the packs in `content_hashes`. All shares by the client of
    `share` come first. The newest PAGE shares by other clients follow.
    """
    is_candidate = and_(
        _is_shared_with(share.owner_id),
        ShareRow.id != share.id,
        AttemptRow.content_hash.in_(content_hashes),
    )
    is_same_client = ShareRow.client == share.client
    of_client = _list_unexpired(session, is_candidate & is_same_client, now)
    of_others = _list_unexpired(session, is_candidate & ~is_same_client, now, PAGE)
    return of_client + of_others


def find_own_share(session: Session, owner_id: int, share_id: int) -> Share | None:
    """Return a live or ended share of a counsellor, or None if the counsellor has no such share.

    Also return None if the account was reset after the share, and the client has not confirmed it.
    """
    is_own = and_(
        ShareRow.id == share_id,
        ShareRow.owner_id == owner_id,
        is_since_reset(owner_id),
    )
    return _find(session, is_own)


def find_share(session: Session, share_token_hash: bytes) -> Share | None:
    """Return the live or ended share with this token.

    Return None if the share is for a counsellor.
    """
    has_token = and_(
        ShareRow.token_hash == share_token_hash,
        ShareRow.owner_id.is_(None),
    )
    return _find(session, has_token)


def note_opened(session: Session, share: Share, now: datetime) -> bool:
    """Add 1 to `opened` of a share. Return False and add nothing if the share has ended."""
    statement = (
        update(ShareRow)
        .where(
            ShareRow.id == share.id,
            ShareRow.attempt_id.is_not(None),
            ShareRow.expires_at > now,
        )
        .values(opened=ShareRow.opened + 1)
        .returning(ShareRow.id)
    )
    return session.scalar(statement) is not None


def _is_shared_with(owner_id: int | None) -> ColumnElement[bool]:
    return and_(
        ShareRow.owner_id == owner_id,
        ShareRow.attempt_id.is_not(None),
        is_since_reset(owner_id),
    )


def _list_unexpired(
    session: Session,
    condition: ColumnElement[bool],
    now: datetime,
    max_rows: int | None = None,
) -> list[Share]:
    """Return the unexpired shares that fulfil `condition`, the newest share first."""
    query = (
        _SELECT_SHARES.where(condition, ShareRow.expires_at > now)
        .order_by(ShareRow.shared_at.desc(), ShareRow.id)
        .limit(max_rows)
    )
    rows = session.execute(query).mappings()
    return [_read(row) for row in rows]


def _find(session: Session, condition: ColumnElement[bool]) -> Share | None:
    row = session.execute(_SELECT_SHARES.where(condition)).mappings().one_or_none()
    if row is None:
        return None
    return _read(row)


def _read(row: RowMapping) -> Share:
    values = dict(row)
    values["parts"] = tuple(row["parts"].split())
    return Share(**values)
