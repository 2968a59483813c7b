"""The yearly account: the odds factors of all campaigns that count responses within a year.

A campaign takes its odds factor from the account when the campaign is stored. The factor stays in
the account for a year after the last day of the campaign, even if the campaign is deleted.

Who wants to take a factor first calls `lock_account`. Otherwise, two campaigns could take the same
room at the same time.
"""

from datetime import date
from fractions import Fraction

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from fitquiz.core.groups.counting import read_plan
from fitquiz.core.groups.factor_budgets import multiply_factors
from fitquiz.core.groups.yearly_account import YEAR, Charge, count_campaigns
from fitquiz.core.packs import Pack
from fitquiz.store.engine.upserts import insert_into, name_dialect
from fitquiz.store.tables.campaign_tables import CampaignFactorRow, CampaignRow

_LOCK_KEY = 7_305_815_220
"""The key of an advisory lock in PostgreSQL. The number is arbitrary, but must not change."""


def lock_account(session: Session) -> None:
    """Lock the account until the transaction ends.

    SQLite needs no lock, because SQLite allows only one write transaction at a time.
    """
    if name_dialect(session) == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(:key)")
        values = {"key": _LOCK_KEY}
        session.execute(lock, values)


def list_charges(
    session: Session, since: date, except_id: int | None = None
) -> list[Charge]:
    """Return what campaigns took from the account, if they are in the account on or after `since`.

    Leave out the campaign with the id `except_id`.
    """
    row = CampaignFactorRow
    query = (
        select(row.campaign_id, row.factor, row.first_day, row.last_day)
        .where(row.last_day > _subtract_year(since))
        .order_by(row.campaign_id)
    )
    charges = []
    for each in session.execute(query):
        if each.campaign_id != except_id:
            factor = Fraction(each.factor)
            charges.append(Charge(each.first_day, each.last_day, factor))
    return charges


def count_recent_campaigns(session: Session, today: date) -> int:
    """Return how many campaigns have counted responses in the year before `today`."""
    return count_campaigns(list_charges(session, today), today)


def take_factor(session: Session, campaign_id: int, pack: Pack) -> None:
    """Store what a campaign takes from the account, or change what the campaign has taken.

    The campaign is already stored. `pack` is the pack of the campaign. This function does not
    compare the factor with the room in the account.
    """
    row = CampaignRow
    query = select(row.statistics, row.opens_on, row.closes_on)
    campaign = session.execute(query.where(row.id == campaign_id)).one()
    taken = {
        "factor": str(multiply_factors(read_plan(campaign.statistics), pack)),
        "first_day": campaign.opens_on,
        "last_day": campaign.closes_on,
    }
    statement = insert_into(session, CampaignFactorRow)
    statement = statement.values(taken | {"campaign_id": campaign_id})
    session.execute(
        statement.on_conflict_do_update(index_elements=["campaign_id"], set_=taken)
    )


def end_charge(session: Session, campaign_id: int, last_day: date) -> None:
    """Note that a campaign counts no more responses after `last_day`."""
    row = CampaignFactorRow
    statement = update(row).where(
        row.campaign_id == campaign_id,
        row.first_day <= last_day,
        row.last_day > last_day,
    )
    session.execute(statement.values(last_day=last_day))


def give_back(session: Session, campaign_id: int) -> None:
    """Give the factor of a campaign back. Nothing of the campaign may have been published."""
    row = CampaignFactorRow
    session.execute(delete(row).where(row.campaign_id == campaign_id))


def _subtract_year(day: date) -> date:
    longest = day - date.min
    return day - min(YEAR, longest)
