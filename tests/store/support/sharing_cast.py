"""What the tests of links and shares share: Carl's link, Alice's finished attempt, and terms of a share."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.attempts.attempts import Attempt
from fitquiz.store.attempts.counsellor_links import Link, NewLink, create_link, find_own_link
from fitquiz.store.attempts.shares import ADDED, Terms, add_share
from fitquiz.store.tables.staff_tables import StaffRow
from tests.core.support.shipped_packs import PACK
from tests.store.support.cast import ALICE, NOW, answer_and_send, start
from tests.store.support.ledger_cast import add_staff

TODAY = NOW.date()
UNTIL = NOW + timedelta(days=30)


def add_counsellor(session: Session, name: str = "Carl", permissions: str = "counsellor") -> int:
    """Store a counsellor and return the id."""
    staff_id = add_staff(session, name)
    session.execute(update(StaffRow).where(StaffRow.id == staff_id).values(permissions=permissions))
    return staff_id


def add_link(session: Session, owner_id: int, uses: int = 3, expires_on: date = TODAY) -> Link:
    """Store a link and return it."""
    seed = secrets.token_bytes(16)
    plan = NewLink(
        seed=seed,
        token_hash=hash_token(seed.hex()),
        code_hash=seed + seed,
        name="Autumn",
        note="",
        language="nb",
        uses=uses,
        expires_on=expires_on,
        pack_id=PACK.id,
    )
    link_id = create_link(session, owner_id, plan, NOW)
    assert link_id is not None
    return see_link(session, owner_id, link_id)


def see_link(session: Session, owner_id: int, link_id: int) -> Link:
    """Read a link. The link must exist."""
    link = find_own_link(session, owner_id, link_id)
    assert link is not None
    return link


def finish(session: Session, token_hash: bytes = ALICE) -> Attempt:
    """Store a finished attempt."""
    start(session, token_hash)
    return answer_and_send(session, token_hash)


def share(
    session: Session, attempt: Attempt, owner_id: int | None, now: datetime = NOW, **changes: Any
) -> int:
    """Share an attempt, and return the id of the new share."""
    usual: dict[str, Any] = {
        "owner_id": owner_id,
        "client": b"c" * 16,
        "name": "Kari",
        "has_answers": False,
        "parts": attempt.sent_parts,
        "expires_at": UNTIL,
    }
    terms = Terms(**(usual | changes))
    share_id, seed = secrets.randbits(62), secrets.token_bytes(16)
    assert (
        add_share(session, share_id, attempt.id, seed, hash_token(seed.hex()), terms, now) == ADDED
    )
    return share_id
