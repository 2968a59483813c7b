"""Adds the table of the yearly account, and the column `moved` of published counts.

The campaigns so far are put into the account. Their earlier seals have noted no moves.

The factor of a stored campaign follows from its statistics and its pack. The factor of a deleted
campaign follows from its published counts.
"""

import json
from collections.abc import Iterable
from datetime import UTC, date
from fractions import Fraction
from math import prod

import sqlalchemy as sa
from alembic import op

from fitquiz.core.days import find_day
from fitquiz.core.groups.counting import STRONGEST, SUGGESTION, list_cells, read_plan
from fitquiz.core.pack_files.reading import read_pack
from fitquiz.store.tables.base import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ACCOUNT = sa.table(
    "campaign_factor",
    sa.column("campaign_id", sa.Integer),
    sa.column("factor", sa.Text),
    sa.column("first_day", sa.Date),
    sa.column("last_day", sa.Date),
)
_CAMPAIGN = sa.table(
    "campaign",
    sa.column("id", sa.Integer),
    sa.column("statistics", sa.String),
    sa.column("content_hash", sa.String),
    sa.column("opens_on", sa.Date),
    sa.column("closes_on", sa.Date),
    sa.column("closed_at", UtcDateTime),
)
_PACK = sa.table("pack", sa.column("content_hash"), sa.column("files", sa.Text))
_LEDGER = sa.table(
    "ledger",
    sa.column("campaign_id", sa.Integer),
    sa.column("period_from", sa.Date),
    sa.column("period_to", sa.Date),
)
_ROLLUP = sa.table(
    "ledger_rollup",
    sa.column("campaign_id", sa.Integer),
    sa.column("path", sa.Text),
    sa.column("statistic", sa.String),
    sa.column("cell", sa.String),
    sa.column("noise", sa.String),
)

_Cell = tuple[str, Fraction]
"""The name of the statistic of a cell, and the noise of the cell."""


def upgrade() -> None:
    """Create the table and the column, and store one row for each campaign."""
    op.create_table(
        "campaign_factor",
        sa.Column("campaign_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("factor", sa.Text, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False, index=True),
        sqlite_with_rowid=False,
    )
    op.add_column(
        "ledger_statistic",
        sa.Column("moved", sa.Integer, nullable=False, server_default="0"),
    )
    connection = op.get_bind()
    for rows in (_list_stored(connection), _list_deleted(connection)):
        if rows:
            op.bulk_insert(_ACCOUNT, rows)


def _list_stored(connection: sa.Connection) -> list[dict[str, object]]:
    packs = {}
    for row in connection.execute(sa.select(_PACK.c.content_hash, _PACK.c.files)):
        packs[row.content_hash] = row.files

    rows = []
    for each in connection.execute(sa.select(_CAMPAIGN)).mappings().all():
        pack = read_pack(json.loads(packs[each["content_hash"]]))
        cells = [
            (name, noise)
            for name, noise in read_plan(each["statistics"]).items()
            for _ in list_cells(name, pack)
        ]
        last_day = each["closes_on"]
        if each["closed_at"]:
            last_day = min(last_day, find_day(each["closed_at"], UTC))
        rows.append(_make_row(each["id"], cells, each["opens_on"], last_day))
    return rows


def _list_deleted(connection: sa.Connection) -> list[dict[str, object]]:
    stored = sa.select(_CAMPAIGN.c.id)
    periods = (
        sa.select(
            _LEDGER.c.campaign_id,
            sa.func.min(_LEDGER.c.period_from).label("first_day"),
            sa.func.max(_LEDGER.c.period_to).label("last_day"),
        )
        .where(_LEDGER.c.campaign_id.not_in(stored))
        .group_by(_LEDGER.c.campaign_id)
    )
    published = (
        sa.select(_ROLLUP.c.campaign_id, _ROLLUP.c.statistic, _ROLLUP.c.noise)
        .where(_ROLLUP.c.campaign_id.not_in(stored))
        .where(_ROLLUP.c.path == "[]", _ROLLUP.c.statistic != "answers")
    )
    cells: dict[int, list[_Cell]] = {}
    for each in connection.execute(published):
        noise = Fraction(each.noise)
        cells.setdefault(each.campaign_id, []).append((each.statistic, noise))

    rows = []
    for each in connection.execute(periods):
        of_campaign = cells.get(each.campaign_id, [])
        rows.append(
            _make_row(each.campaign_id, of_campaign, each.first_day, each.last_day)
        )
    return rows


def _make_row(
    campaign_id: int, cells: Iterable[_Cell], first_day: date, last_day: date
) -> dict[str, object]:
    """Return the row of a campaign. `cells` contains every cell that the campaign counts.

    One person changes at most two cells of SUGGESTION and of STRONGEST, and every other cell.
    """
    factors = []
    counted: dict[str, int] = {}
    for name, noise in cells:
        counted[name] = counted.get(name, 0) + 1
        if name not in (SUGGESTION, STRONGEST) or counted[name] <= 2:
            factors.append(1 / noise)
    return {
        "campaign_id": campaign_id,
        "factor": str(prod(factors, start=Fraction(1))),
        "first_day": first_day,
        "last_day": max(first_day, last_day),
    }
