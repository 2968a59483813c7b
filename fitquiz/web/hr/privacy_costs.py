"""Works out how exact the figures of a campaign are, and how strong its anonymity is.

Both follow from the ticked figures, from the anonymity that HR chooses, and from what other
campaigns have left in the yearly account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from flask import current_app
from sqlalchemy.orm import Session

from fitquiz.core.groups.counting import (
    CountingPlan,
    make_plan,
    offered_statistics,
    write_plan,
)
from fitquiz.core.groups.factor_budgets import (
    BUDGETS,
    multiply_factors,
    name_anonymity,
    split_budget,
    useful_from,
)
from fitquiz.core.groups.noise import plus_minus
from fitquiz.core.groups.unit_lists import UnitDraft
from fitquiz.core.groups.yearly_account import (
    find_day_with_more,
    find_free_day,
    find_room,
    share_year,
)
from fitquiz.core.packs import Pack
from fitquiz.store.campaigns.factor_account import list_charges
from fitquiz.store.campaigns.units import Unit

GROUP_SIZES = (10, 25, 50, 100, 200, 400)


@dataclass(frozen=True, slots=True)
class Wish:
    """What HR asks for in a form.

    `names` contains the ticked figures. `days` contains the first and the last day. `people` is the
    largest possible number of responses, or None if HR has not stated this number.
    """

    names: tuple[str, ...]
    anonymity: str
    threshold: int
    days: tuple[date, date]
    people: int | None


@dataclass(frozen=True, slots=True)
class Year:
    """What other campaigns have left in the yearly account.

    `room` is the largest odds factor that the campaign can have. `more_from` is the next first day
    with more room, or None. `factor` is the largest odds factor of a year.
    """

    room: Fraction
    more_from: date | None
    factor: int


@dataclass(frozen=True, slots=True)
class Price:
    """How exact a figure is.

    `least` is the smallest group with a useful figure. `widths` contains half the width of the
    range for each group size in GROUP_SIZES, in percentage points. A width is None if the group is
    too small. `is_useless` is true if even all people together are too few.

    A figure that is not ticked is described as if this figure were the only one.
    """

    name: str
    is_ticked: bool
    least: int
    widths: tuple[int | None, ...]
    is_useless: bool


@dataclass(frozen=True, slots=True)
class Cost:
    """What a wish costs.

    `left` is what other campaigns have left of a year's ε, and `takes` is what this campaign takes,
    in per cent. `free_from` is the day on which it gives its share back.

    `plan` is None if the account has too little left. `is_reduced` is true if the figures have more
    noise than each figure would have alone. `is_short` is true if the account has less left than
    the chosen anonymity allows.
    """

    plan: CountingPlan | None
    anonymity: str
    prices: tuple[Price, ...]
    is_reduced: bool
    is_short: bool
    more_from: date | None
    left: int
    takes: int
    free_from: date

    @property
    def written_plan(self) -> str:
        """The plan as text, or an empty text."""
        return write_plan(self.plan) if self.plan else ""

    def find_fault(self, seen: str) -> str:
        """Return why the campaign cannot be saved yet, or an empty text.

        `seen` is the plan whose price HR has seen.
        """
        if self.plan is None:
            return "year-used-up"
        if any(price.is_ticked and price.is_useless for price in self.prices):
            return "too-few-people"
        if self.is_reduced and seen != self.written_plan:
            return "look-at-price"
        return ""


def get_yearly_factor() -> int:
    """Return the setting FITQUIZ_YEARLY_FACTOR."""
    factor: int = current_app.extensions["fitquiz_settings"].yearly_factor
    return factor


def find_year(
    session: Session, days: tuple[date, date], except_id: int | None = None
) -> Year:
    """Return what the campaigns except `except_id` have left for a campaign between two days."""
    first_day, last_day = days
    charges = list_charges(session, first_day, except_id)
    yearly_factor = get_yearly_factor()
    return Year(
        find_room(charges, first_day, last_day, yearly_factor),
        find_day_with_more(charges, first_day, last_day, yearly_factor),
        yearly_factor,
    )


def work_out_cost(wish: Wish, pack: Pack, year: Year) -> Cost:
    """Return the cost of a wish."""
    budget = BUDGETS[wish.anonymity]
    plan = split_budget(wish.names, pack, min(budget, year.room))
    offered = [statistic.name for statistic in offered_statistics(pack)]
    noises = {**make_plan(offered), **(plan or {})}
    prices = [_find_price(name, noise, wish) for name, noise in noises.items()]
    factor = multiply_factors(plan or {}, pack)
    whole_factor = multiply_factors(make_plan(wish.names), pack)
    return Cost(
        plan=plan,
        anonymity=name_anonymity(factor),
        prices=tuple(prices),
        is_reduced=factor < whole_factor,
        is_short=year.room < min(budget, whole_factor),
        more_from=year.more_from,
        left=share_year(year.room, year.factor),
        takes=share_year(factor, year.factor),
        free_from=find_free_day(wish.days[1]),
    )


def count_people(units: Sequence[Unit | UnitDraft], cap: int | None) -> int | None:
    """Return the largest possible number of responses, or None if this number is unknown.

    The number is unknown if a unit of the top level has no number of people, and there is no cap.
    """
    numbers = [unit.people for unit in units if len(unit.path) == 1]
    known = [number for number in numbers if number is not None]
    limits = [cap] if cap is not None else []
    if known and len(known) == len(numbers):
        limits.append(sum(known))
    return min(limits, default=None)


def _find_price(name: str, noise: Fraction, wish: Wish) -> Price:
    least = useful_from(name, noise, wish.threshold)
    half_width = plus_minus(noise, 1)
    widths = [
        ceil(100 * half_width / size) if size >= least else None for size in GROUP_SIZES
    ]
    is_useless = wish.people is not None and wish.people < least
    return Price(name, name in wish.names, least, tuple(widths), is_useless)
