"""Reads from a form what HR asks for, and settles the plan of the campaign.

A plan is settled in the transaction that stores the campaign. The transaction first locks the
yearly account. Otherwise, two campaigns could take the same room at the same time.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from fitquiz.core.groups.counting import make_plan, read_plan, write_plan
from fitquiz.core.groups.factor_budgets import (
    BUDGETS,
    STRONG,
    multiply_factors,
    name_anonymity,
)
from fitquiz.core.groups.seal_rules import MIN_THRESHOLD
from fitquiz.core.packs import Pack
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.factor_account import lock_account
from fitquiz.store.campaigns.units import Unit
from fitquiz.web.hr.campaign_forms import CampaignForm, CountingForm, NamesForm
from fitquiz.web.hr.privacy_costs import (
    Cost,
    Wish,
    count_people,
    find_year,
    work_out_cost,
)
from fitquiz.web.site.clock import get_today
from fitquiz.web.site.installed_packs import pack_of_attempt

_ASKS_FOR_COST = "ask"
"""The field with which the script asks for the page with the new cost. Nothing is stored then."""


class CostFaultError(Exception):
    """The campaign cannot be stored yet. `key` names the reason, and `field` the field."""

    def __init__(self, key: str, field: str = "statistics") -> None:
        super().__init__(key)
        self.key = key
        self.field = field

    def explain(self, form: NamesForm) -> None:
        """Add the reason to the errors of the form."""
        field = form[self.field]
        field.errors = [*field.errors, self.key]


def asks_for_cost() -> bool:
    """Return whether the form only asks how exact the figures become."""
    return _ASKS_FOR_COST in request.form


def find_cost(
    session: Session,
    form: CountingForm,
    pack: Pack,
    people: int | None,
    campaign_id: int | None = None,
) -> Cost:
    """Return the cost of what the form asks for. The form may have faults.

    `campaign_id` is the id of the changed campaign, or None for a new campaign.
    """
    wish = _read_wish(form, people)
    year = find_year(session, wish.days, campaign_id)
    return work_out_cost(wish, pack, year)


def settle_plan(
    session: Session,
    form: CountingForm,
    pack: Pack,
    people: int | None,
    campaign_id: int | None = None,
) -> str:
    """Lock the yearly account, and return the plan as text.

    Raise CostFaultError if the campaign cannot be stored with this plan yet.
    """
    lock_account(session)
    cost = find_cost(session, form, pack, people, campaign_id)
    fault = cost.find_fault(form.seen.data or "")
    if fault:
        raise CostFaultError(fault)
    return cost.written_plan


def settle_changes(
    session: Session,
    campaign: Campaign,
    form: NamesForm,
    pack: Pack,
    units: Sequence[Unit],
) -> dict[str, Any]:
    """Return the changes of a campaign. Raise CostFaultError if they cannot be stored yet."""
    changes = form.read()
    if not isinstance(form, CampaignForm):
        return changes
    if not isinstance(form, CountingForm):
        _check_days(session, campaign, pack, changes["closes_on"])
        return changes
    if campaign.is_fixed(get_today()):
        # `change_campaign` refuses the changes if the plan is another one.
        changes["statistics"] = _keep_plan(campaign, changes["statistics"])
        _check_days(session, campaign, pack, changes["closes_on"])
        return changes

    people = count_people(units, form.cap.data)
    changes["statistics"] = settle_plan(session, form, pack, people, campaign.id)
    return changes


def find_anonymity(campaign: Campaign) -> str:
    """Return the word for the anonymity of a campaign."""
    pack = pack_of_attempt(campaign.content_hash)
    factor = multiply_factors(read_plan(campaign.statistics), pack)
    return name_anonymity(factor)


def choose_anonymity(campaign: Campaign) -> str:
    """Return the anonymity that the form shows as chosen.

    A campaign from before the budgets can be WEAK. HR cannot choose WEAK.
    """
    anonymity = find_anonymity(campaign)
    return anonymity if anonymity in BUDGETS else STRONG


def _read_wish(form: CountingForm, people: int | None) -> Wish:
    """Read a form that may have faults. Missing days are today."""
    first_day = form.opens_on.data or get_today()
    last_day = max(form.closes_on.data or first_day, first_day)
    anonymity = form.anonymity.data
    return Wish(
        names=tuple(form.statistics.data or ()),
        anonymity=anonymity if anonymity in BUDGETS else STRONG,
        threshold=form.threshold.data or MIN_THRESHOLD,
        days=(first_day, last_day),
        people=people,
    )


def _keep_plan(campaign: Campaign, names: Sequence[str]) -> str:
    """Return the stored plan if `names` are its figures. Otherwise, return another plan."""
    if set(read_plan(campaign.statistics)) == set(names):
        return campaign.statistics
    return write_plan(make_plan(names))


def _check_days(
    session: Session, campaign: Campaign, pack: Pack, closes_on: date
) -> None:
    """Raise CostFaultError if the yearly account has no room for a later last day."""
    if closes_on <= campaign.closes_on:
        return
    lock_account(session)
    factor = multiply_factors(read_plan(campaign.statistics), pack)
    year = find_year(session, (campaign.opens_on, closes_on), campaign.id)
    if factor > year.room:
        raise CostFaultError("year-overlap", "closes_on")
