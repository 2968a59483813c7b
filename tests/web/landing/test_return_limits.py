"""Wrong return codes are limited, and right ones leave no trace."""

import logging
import re

import pytest
from flask import Flask

from fitquiz.store.accounts.rate_limit_counters import RateLimit
from fitquiz.web.limits import rate_limits, return_limit
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.clock import Clock
from tests.web.support.counselling import find_address, make_link
from tests.web.support.records import read_records
from tests.web.support.respondent import Respondent
from tests.web.support.returning import Begun, begin_by, come_back, post_code
from tests.web.support.staff_member import StaffMember

WRONG = "ABCD-EFGH"


@pytest.fixture
def bob(app: Flask) -> Respondent:
    """Has another browser than Alice."""
    return Respondent(app.test_client())


@pytest.fixture
def for_one(alice: Respondent, carl: StaffMember) -> Begun:
    """An attempt with one answer, by a link for one person."""
    return begin_by(alice, find_address(carl, make_link(carl, uses="1")))


@pytest.fixture
def limited(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An app with three tries for a link, and a clock that stands still."""
    Clock(monkeypatch).stop()
    monkeypatch.setattr(return_limit, "RETURNS_BY_LINK", RateLimit("return", 3, 60))
    monkeypatch.setattr(rate_limits, "CODES_PER_ADDRESS", RateLimit("code", 5, 10))
    return make_app()


def test_a_link_without_a_try_left_refuses_the_right_code_too(limited: Flask) -> None:
    alice, bob = Respondent(limited.test_client()), Respondent(limited.test_client())
    carl = StaffMember(limited, "Carl", "counsellor")
    first = begin_by(alice, find_address(carl, make_link(carl, name="First", uses="1")))
    second = begin_by(alice, find_address(carl, make_link(carl, name="Second", uses="1")))
    for _ in range(5):
        assert post_code(bob, first.link, first.code)[0] == 303

    statuses = [post_code(bob, first.link, WRONG)[0] for _ in range(4)]
    assert statuses == [400, 400, 400, 429]
    assert post_code(bob, first.link, first.code)[0] == 429
    assert post_code(bob, second.link, second.code)[0] == 303


def test_an_address_without_a_try_left_may_still_type_a_right_code(limited: Flask) -> None:
    alice, bob = Respondent(limited.test_client()), Respondent(limited.test_client())
    carl = StaffMember(limited, "Carl", "counsellor")
    links = [find_address(carl, make_link(carl, name=name, uses="1")) for name in ("A", "B")]
    begun = begin_by(alice, find_address(carl, make_link(carl, name="C", uses="1")))
    statuses = [post_code(bob, links[number % 2], WRONG)[0] for number in range(6)]
    assert statuses == [400] * 5 + [429]
    assert post_code(bob, begun.link, begun.code)[0] == 303


def test_nobody_can_guess_a_code_in_years() -> None:
    limit = return_limit.RETURNS_BY_LINK
    in_a_year = limit.tries * 60 // limit.minutes * 24 * 366
    assert in_a_year * 10 < 2**40 / 100_000


def test_a_right_code_leaves_no_row_and_no_code_in_the_log(
    bob: Respondent, carl: StaffMember, for_one: Begun, caplog: pytest.LogCaptureFixture
) -> None:
    before = read_records(carl.app)
    with caplog.at_level(logging.DEBUG):
        come_back(bob, for_one.link, for_one.code)
    assert read_records(carl.app) == before
    assert not re.search(for_one.code.replace("-", "-?"), caplog.text)


def test_the_database_contains_neither_the_code_nor_a_part_of_the_token(
    alice: Respondent, carl: StaffMember, for_one: Begun
) -> None:
    alice.open(f"{for_one.base}/")
    letters = for_one.code.replace("-", "")
    assert alice.find_token().startswith(letters)
    assert letters not in repr(read_records(carl.app))
