"""What the page about anonymity promises, in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import log

from sqlalchemy.orm import Session

from fitquiz.core.groups.counting import odds_factor, offered_statistics
from fitquiz.core.groups.factor_budgets import BUDGETS
from fitquiz.core.groups.yearly_account import count_campaigns, find_room
from fitquiz.core.packs import Pack
from fitquiz.store.campaigns.factor_account import list_charges
from fitquiz.web.hr.privacy_costs import get_yearly_factor


@dataclass(frozen=True, slots=True)
class FigureAlone:
    """A statistic that does not share a budget: its smallest group and its odds factor."""

    name: str
    published_from: int
    factor: Fraction


@dataclass(frozen=True, slots=True)
class Claim:
    """The numbers of the promise.

    `budgets` contains the largest odds factor of a campaign, for each anonymity. `campaigns` is the
    number of campaigns in the yearly account. `is_overdrawn` is true if campaigns from before the
    account have taken more than `yearly_factor`.
    """

    figures: tuple[FigureAlone, ...]
    budgets: Mapping[str, Fraction]
    yearly_factor: int
    campaigns: int
    is_overdrawn: bool

    @property
    def epsilons(self) -> dict[str, float]:
        """The natural logarithms of the budgets and of the yearly factor."""
        numbers = {name: log(budget) for name, budget in self.budgets.items()}
        return numbers | {"year": log(self.yearly_factor)}


def find_claim(session: Session, pack: Pack, today: date) -> Claim:
    """Return the numbers of the promise for the campaigns in the account today."""
    figures = []
    for each in offered_statistics(pack):
        factor = odds_factor(each.name, each.noise, pack)
        figures.append(FigureAlone(each.name, each.published_from, factor))

    charges = list_charges(session, today)
    yearly_factor = get_yearly_factor()
    return Claim(
        figures=tuple(figures),
        budgets=BUDGETS,
        yearly_factor=yearly_factor,
        campaigns=count_campaigns(charges, today),
        is_overdrawn=find_room(charges, today, today, yearly_factor) < 1,
    )
