"""Keeps the content of each pack that somebody started with, so that editing the files never changes an old result."""

import json
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from fitquiz.core.pack_files.reading import read_pack
from fitquiz.core.packs import Pack
from fitquiz.store.engine.upserts import insert_into
from fitquiz.store.tables.attempt_tables import PackRow

RENEWED_AFTER = timedelta(hours=12)
"""Before a purge, which leaves what is younger than a day; the content weighs 60 KB, and writing it took 0.5 ms."""
_PACK = PackRow.metadata.tables["pack"]
_FRESH = select(_PACK.c.content_hash).where(
    _PACK.c.content_hash == bindparam("content"), _PACK.c.stored_at > bindparam("since")
)


def keep_pack(session: Session, pack: Pack, now: datetime) -> None:
    """Store a pack's content unless it is there already; its moment is renewed in time, so that no purge takes it."""
    if session.execute(
        _FRESH, {"content": pack.content_hash, "since": now - RENEWED_AFTER}
    ).first():
        return
    row = {
        "content_hash": pack.content_hash,
        "files": json.dumps(dict(pack.files), ensure_ascii=False),
        "stored_at": now,
    }
    insert = insert_into(session, PackRow).values(row)
    session.execute(
        insert.on_conflict_do_update(index_elements=["content_hash"], set_={"stored_at": now})
    )


def load_pack(session: Session, content_hash: str) -> Pack:
    """Return a kept pack; every attempt's pack is kept, by a foreign key."""
    return read_pack(
        json.loads(
            session.execute(select(PackRow.files).filter_by(content_hash=content_hash)).scalar_one()
        )
    )
