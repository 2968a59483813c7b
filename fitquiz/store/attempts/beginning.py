"""Functions that begin an attempt.

`begin_attempt` stores the pack and the row of the attempt. If a person begins for the first time
with a counsellor's link, `begin_attempt` also takes one use of the link.
"""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
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
from fitquiz.store.attempts.counsellor_links import may_begin_again, use_link
from fitquiz.store.attempts.deletion import find_receipt
from fitquiz.store.attempts.kept_packs import keep_pack
from fitquiz.store.engine.upserts import insert_by, name_dialect
from fitquiz.store.tables.attempt_tables import AttemptRow


class AttemptDeletedError(Exception):
    """The attempt of the token was deleted. The token cannot begin another attempt."""


class LinkUsedUpError(Exception):
    """The counsellor's link is used up, closed, expired or deleted."""


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """The values with which an attempt begins. The database stores only the hash of `token`.

    `is_again` is true if the respondent has begun an attempt with the same counsellor's link before.
    The attempt then takes no use of the link.
    """

    token: str
    pack: Pack
    parts: tuple[str, ...]
    ticket: Ticket = field(default_factory=Ticket)
    may_improve: bool = False
    is_again: bool = False


_ATTEMPT = AttemptRow.metadata.tables["attempt"]


_DELETED = AttemptRow.metadata.tables["deleted_attempt"]


def begin_attempt(
    session: Session, new: NewAttempt, now: datetime, today: date
) -> bool:
    """Store an attempt and its pack. Return False if the token already has an attempt.

    If the ticket contains the id of a counsellor's link, take one use of the link, unless
    `new.is_again` is true. Raise LinkUsedUpError if no attempt can begin with the link. Raise
    AttemptDeletedError if the attempt of the token was deleted. After an error, the caller must
    roll the session back.
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

    if new.ticket.link_id and not _use_link_of(new, session, today):
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
    """Store an attempt with `parts` as its open parts.

    Return False and store nothing if the token has an attempt or a receipt. On PostgreSQL, another
    transaction may delete the token's attempt while this function runs. The database may then
    contain a receipt and an attempt without answers, both with the same token.
    """
    row = {
        "token_hash": token_hash,
        "content_hash": content_hash,
        "may_improve": may_improve,
        "ticket": ticket,
        "open_parts": " ".join(parts),
        "sent_parts": "",
        "declined_parts": "",
        "started_at": now,
    }
    insert = _insert_attempt(name_dialect(session), tuple(row))
    return session.scalar(insert, row) is not None


def close_new_ticket(ticket: Ticket, token: str) -> bytes:
    """Encrypt a ticket with a random nonce, and return the bytes to store."""
    return close_ticket(ticket, token, secrets.token_bytes(NONCE_BYTES))


def _use_link_of(new: NewAttempt, session: Session, today: date) -> bool:
    link_id = new.ticket.link_id
    if new.is_again:
        return may_begin_again(session, link_id, today)
    return use_link(session, link_id, today)


@cache
def _insert_attempt(dialect: str, names: tuple[str, ...]) -> Executable:
    """Return the statement that inserts an attempt and returns its id.

    The statement inserts nothing if the token has an attempt or a receipt.
    """
    values = [bindparam(name, type_=_ATTEMPT.c[name].type) for name in names]
    was_deleted = exists().where(_DELETED.c.token_hash == bindparam("token_hash"))
    row = select(*values).where(~was_deleted)
    insert = insert_by(dialect, _ATTEMPT).from_select(names, row)
    insert_once = insert.on_conflict_do_nothing()
    return insert_once.returning(_ATTEMPT.c.id)
