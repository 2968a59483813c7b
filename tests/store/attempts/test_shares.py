"""A share is seen by its counsellor or by its link until it ends. A stopped one keeps no personal data."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.attempts.attempts import find_shared_attempt, reopen_parts
from fitquiz.store.attempts.deletion import delete_attempt
from fitquiz.store.attempts.shares import (
    ADDED,
    CHANGED,
    GONE,
    STOPPED,
    Share,
    Terms,
    add_share,
    find_own_share,
    find_share,
    list_own_shares,
    list_shares_of,
    note_opened,
)
from fitquiz.store.attempts.stopping_shares import stop_share
from fitquiz.store.engine.database import Database
from fitquiz.store.tables.sharing_tables import ShareRow
from fitquiz.store.upkeep.retention import purge
from tests.store.support.cast import ALICE, MALLORY, NOW, see, writing
from tests.store.support.sharing_cast import UNTIL, add_counsellor, finish, share

MOMENT, DAY = timedelta(microseconds=1), timedelta(days=1)


def only(session: Session, owner_id: int) -> Share:
    (found,) = list_own_shares(session, owner_id, NOW)
    return found


def test_a_share_leads_the_counsellor_to_the_attempt(session: Session) -> None:
    carl, attempt = add_counsellor(session), finish(session)
    share_id = share(session, attempt, carl)
    found = only(session, carl)
    assert (found.id, found.name, found.parts, found.opened) == (
        share_id,
        "Kari",
        attempt.sent_parts,
        0,
    )
    assert found == find_own_share(session, carl, share_id)
    assert found.attempt_id is not None
    assert find_shared_attempt(session, found.attempt_id) == see(session)


def test_anothers_share_is_as_one_that_is_not_there(session: Session) -> None:
    carl, other = add_counsellor(session), add_counsellor(session, "Cora")
    share_id = share(session, finish(session), carl)
    assert find_own_share(session, other, share_id) is None
    assert find_own_share(session, carl, share_id + 1) is None
    assert list_own_shares(session, other, NOW) == []


def test_a_share_of_ones_own_is_found_by_its_token_alone(session: Session) -> None:
    carl, attempt = add_counsellor(session), finish(session)
    share(session, attempt, None)
    share(session, attempt, carl)
    rows = {
        row.owner_id: row.token_hash
        for row in session.execute(select(ShareRow.owner_id, ShareRow.token_hash))
    }
    found = find_share(session, rows[None])
    assert found is not None
    assert found.owner_id is None
    assert find_share(session, rows[carl]) is None
    assert [each.owner_id for each in list_own_shares(session, carl, NOW)] == [carl]


def test_sharing_again_with_a_counsellor_changes_the_share_that_there_is(session: Session) -> None:
    carl, attempt = add_counsellor(session), finish(session)
    first = share(session, attempt, carl)
    note_opened(session, only(session, carl), NOW)
    share(
        session, attempt, carl, now=NOW + DAY, name="K.", has_answers=True, expires_at=UNTIL + DAY
    )
    found = only(session, carl)
    assert (found.id, found.opened, found.name, found.has_answers) == (first, 1, "K.", True)
    assert (found.expires_at, found.shared_at) == (UNTIL + DAY, NOW + DAY)


def test_the_same_form_sent_twice_at_once_makes_one_share(database: Database) -> None:
    with writing(database) as session:
        carl, attempt = add_counsellor(session), finish(session)
    for owner_id, count in ((carl, 1), (None, 2)):
        terms = Terms(owner_id, b"c" * 16, "Kari", False, attempt.sent_parts, UNTIL)
        seed = bytes([count] * 16)

        def send(number: int, terms: Terms = terms, seed: bytes = seed) -> str:
            with writing(database) as one:
                return add_share(one, number, attempt.id, seed, hash_token(seed.hex()), terms, NOW)

        with ThreadPoolExecutor(4) as threads:
            assert set(threads.map(send, range(count * 10, count * 10 + 4))) == {ADDED}
        with writing(database) as session:
            assert len(list_shares_of(session, [attempt.id], NOW)) == count


def test_a_stopped_share_shows_nothing_and_keeps_no_name(session: Session) -> None:
    carl, attempt = add_counsellor(session), finish(session)
    share_id = share(session, attempt, carl)
    assert stop_share(session, attempt.id, share_id)
    found = find_own_share(session, carl, share_id)
    assert found is not None
    assert (found.is_live(NOW), found.attempt_id, found.name, found.client) == (
        False,
        None,
        "",
        b"",
    )
    assert list_own_shares(session, carl, NOW) == list_shares_of(session, [attempt.id], NOW) == []
    assert not stop_share(session, attempt.id, share_id)


def test_one_stops_only_what_one_shares_oneself(session: Session) -> None:
    carl, attempt, other = add_counsellor(session), finish(session), finish(session, MALLORY)
    share_id = share(session, attempt, carl)
    assert not stop_share(session, other.id, share_id)
    assert only(session, carl).is_live(NOW)


def test_after_a_stop_it_can_be_shared_again(session: Session) -> None:
    carl, attempt = add_counsellor(session), finish(session)
    first = share(session, attempt, carl)
    stop_share(session, attempt.id, first)
    second = share(session, attempt, carl)
    assert [each.id for each in list_own_shares(session, carl, NOW)] == [second]


def test_a_deleted_attempt_is_shared_with_nobody(session: Session) -> None:
    carl, attempt = add_counsellor(session), finish(session)
    share_id = share(session, attempt, carl)
    delete_attempt(session, ALICE, NOW)
    found = find_own_share(session, carl, share_id)
    assert found is not None
    assert (found.is_live(NOW), found.name) == (False, "")
    assert find_shared_attempt(session, attempt.id) is None


def test_what_has_been_deleted_meanwhile_cannot_be_shared(session: Session) -> None:
    carl, attempt = add_counsellor(session), finish(session)
    delete_attempt(session, ALICE, NOW)
    terms = Terms(carl, b"c" * 16, "Kari", False, attempt.sent_parts, UNTIL)
    assert add_share(session, 1, attempt.id, b"s" * 16, b"t" * 32, terms, NOW) == GONE
    assert list_own_shares(session, carl, NOW) == []


def test_what_has_changed_meanwhile_is_not_shared(session: Session) -> None:
    carl, attempt = add_counsellor(session), finish(session)
    terms = Terms(carl, b"c" * 16, "Kari", False, attempt.sent_parts, UNTIL)
    reopen_parts(session, attempt)
    assert add_share(session, 1, attempt.id, b"s" * 16, b"t" * 32, terms, NOW) == CHANGED
    assert list_own_shares(session, carl, NOW) == []


def test_what_was_stopped_or_is_over_is_not_shared_by_the_same_form(session: Session) -> None:
    carl, attempt = add_counsellor(session), finish(session)
    terms = Terms(carl, b"c" * 16, "Kari", False, attempt.sent_parts, UNTIL)

    def send(now: datetime) -> str:
        return add_share(session, 1, attempt.id, b"s" * 16, b"t" * 32, terms, now)

    assert [send(NOW), send(NOW), send(UNTIL)] == [ADDED, ADDED, STOPPED]
    stop_share(session, attempt.id, 1)
    assert send(NOW) == STOPPED


def test_a_share_tells_which_pack_and_when_it_was_taken(session: Session) -> None:
    carl, attempt = add_counsellor(session), finish(session)
    share(session, attempt, carl)
    found = only(session, carl)
    assert (found.content_hash, found.finished_at) == (attempt.content_hash, attempt.finished_at)


def test_a_share_ends_to_the_moment(session: Session) -> None:
    carl, attempt = add_counsellor(session), finish(session)
    share(session, attempt, carl)
    for now, is_live in ((UNTIL - MOMENT, True), (UNTIL, False)):
        assert only(session, carl).is_live(now) == is_live
        assert len(list_own_shares(session, carl, now)) == is_live
        assert note_opened(session, only(session, carl), now) == is_live


def test_an_opening_is_counted_as_long_as_it_is_shared(session: Session) -> None:
    carl, attempt = add_counsellor(session), finish(session)
    share_id = share(session, attempt, carl)
    found = only(session, carl)
    assert [note_opened(session, found, NOW) for _ in range(2)] == [True, True]
    assert only(session, carl).opened == 2
    stop_share(session, attempt.id, share_id)
    assert not note_opened(session, found, NOW)


def test_shares_are_listed_the_newest_first(session: Session) -> None:
    carl = add_counsellor(session)
    old = share(session, finish(session), carl)
    new = share(session, finish(session, MALLORY), carl, now=NOW + DAY)
    assert [each.id for each in list_own_shares(session, carl, NOW)] == [new, old]


def test_the_purge_wipes_the_shares_of_what_it_deletes(session: Session) -> None:
    carl, attempt = add_counsellor(session), finish(session)
    share(session, attempt, carl, expires_at=NOW + 400 * DAY)
    purge(session, 30, 180, NOW + 181 * DAY, (NOW + 181 * DAY).date())
    assert session.execute(text("SELECT attempt_id, name FROM share")).all() == [(None, "")]


def test_a_share_is_forgotten_a_month_after_its_end(session: Session) -> None:
    carl, attempt = add_counsellor(session), finish(session)
    share_id = share(session, attempt, carl)
    for now, is_there in ((UNTIL + 30 * DAY, True), (UNTIL + 30 * DAY + MOMENT, False)):
        purge(session, 30, 180, now, now.date())
        assert (find_own_share(session, carl, share_id) is not None) == is_there
