"""An attempt begins once, with its pack, and only by a link that has a use left."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fitquiz.core.secrets.tickets import Ticket, open_ticket
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.attempts.beginning import (
    AttemptDeletedError,
    LinkUsedUpError,
    NewAttempt,
    begin_attempt,
)
from fitquiz.store.attempts.counsellor_links import change_link
from fitquiz.store.attempts.deletion import delete_attempt
from tests.core.support.shipped_packs import PACK
from tests.store.support.cast import (
    LATER,
    NOW,
    see,
)
from tests.store.support.sharing_cast import add_counsellor, add_link, see_link


def begin(session: Session, token: str, link_id: int = 0, is_again: bool = False) -> bool:
    new = NewAttempt(token, PACK, PACK.first_parts, Ticket(link_id=link_id), True, is_again)
    return begin_attempt(session, new, NOW, NOW.date())


def test_beginning_keeps_the_pack_and_starts_an_attempt(session: Session) -> None:
    assert begin(session, "Alice's token")
    attempt = see(session, hash_token("Alice's token"))
    assert (attempt.open_parts, attempt.may_improve) == (PACK.first_parts, True)
    assert open_ticket(attempt.ticket, "Alice's token") == Ticket()


def test_beginning_twice_with_one_token_begins_once(session: Session) -> None:
    assert begin(session, "Alice's token")
    assert not begin(session, "Alice's token")
    assert session.execute(text("SELECT count(*) FROM attempt")).scalar_one() == 1


def test_a_deleted_attempt_does_not_begin_again(session: Session) -> None:
    assert begin(session, "Alice's token")
    assert delete_attempt(session, hash_token("Alice's token"), LATER)
    with pytest.raises(AttemptDeletedError):
        begin(session, "Alice's token")


def test_beginning_again_takes_no_use_of_the_link(session: Session) -> None:
    carl = add_counsellor(session)
    link = add_link(session, carl, uses=2)
    assert begin(session, "Alice's token", link.id)
    assert begin(session, "Alice's next token", link.id, is_again=True)
    assert see_link(session, carl, link.id).started == 1


def test_beginning_again_by_a_closed_link_is_refused(session: Session) -> None:
    link = add_link(session, add_counsellor(session), uses=2)
    assert begin(session, "Alice's token", link.id)
    change_link(session, link, {"is_closed": True})
    with pytest.raises(LinkUsedUpError):
        begin(session, "Alice's next token", link.id, is_again=True)


def test_beginning_by_a_link_without_a_use_is_refused(session: Session) -> None:
    with pytest.raises(LinkUsedUpError):
        begin(session, "Alice's token", link_id=1)
