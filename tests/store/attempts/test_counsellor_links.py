"""A limited number of people can begin with a counsellor's link. Other counsellors do not see it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import inspect, update
from sqlalchemy.orm import Session

from fitquiz.store.attempts.counsellor_links import (
    CLOSED,
    EXPIRED,
    OPEN,
    USED_UP,
    change_link,
    delete_link,
    find_counsellor,
    find_counsellor_of_link,
    find_link,
    find_link_by_code,
    find_own_link,
    list_links,
    may_begin_again,
    note_finished,
    use_link,
)
from fitquiz.store.engine.database import Database
from fitquiz.store.tables.sharing_tables import LinkRow
from fitquiz.store.tables.staff_tables import StaffRow
from fitquiz.store.upkeep.retention import purge
from tests.store.support.cast import NOW, writing
from tests.store.support.sharing_cast import TODAY, add_counsellor, add_link, see_link

DAY = timedelta(days=1)


def test_a_link_is_used_as_often_as_it_may_be_and_not_once_more(session: Session) -> None:
    carl = add_counsellor(session)
    link = add_link(session, carl, uses=2)
    assert [use_link(session, link.id, TODAY) for _ in range(3)] == [True, True, False]
    assert (
        see_link(session, carl, link.id).started,
        see_link(session, carl, link.id).state(TODAY),
    ) == (2, USED_UP)


def test_one_person_starts_as_often_as_needed_and_counts_once(session: Session) -> None:
    carl = add_counsellor(session)
    link = add_link(session, carl, uses=1)
    for _ in range(3):
        assert use_link(session, link.id, TODAY)
        note_finished(session, link.id)
        seen = see_link(session, carl, link.id)
        assert (seen.started, seen.finished, seen.state(TODAY)) == (1, 1, OPEN)


def test_who_has_begun_begins_again_by_a_link_that_is_used_up(session: Session) -> None:
    carl = add_counsellor(session)
    link = add_link(session, carl, uses=2)
    for _ in range(2):
        assert use_link(session, link.id, TODAY)
    assert may_begin_again(session, link.id, TODAY)
    assert see_link(session, carl, link.id).started == 2


@pytest.mark.parametrize("uses", [1, 2])
def test_nobody_begins_again_by_a_link_that_has_ended(session: Session, uses: int) -> None:
    carl = add_counsellor(session)
    link = add_link(session, carl, uses=uses)
    assert use_link(session, link.id, TODAY)
    assert not may_begin_again(session, link.id, TODAY + DAY)
    assert not use_link(session, link.id, TODAY + DAY)
    change_link(session, link, {"is_closed": True})
    assert not may_begin_again(session, link.id, TODAY)
    assert not use_link(session, link.id, TODAY)
    delete_link(session, link)
    assert not may_begin_again(session, link.id, TODAY)
    assert not use_link(session, link.id, TODAY)


def test_of_many_who_start_at_once_only_so_many_do(database: Database) -> None:
    with writing(database) as session:
        carl = add_counsellor(session)
        link = add_link(session, carl, uses=3)

    def use() -> bool:
        with writing(database) as one:
            return use_link(one, link.id, TODAY)

    with ThreadPoolExecutor(8) as threads:
        started = [each.result() for each in [threads.submit(use) for _ in range(8)]]
    assert sorted(started) == [False] * 5 + [True] * 3
    with writing(database) as session:
        assert see_link(session, carl, link.id).started == 3


def test_a_link_is_good_through_its_last_day(session: Session) -> None:
    carl = add_counsellor(session)
    link = add_link(session, carl)
    assert (link.state(TODAY), link.state(TODAY + DAY)) == (OPEN, EXPIRED)
    assert not use_link(session, link.id, TODAY + DAY)
    assert use_link(session, link.id, TODAY)


def test_a_closed_link_starts_nobody_until_it_is_opened_again(session: Session) -> None:
    carl = add_counsellor(session)
    link = add_link(session, carl)
    change_link(session, link, {"is_closed": True})
    assert see_link(session, carl, link.id).state(TODAY) == CLOSED
    assert not use_link(session, link.id, TODAY)
    change_link(session, link, {"is_closed": False})
    assert use_link(session, link.id, TODAY)


def test_no_more_finish_than_have_started(session: Session) -> None:
    carl = add_counsellor(session)
    link = add_link(session, carl)
    use_link(session, link.id, TODAY)
    for _ in range(2):
        note_finished(session, link.id)
    assert see_link(session, carl, link.id).finished == 1


def test_anothers_link_is_as_one_that_is_not_there(session: Session) -> None:
    carl, other = add_counsellor(session), add_counsellor(session, "Cora")
    link = add_link(session, carl)
    assert find_own_link(session, other, link.id) is None
    assert find_own_link(session, carl, 4711) is None
    assert list_links(session, other) == []


def test_links_are_listed_the_newest_first(session: Session) -> None:
    carl = add_counsellor(session)
    links = [add_link(session, carl) for _ in range(3)]
    assert list_links(session, carl) == links[::-1]


def test_a_link_is_found_by_its_token_and_by_its_code(session: Session) -> None:
    link = add_link(session, add_counsellor(session))
    hashes = session.query(LinkRow.token_hash, LinkRow.code_hash).one()
    assert (
        find_link(session, hashes.token_hash)
        == find_link_by_code(session, hashes.code_hash)
        == link
    )
    assert find_link(session, hashes.code_hash) is None
    assert find_link_by_code(session, hashes.token_hash) is None


@pytest.mark.parametrize("change", [{"is_disabled": True}, {"permissions": "hr admin"}])
def test_a_link_of_who_counsels_no_more_leads_to_nobody(
    session: Session, change: dict[str, object]
) -> None:
    carl = add_counsellor(session)
    link = add_link(session, carl)
    found = find_counsellor_of_link(session, link.id)
    assert found is not None
    assert found.name == "Carl"
    session.execute(update(StaffRow).values(**change))
    assert find_counsellor(session, carl) is None
    assert find_counsellor_of_link(session, link.id) is None


def test_a_deleted_link_leads_nowhere_and_its_number_is_never_used_again(session: Session) -> None:
    carl = add_counsellor(session)
    link = add_link(session, carl)
    delete_link(session, link)
    assert find_counsellor_of_link(session, link.id) is None
    assert add_link(session, carl).id > link.id


def test_a_link_is_deleted_as_long_after_its_end_as_a_finished_attempt(session: Session) -> None:
    carl = add_counsellor(session)
    add_link(session, carl, expires_on=TODAY)
    assert purge(session, 30, 180, NOW + 180 * DAY, TODAY + 180 * DAY).links == 0
    assert purge(session, 30, 180, NOW + 181 * DAY, TODAY + 181 * DAY).links == 1
    assert list_links(session, carl) == []


def test_nothing_in_the_tables_leads_from_an_attempt_to_a_link(database: Database) -> None:
    tables = inspect(database.engine)
    for table in ("attempt", "answer", "share", "link"):
        named = {column["name"] for column in tables.get_columns(table)}
        assert "link_id" not in named
        assert "link" not in {key["referred_table"] for key in tables.get_foreign_keys(table)}
