"""What HR reads: published sums, on a connection that can see nothing else. See `ledger_access`."""

from collections.abc import Collection
from datetime import date
from fractions import Fraction

from sqlalchemy import ScalarSelect, or_, select
from sqlalchemy.orm import Session

from fitquiz.core.groups.reporting import Figures, Sum
from fitquiz.core.groups.units import Path, read_path, write_path
from fitquiz.store.tables.ledger_tables import ANSWERS, LedgerRollupRow, LedgerRow


def read_figures(session: Session, campaign_id: int, path: Path) -> dict[Path, Figures]:
    """Return the published sums of a unit, with all below it, and of each unit right below; none where nothing is."""
    here, row = write_path(path), LedgerRollupRow
    query = select(row.path, row.statistic, row.cell, row.n, row.batches, row.count, row.noise)
    near = query.where(row.campaign_id == campaign_id, or_(row.path == here, row.parent == here))
    figures: dict[Path, dict[tuple[str, str], Sum]] = {}
    for each in session.execute(near.order_by(row.path, row.statistic, row.cell)).mappings():
        found = Sum(each["n"], each["batches"], each["count"], Fraction(each["noise"]))
        figures.setdefault(read_path(each["path"]), {})[each["statistic"], each["cell"]] = found
    return dict(figures)


def list_published(session: Session, campaign_ids: Collection[int]) -> set[int]:
    """Return those of the campaigns of which anything is published."""
    whole = LedgerRollupRow.path == write_path(())
    query = select(LedgerRollupRow.campaign_id).where(
        LedgerRollupRow.campaign_id.in_(campaign_ids), whole
    )
    return set(session.scalars(query.distinct()))


def read_period(session: Session, campaign_id: int) -> tuple[date, date] | None:
    """Return the first and the last day of what is published of a campaign, or None if nothing is."""
    in_turn = (
        LedgerRow.campaign_id,
        LedgerRow.id,
    )  # Batches are written in the order of their periods.
    query = (
        select(LedgerRow.period_from, LedgerRow.period_to)
        .where(LedgerRow.campaign_id == campaign_id)
        .limit(1)
    )
    first = session.execute(query.order_by(*in_turn)).one_or_none()
    last = session.execute(query.order_by(*(each.desc() for each in in_turn))).one_or_none()
    return None if first is None or last is None else (first.period_from, last.period_to)


def select_published(campaign_id: int) -> ScalarSelect[int]:
    """Return a query for how many responses are published of a campaign; its sum is NULL where nothing is."""
    row = LedgerRollupRow
    whole = (row.campaign_id == campaign_id, row.path == write_path(()), row.statistic == ANSWERS)
    return select(row.__table__.c["count"]).where(*whole).scalar_subquery()
