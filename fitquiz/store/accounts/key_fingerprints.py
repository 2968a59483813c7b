"""The key fingerprint: a hash of the server's secret key, stored in the database.

The first server that uses a database stores the fingerprint of the server's secret key in the
database. Later, only the commands `fitquiz key replace` and `fitquiz restore` change the stored key
fingerprint.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from fitquiz.store.engine.upserts import insert_into
from fitquiz.store.tables.campaign_tables import InvitationRow
from fitquiz.store.tables.key_tables import KeyFingerprintRow
from fitquiz.store.tables.sharing_tables import LinkRow

FindHashes = Callable[[bytes], tuple[bytes, bytes]]
"""A function that takes the seed of a link and returns the hashes of the token and the short code.

The seed consists of random bytes in the row of the link. The token and the short code are derived
from the seed and the secret key. A link is an invitation or a counsellor's link.
"""

_ONLY_ID = 1
_CHUNK_ROWS = 1000


def find_fingerprint(session: Session) -> bytes | None:
    """Return the stored key fingerprint, or None if no server has used the database."""
    is_only = KeyFingerprintRow.id == _ONLY_ID
    return session.scalar(select(KeyFingerprintRow.fingerprint).where(is_only))


def note_fingerprint(session: Session, fingerprint: bytes, now: datetime) -> bytes:
    """Store `fingerprint` if the database contains no key fingerprint.

    Return the key fingerprint that the database then contains. If two servers start at the same
    time, both servers get the fingerprint that was stored first.
    """
    row = {"id": _ONLY_ID, "fingerprint": fingerprint, "noted_at": now}
    add = insert_into(session, KeyFingerprintRow).values(row)
    session.execute(add.on_conflict_do_nothing())
    return find_fingerprint(session) or fingerprint


def replace_key(
    session: Session,
    fingerprint: bytes,
    find_hashes: FindHashes,
    now: datetime,
) -> int:
    """Replace the key fingerprint, and the hashes of all invitations and counsellors' links.

    The hashes depend on the secret key. Return the number of all invitations and counsellors'
    links.
    """
    row = {"id": _ONLY_ID, "fingerprint": fingerprint, "noted_at": now}
    add = insert_into(session, KeyFingerprintRow).values(row)
    replace = add.on_conflict_do_update(index_elements=["id"], set_=row)
    session.execute(replace)

    invitations = _replace_hashes(session, InvitationRow, find_hashes)
    links = _replace_hashes(session, LinkRow, find_hashes)
    return invitations + links


def _replace_hashes(
    session: Session,
    table: type[InvitationRow] | type[LinkRow],
    find_hashes: FindHashes,
) -> int:
    """Replace the token hash and the code hash in all rows, and return the number of rows."""
    query = select(table.id, table.seed).order_by(table.id).limit(_CHUNK_ROWS)
    change = (
        update(table.__table__)  # type: ignore[arg-type]  # the attribute is a Table
        .where(table.id == bindparam("row_id"))
        .values(token_hash=bindparam("token_hash"), code_hash=bindparam("code_hash"))
    )

    count = 0
    last_id = 0
    while rows := session.execute(query.where(table.id > last_id)).all():
        changes = []
        for row in rows:
            token_hash, code_hash = find_hashes(row.seed)
            changes.append(
                {"row_id": row.id, "token_hash": token_hash, "code_hash": code_hash}
            )
        session.execute(change, changes)
        count += len(rows)
        last_id = rows[-1].id
    return count
