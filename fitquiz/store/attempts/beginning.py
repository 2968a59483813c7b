"""Begins an attempt: its pack, its row, and one use of the counsellor's link that it came by."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from sqlalchemy import (
    Executable,
    bindparam,
    exists,
    select,
)
from sqlalchemy.orm import Session

from fitquiz.core.packs import Pack
from fitquiz.core.secrets.tickets import NONCE_BYTES, Ticket, close_ticket
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.attempts.counsellor_links import use_link
from fitquiz.store.attempts.deletion import find_receipt
from fitquiz.store.attempts.kept_packs import keep_pack
from fitquiz.store.engine.upserts import insert_by, name_dialect
from fitquiz.store.tables.attempt_tables import AttemptRow


class AttemptDeletedError(Exception):
    """The token's attempt has been deleted. It cannot begin again."""


class LinkUsedUpError(Exception):
    """The counsellor's link has no use left, or is closed or expired."""


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """What an attempt begins with. The database stores only the hash of its token."""

    token: str
    pack: Pack
    parts: tuple[str, ...]
    ticket: Ticket = field(default_factory=Ticket)
    may_improve: bool = False


_ATTEMPT = AttemptRow.metadata.tables["attempt"]


_DELETED = AttemptRow.metadata.tables["deleted_attempt"]


def begin_attempt(session: Session, new: NewAttempt, now: datetime) -> bool:
    """Begin an attempt; False if this token has begun one already, so nothing changes.

    An attempt that came by a counsellor's link takes one use of the link. Raise LinkUsedUpError
    if there is no use left, and AttemptDeletedError if the token's attempt was deleted.
    """
    token_hash = hash_token(new.token)
    keep_pack(session, new.pack, now)
    is_new = start_attempt(
        session,
        token_hash,
        new.pack.content_hash,
        new.parts,
        new.may_improve,
        now,
        close_new_ticket(new.ticket, new.token),
    )

    if not is_new:
        if find_receipt(session, token_hash):
            raise AttemptDeletedError
        return False

    if new.ticket.link_id and not use_link(session, new.ticket.link_id, now.date()):
        raise LinkUsedUpError
    return True


def start_attempt(
    session: Session,
    token_hash: bytes,
    content_hash: str,
    parts: tuple[str, ...],
    may_improve: bool,
    now: datetime,
    ticket: bytes | None = None,
) -> bool:
    """Store a new attempt with its first parts open; False if its token is or was in use.

    On PostgreSQL a deletion that commits meanwhile may leave an empty attempt beside its receipt.
    """
    row = {
        "token_hash": token_hash,
        "content_hash": content_hash,
        "may_improve": may_improve,
        "ticket": ticket,
        "open_parts": " ".join(parts),
        "sent_parts": "",
        "started_at": now,
    }
    insert = _insert_attempt(name_dialect(session), tuple(row))
    return session.scalar(insert, row) is not None


def close_new_ticket(ticket: Ticket, token: str) -> bytes:
    """Return a ticket as it is stored, with a fresh nonce."""
    return close_ticket(ticket, token, secrets.token_bytes(NONCE_BYTES))


@cache
def _insert_attempt(dialect: str, names: tuple[str, ...]) -> Executable:
    """Insert an attempt unless its token has a receipt or an attempt; return the new id."""
    values = [bindparam(name, type_=_ATTEMPT.c[name].type) for name in names]
    was_deleted = exists().where(_DELETED.c.token_hash == bindparam("token_hash"))
    row = select(*values).where(~was_deleted)
    insert = insert_by(dialect, _ATTEMPT).from_select(names, row)
    insert_once = insert.on_conflict_do_nothing()
    return insert_once.returning(_ATTEMPT.c.id)
