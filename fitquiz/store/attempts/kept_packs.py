"""Keeps the content of each pack that is used, so that later edits never change an old result."""

import json
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from fitquiz.core.pack_files.reading import read_pack
from fitquiz.core.packs import Pack
from fitquiz.store.engine.upserts import insert_into
from fitquiz.store.tables.attempt_tables import PackRow

RENEWED_AFTER = timedelta(hours=12)
"""The stored moment is renewed only after this time: writing the 60 KB takes 0.5 ms.

It must be well below a day, because a purge may delete unused packs that are older than a day.
"""
_PACK = PackRow.metadata.tables["pack"]
_SELECT_FRESH = select(_PACK.c.content_hash).where(
    _PACK.c.content_hash == bindparam("content"),
    _PACK.c.stored_at > bindparam("since"),
)


def keep_pack(session: Session, pack: Pack, now: datetime) -> None:
    """Store a pack's content, or renew its stored moment so that no purge deletes it."""
    wanted = {"content": pack.content_hash, "since": now - RENEWED_AFTER}
    is_fresh = session.execute(_SELECT_FRESH, wanted).first() is not None
    if is_fresh:
        return

    row = {
        "content_hash": pack.content_hash,
        "files": json.dumps(dict(pack.files), ensure_ascii=False),
        "stored_at": now,
    }
    statement = insert_into(session, PackRow).values(row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["content_hash"],
            set_={"stored_at": now},
        )
    )


def load_pack(session: Session, content_hash: str) -> Pack:
    """Return a stored pack. A foreign key keeps the pack of every attempt and campaign."""
    query = select(PackRow.files).where(PackRow.content_hash == content_hash)
    files = session.execute(query).scalar_one()
    return read_pack(json.loads(files))
