"""Reads published sums and periods from the ledger.

HR's reports call these functions with a session from `hr_connection`.
"""

from collections.abc import Collection
from datetime import date
from fractions import Fraction

from sqlalchemy import ScalarSelect, or_, select
from sqlalchemy.orm import Session

from fitquiz.core.groups.percentages import Sum
from fitquiz.core.groups.reporting import ANSWERS, Figures
from fitquiz.core.groups.unit_lists import Path, read_path, write_path
from fitquiz.store.tables.ledger_tables import LedgerRollupRow, LedgerRow


def read_figures(session: Session, campaign_id: int, path: Path) -> dict[Path, Figures]:
    """Return the published sums of the unit `path`, and of each unit directly below this unit.

    The sums of each unit include all units below the unit. A unit without published sums is left
    out. The empty path means the whole campaign.
    """
    stored_path = write_path(path)
    rollup = LedgerRollupRow
    query = (
        select(
            rollup.path,
            rollup.statistic,
            rollup.cell,
            rollup.n,
            rollup.batches,
            rollup.count,
            rollup.noise,
        )
        .where(
            rollup.campaign_id == campaign_id,
            or_(rollup.path == stored_path, rollup.parent == stored_path),
        )
        .order_by(rollup.path, rollup.statistic, rollup.cell)
    )

    figures: dict[Path, dict[tuple[str, str], Sum]] = {}
    for row in session.execute(query).mappings():
        figures_of_unit = figures.setdefault(read_path(row["path"]), {})
        cell = (row["statistic"], row["cell"])
        figures_of_unit[cell] = Sum(
            row["n"],
            row["batches"],
            row["count"],
            Fraction(row["noise"]),
        )
    return dict(figures)


def list_published(session: Session, campaign_ids: Collection[int]) -> set[int]:
    """Return those of the `campaign_ids` that have published sums."""
    query = (
        select(LedgerRollupRow.campaign_id)
        .where(
            LedgerRollupRow.campaign_id.in_(campaign_ids),
            LedgerRollupRow.path == write_path(()),
        )
        .distinct()
    )
    return set(session.scalars(query))


def read_period(session: Session, campaign_id: int) -> tuple[date, date] | None:
    """Return the first and the last day that the published batches of a campaign cover.

    Return None if the campaign has no published batches.
    """
    query = (
        select(LedgerRow.period_from, LedgerRow.period_to)
        .where(LedgerRow.campaign_id == campaign_id)
        .limit(1)
    )

    # Batches are stored in the order of their periods. Therefore the lowest id belongs to
    # the first period, and the highest id belongs to the last period.
    oldest_first = query.order_by(LedgerRow.campaign_id, LedgerRow.id)
    newest_first = query.order_by(LedgerRow.campaign_id.desc(), LedgerRow.id.desc())
    first = session.execute(oldest_first).one_or_none()
    last = session.execute(newest_first).one_or_none()
    if first is None or last is None:
        return None
    return first.period_from, last.period_to


def read_published_answers(session: Session, campaign_id: int) -> dict[Path, int]:
    """Return the number of published responses of each unit, including all units below."""
    rollup = LedgerRollupRow
    query = select(rollup.path, rollup.n).where(
        rollup.campaign_id == campaign_id,
        rollup.statistic == ANSWERS,
    )
    answers = {}
    for row in session.execute(query):
        path = read_path(row.path)
        answers[path] = row.n
    return answers


def select_published(campaign_id: int) -> ScalarSelect[int]:
    """Return a subquery for the number of a campaign's published responses.

    The subquery returns NULL if the campaign has no published responses.
    """
    rollup = LedgerRollupRow
    return (
        select(rollup.__table__.c["count"])
        .where(
            rollup.campaign_id == campaign_id,
            rollup.path == write_path(()),
            rollup.statistic == ANSWERS,
        )
        .scalar_subquery()
    )
