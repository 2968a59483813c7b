"""Which secret key the database belongs to: noted by the first start, and changed on purpose only."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from fitquiz.store.engine.upserts import insert_into
from fitquiz.store.tables.campaign_tables import InvitationRow
from fitquiz.store.tables.key_tables import KeyFingerprintRow
from fitquiz.store.tables.sharing_tables import LinkRow
from fitquiz.store.tables.staff_tables import StaffRow

FindHashes = Callable[[bytes], tuple[bytes, bytes]]
"""Returns the hashes of the token and of the code that follow from a seed."""
_ONLY = 1
_AT_ONCE = 1000


def find_fingerprint(session: Session) -> bytes | None:
    """Return the fingerprint of the database's key; None if no server has started on it yet."""
    return session.scalar(
        select(KeyFingerprintRow.fingerprint).where(KeyFingerprintRow.id == _ONLY)
    )


def note_fingerprint(session: Session, fingerprint: bytes, now: datetime) -> bytes:
    """Note the key of the first server that starts; return the one that is noted then, whoever was first."""
    row = {"id": _ONLY, "fingerprint": fingerprint, "noted_at": now}
    session.execute(insert_into(session, KeyFingerprintRow).values(row).on_conflict_do_nothing())
    return find_fingerprint(session) or fingerprint


def replace_key(
    session: Session, fingerprint: bytes, find_hashes: FindHashes, now: datetime
) -> int:
    """Let the database belong to another key from now on; return how many invitations and links were made anew.

    What is shown of an invitation or a link follows from its seed and the key, so it must be found by that again.
    """
    row = {"id": _ONLY, "fingerprint": fingerprint, "noted_at": now}
    insert = insert_into(session, KeyFingerprintRow).values(row)
    session.execute(insert.on_conflict_do_update(index_elements=["id"], set_=row))
    return _find_anew(session, InvitationRow, find_hashes) + _find_anew(
        session, LinkRow, find_hashes
    )


def list_with_app(session: Session) -> list[str]:
    """Return the e-mail addresses of those who sign in with an authenticator app, which knows the old key alone."""
    query = select(StaffRow.email).where(StaffRow.totp_seed.is_not(None), ~StaffRow.is_disabled)
    return list(session.scalars(query.order_by(StaffRow.email)))


def _find_anew(
    session: Session, table: type[InvitationRow] | type[LinkRow], find_hashes: FindHashes
) -> int:
    change = update(table.__table__).where(table.id == bindparam("of"))  # type: ignore[arg-type]  # a Table, in fact
    done, last = 0, 0
    query = select(table.id, table.seed).order_by(table.id).limit(_AT_ONCE)
    while rows := session.execute(query.where(table.id > last)).all():
        hashes = [(row.id, *find_hashes(row.seed)) for row in rows]
        values = [
            {"of": each, "token_hash": token, "code_hash": code} for each, token, code in hashes
        ]
        session.execute(
            change.values(token_hash=bindparam("token_hash"), code_hash=bindparam("code_hash")),
            values,
        )
        done, last = done + len(rows), rows[-1].id
    return done
