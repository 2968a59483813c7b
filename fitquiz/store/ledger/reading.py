"""Reads published sums and periods from the ledger.

HR's reports call these functions with a session from `hr_connection`.
"""

from collections.abc import Collection
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from fitquiz.core.groups.counting import LEAN
from fitquiz.core.groups.percentages import Sum
from fitquiz.core.groups.reporting import ANSWERS, Figures, Overview
from fitquiz.core.groups.unit_lists import Path, read_path, write_path
from fitquiz.store.tables.ledger_tables import LedgerRollupRow, LedgerRow


def read_figures(session: Session, campaign_id: int, path: Path) -> dict[Path, Figures]:
    """Return the published sums of the unit `path`, and of each unit directly below this unit.

    The sums of each unit include all units below the unit. A unit without published sums is left
    out. The empty path means the whole campaign.
    """
    stored_path = write_path(path)
    rollup = LedgerRollupRow
    query = _select_sums(campaign_id).where(
        or_(rollup.path == stored_path, rollup.parent == stored_path)
    )
    return _read_sums(session, query)


def read_some_figures(
    session: Session,
    campaign_id: int,
    paths: Collection[Path],
    statistics: Collection[str] = (),
) -> dict[Path, Figures]:
    """Return the published sums of the units in `paths`. A unit without published sums is left out.

    If `statistics` is not empty, return only the sums of these statistics.
    """
    stored_paths = [write_path(path) for path in paths]
    query = _select_sums(campaign_id).where(LedgerRollupRow.path.in_(stored_paths))
    if statistics:
        query = query.where(LedgerRollupRow.statistic.in_(statistics))
    return _read_sums(session, query)


def read_overview(session: Session, campaign_id: int, above: Path) -> Overview:
    """Return the overview of the units directly below `above`."""
    rollup = LedgerRollupRow
    below = (
        rollup.campaign_id == campaign_id,
        rollup.parent == write_path(above),
    )
    uppers = [write_path(above[:depth]) for depth in range(len(above))]
    answers_query = select(
        func.count().label("shown_count"),
        func.coalesce(func.sum(rollup.n), 0).label("answers"),
        _sum_answers(campaign_id, "path", [write_path(())]),
        _sum_answers(campaign_id, "path", uppers),
        _sum_answers(campaign_id, "parent", uppers),
    ).where(*below, rollup.statistic == ANSWERS)
    numbers = session.execute(answers_query).one()
    shown_count, answers, all_answers, in_uppers, right_below = map(int, numbers)

    leans_query = _select_sums(campaign_id).where(*below, rollup.statistic == LEAN)
    leans = {}
    for path, _, _, n, batches, count, noise in session.execute(leans_query):
        leans[read_path(path)] = Sum(n, batches, count, _read_noise(noise))
    further_up = in_uppers - right_below
    return Overview(shown_count, answers, leans, all_answers, further_up)


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


def _sum_answers(campaign_id: int, column: str, paths: Collection[str]) -> Any:
    """Return a subquery for the number of published responses of the units in `paths`.

    `column` is "path". If `column` is "parent", the units directly below are added up instead.
    """
    other = aliased(LedgerRollupRow)
    query = select(func.coalesce(func.sum(other.n), 0)).where(
        other.campaign_id == campaign_id,
        other.statistic == ANSWERS,
        getattr(other, column).in_(paths),
    )
    return query.scalar_subquery()


def _select_sums(campaign_id: int) -> Select[*tuple[Any, ...]]:
    # The columns of the table are faster to read than the attributes of the class.
    column = LedgerRollupRow.__table__.c
    return (
        select(
            column.path,
            column.statistic,
            column.cell,
            column.n,
            column.batches,
            column["count"],
            column.noise,
        )
        .where(column.campaign_id == campaign_id)
        .order_by(column.path, column.statistic, column.cell)
    )


def _read_sums(
    session: Session, query: Select[*tuple[Any, ...]]
) -> dict[Path, Figures]:
    figures: dict[str, dict[tuple[str, str], Sum]] = {}
    for path, statistic, cell, n, batches, count, noise in session.execute(query):
        of_unit = figures.setdefault(path, {})
        of_unit[statistic, cell] = Sum(n, batches, count, _read_noise(noise))
    return {read_path(path): of_unit for path, of_unit in figures.items()}


# The cache saves time, because all units of a campaign have the same noise.
@lru_cache(1000)
def _read_noise(text: str) -> Fraction:
    return Fraction(text)
