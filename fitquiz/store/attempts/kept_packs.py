"""Functions that store and read the content of used packs.

Results are computed from the stored content. Therefore an edit of a pack's files does not change
the results of earlier attempts.
"""

import json
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from fitquiz.core.pack_files.reading import read_pack
from fitquiz.core.packs import Pack
from fitquiz.store.engine.upserts import insert_into
from fitquiz.store.tables.attempt_tables import PackRow

RENEWED_AFTER = timedelta(hours=12)
"""The age of `stored_at` after which `keep_pack` renews `stored_at`.

`keep_pack` does not renew more often, because the statement contains the whole pack of about 60 KB.

RENEWED_AFTER must be well below one day. If no attempt and no campaign uses a pack, housekeeping
may delete the pack as early as one day after `stored_at`. Without the renewal, housekeeping could
delete a pack that `keep_pack` has just found, before the new attempt refers to the pack.
"""
_PACK = PackRow.metadata.tables["pack"]
_SELECT_FRESH = select(_PACK.c.content_hash).where(
    _PACK.c.content_hash == bindparam("content"),
    _PACK.c.stored_at > bindparam("since"),
)


def keep_pack(session: Session, pack: Pack, now: datetime) -> None:
    """Store the content of a pack. If the content is already stored, renew its `stored_at`.

    Renew `stored_at` only if the stored moment is at least RENEWED_AFTER ago. Housekeeping does not
    delete a pack with a recent `stored_at`.
    """
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
    """Return the stored pack of an attempt or a campaign.

    This pack is always stored, because a foreign key prevents its deletion.
    """
    query = select(PackRow.files).where(PackRow.content_hash == content_hash)
    files = session.execute(query).scalar_one()
    return read_pack(json.loads(files))
