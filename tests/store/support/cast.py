"""What the tests of the store share: Alice's token, the shipped pack, one time, and transactions."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.attempts.answers import record_answer
from fitquiz.store.attempts.attempts import Attempt, find_attempt, send_parts
from fitquiz.store.attempts.beginning import start_attempt
from fitquiz.store.attempts.kept_packs import keep_pack
from fitquiz.store.engine.database import Database
from tests.core.support.shipped_packs import PACK

NewUrl = Callable[[], str]
OpenNew = Callable[[str], Database]
NOW = datetime(2026, 3, 2, 9, 30, 15, 250_000, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
ALICE, MALLORY = hash_token("Alice's token"), hash_token("Mallory's token")


FIRST, SECOND, THIRD, *_ = (item.id for item in PACK.items_of(PACK.first_parts))


@contextmanager
def writing(database: Database) -> Iterator[Session]:
    """Open a write transaction in the same way as a page."""
    with database.write_transaction() as session:
        yield session


@contextmanager
def reading(database: Database) -> Iterator[Session]:
    """Open a session that only reads."""
    with database.sessions() as session:
        yield session


def start(session: Session, token_hash: bytes = ALICE, started_at: datetime = NOW) -> Attempt:
    """Start an attempt at the shipped pack and return it."""
    keep_pack(session, PACK, started_at)
    start_attempt(session, token_hash, PACK.content_hash, PACK.first_parts, True, started_at)
    return see(session, token_hash)


def see(session: Session, token_hash: bytes = ALICE) -> Attempt:
    """Read an attempt. The attempt must exist."""
    attempt = find_attempt(session, token_hash)
    assert attempt is not None
    return attempt


def answer_and_send(
    session: Session, token_hash: bytes = ALICE, sent_at: datetime = NOW
) -> Attempt:
    """Answer one item of a started attempt, send its parts and return it."""
    assert record_answer(session, see(session, token_hash), FIRST, 3, sent_at)
    assert send_parts(session, see(session, token_hash), sent_at)
    return see(session, token_hash)


@contextmanager
def noting_statements(database: Database) -> Iterator[list[str]]:
    """Collect the texts of the SQL statements that run in the `with` block."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


def assert_waits(future: Future[Any]) -> None:
    """Check that a thread still waits after a short time."""
    with pytest.raises(TimeoutError):
        future.result(timeout=0.3)
