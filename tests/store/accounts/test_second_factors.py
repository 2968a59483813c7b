"""Second factors: each step and each code counts once, and only for its own account."""

import pytest
from sqlalchemy.orm import Session

from fitquiz.store.accounts.second_factors import (
    add_totp,
    count_recovery_codes,
    find_totp,
    remove_totp,
    use_recovery_code,
    use_step,
)
from tests.store.support.ledger_cast import add_staff

SEED, CODE, OTHER = bytes(16), b"1" * 32, b"2" * 32


@pytest.fixture
def hana(session: Session) -> int:
    """The id of an account with an app that was set up at step 100."""
    staff_id = add_staff(session)
    assert add_totp(session, staff_id, SEED, 100, [CODE, OTHER])
    return staff_id


def test_a_step_counts_once_and_none_before_it(session: Session, hana: int) -> None:
    used = [use_step(session, hana, step) for step in (100, 99, 101, 101, 100, 103, 102)]
    assert used == [False, False, True, False, False, True, False]
    assert find_totp(session, hana) == (SEED, 103)


def test_a_recovery_code_counts_once_and_for_its_own_account(session: Session, hana: int) -> None:
    mallory = add_staff(session, "Mallory")
    assert not use_recovery_code(session, mallory, CODE)
    assert use_recovery_code(session, hana, CODE)
    assert not use_recovery_code(session, hana, CODE)
    assert count_recovery_codes(session, hana) == 1


def test_a_second_app_does_not_replace_the_first(session: Session, hana: int) -> None:
    assert not add_totp(session, hana, bytes(15) + b"1", 200, [])
    assert (find_totp(session, hana), count_recovery_codes(session, hana)) == ((SEED, 100), 2)


def test_nothing_stays_of_an_app_that_is_removed(session: Session, hana: int) -> None:
    remove_totp(session, hana)
    assert (find_totp(session, hana), count_recovery_codes(session, hana)) == (None, 0)
    assert not use_step(session, hana, 999)
