"""The yearly account: how much odds factor the campaigns of an installation may have together.

A person may answer every campaign. Then the odds factors of all these campaigns are multiplied. The
yearly factor limits the product over all campaigns that count somebody within a year.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import log, prod

YEAR = timedelta(days=366)
"""A campaign stays in the account for this time after its last day. A leap year has 366 days."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What a campaign takes from the account.

    `first_day` and `last_day` are the days between which the campaign counts responses. `factor` is
    the odds factor of the whole campaign.
    """

    first_day: date
    last_day: date
    factor: Fraction

    def is_in_account(self, day: date) -> bool:
        """Return whether the campaign counted responses in the year before `day`, or on `day`."""
        if day < self.first_day:
            return False
        time_since = day - self.last_day
        return time_since < YEAR


def find_room(
    charges: Collection[Charge], first_day: date, last_day: date, yearly_factor: int
) -> Fraction:
    """Return the largest odds factor that a campaign between the two days may have.

    `charges` contains all other campaigns. On no day may the product over the campaigns in the
    account be larger than `yearly_factor`. The result is below 1 if the account is overdrawn.
    """
    wanted = Charge(first_day, last_day, Fraction(1))
    begins = [charge.first_day for charge in charges]
    days = [day for day in (first_day, *begins) if wanted.is_in_account(day)]
    most = max(_multiply(charges, day) for day in days)
    return yearly_factor / most


def find_day_with_more(
    charges: Collection[Charge], first_day: date, last_day: date, yearly_factor: int
) -> date | None:
    """Return the earliest later first day on which an equally long campaign has more room.

    Return None if no later first day gives more room.
    """
    room = find_room(charges, first_day, last_day, yearly_factor)
    length = last_day - first_day
    for day in sorted(_add(charge.last_day, YEAR) for charge in charges):
        later = find_room(charges, day, _add(day, length), yearly_factor)
        if day > first_day and later > room:
            return day
    return None


def find_free_day(last_day: date) -> date:
    """Return the first day on which a campaign with this last day is no longer in the account."""
    return _add(last_day, YEAR)


def share_year(factor: Fraction, yearly_factor: int) -> int:
    """Return how much of a year's ε a factor is, in per cent from 0 to 100."""
    if factor <= 1 or yearly_factor <= 1:
        return 0
    return min(100, round(100 * log(factor) / log(yearly_factor)))


def count_campaigns(charges: Collection[Charge], today: date) -> int:
    """Return how many campaigns have counted responses in the year before `today`."""
    counted = [charge for charge in charges if charge.is_in_account(today)]
    return len(counted)


def _multiply(charges: Collection[Charge], day: date) -> Fraction:
    factors = [charge.factor for charge in charges if charge.is_in_account(day)]
    return prod(factors, start=Fraction(1))


def _add(day: date, time: timedelta) -> date:
    """Return a later day, but not a day after the last possible date."""
    longest = date.max - day
    return day + min(time, longest)
