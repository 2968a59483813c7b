"""An HR user who knows the roster, sees who answers when, and reads every permitted figure every day.

The ledger reveals nobody's answer. A weakened copy with live figures above a threshold reveals most.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import comb

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fitquiz.core.groups.noise import draw_noise
from fitquiz.core.groups.unit_lists import Path
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.ledger.pending_responses import add_response
from fitquiz.store.ledger.reading import read_figures
from tests.store.support.ledger_cast import (
    ALL,
    BERGEN,
    IT,
    OSLO,
    SALES,
    find_unit,
    look_up,
    seal,
    start_campaign,
    week,
)

SURE = Fraction(19, 20)
PLACES = (OSLO, BERGEN, IT)


@dataclass(frozen=True)
class Figure:
    """What HR reads of one unit: n responses, `count` of them lean to the front, with this noise."""

    n: int
    count: int
    noise: Fraction


View = Mapping[Path, Figure]


@dataclass
class Person:
    """Somebody on the roster. HR knows the place and the day, and wants to know the lean."""

    place: Path
    day: int
    leans_front: bool


def make_people(number: int, rng: random.Random) -> list[Person]:
    people = []
    for day in range(number):
        place = PLACES[rng.randrange(3)]
        leans_front = rng.random() < 0.6
        people.append(Person(place, day, leans_front))
    return people


def read_ledger(session: Session, campaign: Campaign) -> View:
    """Open the report of the whole campaign and of every unit."""
    found: dict[Path, Figure] = {}
    for path in (ALL, SALES):
        for unit, sums in read_figures(session, campaign.id, path).items():
            lean = sums["lean", "front"]
            found[unit] = Figure(lean.n, lean.count, lean.noise)
    return found


def read_live(session: Session, campaign: Campaign) -> View:
    """The weakened copy: true counts of the pending responses, as soon as there are five."""
    found: dict[Path, Figure] = {}
    for path in (ALL, *PLACES):
        where = "" if path == ALL else f"AND unit_id = {find_unit(session, campaign, path)}"
        row = session.execute(
            text(f"SELECT count(*), sum(CAST(cells AS INTEGER)) FROM pending WHERE 1 = 1 {where}")
        ).one()
        if row[0] >= 5:
            found[path] = Figure(row[0], row[1], Fraction(0))
    return found


def watch(
    session: Session,
    people: list[Person],
    read: Callable[[Session, Campaign], View],
    seals: bool,
) -> Iterator[View]:
    """Let one person a day answer, and read everything every evening."""
    campaign = start_campaign(session, sealing="weekly" if seals else "close")
    for day, person in enumerate(people):
        cells = "1" if person.leans_front else "0"
        unit = find_unit(session, campaign, person.place)
        assert add_response(
            session, bytes(31) + bytes([day]), campaign, unit, cells, week(1).date()
        )
        campaign = look_up(session, campaign.id) if day == 0 else campaign
        if seals and day % 7 == 6:
            seal(session, campaign, moment(day), random.Random(day).randrange)
        yield read(session, campaign)
    if seals:
        seal(session, campaign, week(6), random.Random(1).randrange)
        yield read(session, campaign)


def moment(day: int) -> datetime:
    """Return the moment of a day. Every seventh day is a week later, so that a seal is due."""
    return week(1) + timedelta(days=min(23, 7 * (day // 7)))


def find_pinned(people: list[Person], views: list[View]) -> set[int]:
    """Return the people whose lean the attacker is sure of, from the daily change of each figure."""
    pinned: set[int] = set()
    for day, (before, after) in enumerate(zip([{}, *views], views, strict=False)):
        for path, figure in after.items():
            earlier = before.get(path, Figure(0, 0, Fraction(0)))
            joined = figure.n - earlier.n
            if not joined:
                continue
            here = [
                at
                for at in range(min(day + 1, len(people)))
                if people[at].place[: len(path)] == path
            ]
            newest = here[-joined:]
            chance = guess(joined, figure.count - earlier.count, figure.noise)
            if max(chance, 1 - chance) >= SURE:
                pinned.update(newest)
    return pinned


def guess(n: int, count: int, noise: Fraction) -> Fraction:
    """Return the chance that one of n leans to the front, given the count. It was a half before."""

    def likely(true: int) -> Fraction:
        return noise ** abs(count - true) if noise else Fraction(count == true)

    front = Fraction(0)
    for true in range(1, n + 1):
        front += comb(n - 1, true - 1) * likely(true)
    back = Fraction(0)
    for true in range(n):
        back += comb(n - 1, true) * likely(true)
    if front + back == 0:
        return Fraction(1, 2)
    return front / (front + back)


@pytest.mark.parametrize("number", [20, 50, 200])
def test_the_attacker_tells_nobody_from_the_ledger(session: Session, number: int) -> None:
    people = make_people(number, random.Random(number))
    views = list(watch(session, people, read_ledger, seals=True))
    assert views[-1][ALL].n == number
    assert find_pinned(people, views) == set()


@pytest.mark.parametrize("number", [20, 50, 200])
def test_the_attacker_tells_most_from_live_figures(session: Session, number: int) -> None:
    people = make_people(number, random.Random(number))
    views = list(watch(session, people, read_live, seals=False))
    assert len(find_pinned(people, views)) > number / 2


@pytest.mark.parametrize("count", range(-3, 9))
def test_even_who_knows_all_others_is_never_surer_than_three_to_one(count: int) -> None:
    """Four of five are known to lean to the front: the count is then a noisy 4 or 5."""
    noise = Fraction(1, 3)
    chance = noise ** abs(count - 5) / (noise ** abs(count - 5) + noise ** abs(count - 4))
    assert Fraction(1, 4) <= chance <= Fraction(3, 4)


def test_who_asks_again_gets_the_same_number(session: Session) -> None:
    people = make_people(20, random.Random(3))
    *_, last = watch(session, people, read_ledger, seals=True)
    (campaign_id,) = session.execute(text("SELECT id FROM campaign")).scalars()
    assert all(read_ledger(session, look_up(session, campaign_id)) == last for _ in range(5))


@pytest.mark.parametrize("true", [0, 3, 5])
def test_a_planted_copy_that_draws_noise_for_each_question_is_caught(true: int) -> None:
    """The mean of many answers reveals the true count."""
    asked = [true + draw_noise(Fraction(1, 3), random.Random(at).randrange) for at in range(2000)]
    assert round(sum(asked) / len(asked)) == true
    assert len(set(asked)) > 3
