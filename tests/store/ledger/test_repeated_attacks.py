"""HR plants answers beside one person in campaign after campaign. The exact odds stay within the yearly factor."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import prod

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fitquiz.core.groups.counting import BY_DEFAULT, list_columns, make_plan, read_plan, write_plan
from fitquiz.core.groups.factor_budgets import split_budget
from fitquiz.core.groups.yearly_account import find_room
from fitquiz.store.campaigns.campaign_lifecycle import delete_campaign
from fitquiz.store.campaigns.campaigns import add_campaign, change_campaign
from fitquiz.store.campaigns.factor_account import list_charges, lock_account
from fitquiz.store.ledger.pending_responses import add_response
from fitquiz.store.ledger.sealing import seal_campaign
from tests.core.support.shipped_packs import PACK
from tests.store.support.ledger_cast import add_staff, look_up, make_new_campaign

YEARLY = 144
YEAR = timedelta(366)
START = date(2026, 1, 1)
PLANTED = "0" + "001000"
VICTIM = "1" + "100000"
OTHER = "0" + "010000"
"""The response of the person, and another response that the person could have given."""

Room = Callable[[Session, date, date], Fraction]
each_database = pytest.mark.parametrize(
    "backend",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)],
    indirect=True,
)


@dataclass(frozen=True)
class Seen:
    """The odds of what HR saw of a campaign: for the true response, against the other response."""

    last_day: date
    odds: Fraction


def find_real_room(session: Session, first_day: date, last_day: date) -> Fraction:
    lock_account(session)
    return find_room(list_charges(session, first_day), first_day, last_day, YEARLY)


def find_endless_room(*_: object) -> Fraction:
    """The planted mistake: each campaign has its own budget, and no account exists."""
    return Fraction(YEARLY)


def attack(session: Session, find_room: Room, months: int, planted: int) -> list[Seen]:
    """Every month, ask for another campaign about the same person, and look at the figures."""
    rng = random.Random(months)
    owner = add_staff(session)
    seen = []
    for month in range(months):
        first_day = START + timedelta(30 * month)
        last_day = first_day + timedelta(6)
        room = find_room(session, first_day, last_day)
        plan = split_budget(BY_DEFAULT, PACK, min(Fraction(12), room))
        if plan is None:
            continue
        new = make_new_campaign(opens_on=first_day, closes_on=last_day, statistics=write_plan(plan))
        campaign = add_campaign(session, owner, new, PACK, at(first_day))
        answer(session, campaign, first_day, planted, rng)
        for cap in (planted + 1, None, planted + 9):
            assert change_campaign(session, look_up(session, campaign), {"cap": cap}, last_day)
        after = last_day + timedelta(1)
        seal_campaign(session, campaign, at(after), after, rng.randrange)
        seen.append(Seen(last_day, work_out_odds(session, campaign, planted)))
        delete_campaign(session, campaign, after)
    return seen


def answer(session: Session, number: int, day: date, planted: int, rng: random.Random) -> None:
    """Let HR answer many times by the open link, and the person once."""
    campaign = look_up(session, number)
    for cells in (*[PLANTED] * planted, VICTIM):
        assert add_response(session, rng.randbytes(32), campaign, 0, cells, day)
        campaign = look_up(session, number)


def work_out_odds(session: Session, campaign: int, planted: int) -> Fraction:
    """Return the exact odds of the noisy counts. HR knows all planted responses, and can undo each move."""
    plan = read_plan(look_up(session, campaign).statistics)
    columns = list_columns(plan, PACK)
    rows = session.execute(
        text(
            "SELECT statistic, cell, count + moved AS noisy FROM ledger_statistic "
            "JOIN ledger ON ledger.id = batch_id WHERE campaign_id = :id"
        ),
        {"id": campaign},
    )
    odds = Fraction(1)
    for row in rows:
        at_column = columns.index((row.statistic, row.cell))
        noise = plan[row.statistic]
        known = planted * int(PLANTED[at_column])
        true, other = (
            abs(row.noisy - known - int(response[at_column])) for response in (VICTIM, OTHER)
        )
        odds *= noise**true / noise**other
    return odds


def find_most_within_a_year(seen: list[Seen]) -> Fraction:
    """Return the largest odds, in either direction, of all campaigns of any year."""
    most = Fraction(1)
    for last in seen:
        year = [each.odds for each in seen if last.last_day - YEAR < each.last_day <= last.last_day]
        up, down = (prod(odds, start=Fraction(1)) for odds in (year, [1 / each for each in year]))
        most = max(most, up, down)
    return most


def at(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)


@each_database
@pytest.mark.parametrize("planted", [4, pytest.param(24, marks=pytest.mark.long)])
def test_the_odds_of_a_year_never_exceed_the_yearly_factor(session: Session, planted: int) -> None:
    seen = attack(session, find_real_room, months=26, planted=planted)
    assert 2 <= len(seen) < 10
    assert 1 < find_most_within_a_year(seen) <= YEARLY


@pytest.mark.long
@each_database
def test_a_planted_account_that_is_never_asked_is_caught(session: Session) -> None:
    assert make_plan(BY_DEFAULT) == split_budget(BY_DEFAULT, PACK, Fraction(12))
    seen = attack(session, find_endless_room, months=12, planted=24)
    assert len(seen) == 12
    assert find_most_within_a_year(seen) > YEARLY
