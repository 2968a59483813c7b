"""Rate limits: all processes share the tries, and they come back one by one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy.orm import Session

from fitquiz.store.accounts.rate_limit_counters import RateLimit, give_back, take_try
from fitquiz.store.engine.database import Database
from tests.store.support.cast import NOW, writing

THREE = RateLimit("door", 3, 15)
PACE = timedelta(minutes=5)


def test_without_a_try_left_the_moment_of_the_next_is_returned(session: Session) -> None:
    assert [take_try(session, THREE, "Hana", NOW) for _ in range(3)] == [None] * 3
    assert take_try(session, THREE, "Hana", NOW) == NOW + PACE
    assert take_try(session, THREE, "Hana", NOW + PACE - timedelta(seconds=1)) == NOW + PACE
    assert take_try(session, THREE, "Hana", NOW + PACE) is None
    assert take_try(session, THREE, "Hana", NOW + PACE) is not None


def test_all_tries_come_back_with_time(session: Session) -> None:
    for _ in range(4):
        take_try(session, THREE, "Hana", NOW)
    assert [take_try(session, THREE, "Hana", NOW + 3 * PACE) for _ in range(3)] == [None] * 3


def test_other_keys_and_other_limits_have_their_own_tries(session: Session) -> None:
    for _ in range(4):
        take_try(session, THREE, "Hana", NOW)
    assert take_try(session, THREE, "Carl", NOW) is None
    assert take_try(session, RateLimit("window", 3, 15), "Hana", NOW) is None
    assert take_try(session, THREE, "HANA", NOW) is not None


def test_a_try_that_is_given_back_can_be_used_again(session: Session) -> None:
    for _ in range(10):
        assert take_try(session, THREE, "Hana", NOW) is None
        give_back(session, THREE, "Hana")


def test_of_twenty_tries_at_once_exactly_three_succeed(database: Database) -> None:
    def try_it(_number: int) -> bool:
        with writing(database) as session:
            return take_try(session, THREE, "Hana", NOW) is None

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_it, range(20))) == 3
